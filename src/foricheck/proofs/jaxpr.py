"""Read the While of a loop from a jaxpr, as conditions and numbers in lower, upper and the trip.

The jaxpr is that of ``lambda lower, upper, c: fori_loop(lower, upper, lambda i, c: i, c)``, or of a
function of ``c`` alone if the bounds are static: the carry is the index of the last iteration. It
is evaluated symbolically, and a scan is read as a While that counts its trips. An unsupported value
is None, and so is every value computed from it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from foricheck.proofs.affine import Affine, Condition, Joined, Number, compared, negation

__all__ = ["While", "read"]

_CALLS = ("jit", "pjit", "closed_call", "core_call", "checkpoint", "remat2", "custom_jvp_call")
_COPIES = ("copy", "copy_p", "optimization_barrier", "stop_gradient", "pvary")


@dataclass(frozen=True)
class While:
    """A While, at trip ``k`` from 0.

    Attributes:
        condition: holds if trip ``k`` runs, in terms of ``lower``, ``upper`` and ``k``.
        index: the index passed to the body, in the same terms.
    """

    condition: Condition
    index: Affine


Value = Number | Affine | Joined | While | Literal["init"] | None
"""A number, a condition, the result of a While, the initial carry, or None if unsupported."""


def read(closed: Any) -> While | None:
    """The While that computes the result, or None if anything it depends on is unsupported.

    Args:
        closed: a closed jaxpr with one result.
    """
    traced = ("lower", "upper")[: len(closed.jaxpr.invars) - 1]
    bounds = [Number.of(Affine.symbol(name)) for name in traced]
    found = _outputs(closed, [*bounds, "init"])[0]
    return found if isinstance(found, While) else None


def _outputs(closed: Any, arguments: Sequence[Value]) -> list[Value]:
    """The results of a jaxpr for these arguments."""
    jaxpr = getattr(closed, "jaxpr", closed)  # an open jaxpr has no constants
    constants = map(_constant, getattr(closed, "consts", ()))
    known = dict(zip(jaxpr.constvars, constants, strict=True))
    known |= zip(jaxpr.invars, arguments, strict=True)

    def value(atom: Any) -> Value:
        return _constant(atom.val) if hasattr(atom, "val") else known[atom]

    for equation in jaxpr.eqns:
        results = _results(equation, [value(atom) for atom in equation.invars])
        known |= zip(equation.outvars, results, strict=True)
    return [value(atom) for atom in jaxpr.outvars]


def _results(equation: Any, values: list[Value]) -> Sequence[Value]:
    name, parameters = equation.primitive.name, equation.params
    if name == "while":
        return _after_while(parameters, values, [atom.aval for atom in equation.invars])
    if name == "scan":
        return _after_scan(equation, values)
    if name in _CALLS:
        return _outputs(parameters.get("jaxpr") or parameters["call_jaxpr"], values)
    if name in _COPIES or (name == "convert_element_type" and _is_lossless(equation)):
        return values
    if len(equation.outvars) == 1:
        wraps = equation.outvars[0].aval.dtype.kind == "u"
        return [_result(name, values, wraps=wraps)]
    return [None] * len(equation.outvars)


def _result(name: str, values: list[Value], *, wraps: bool) -> Value:
    """The result of an operation on scalars; ``wraps`` if its dtype is unsigned."""
    match name, values:
        case "add", [Number() as one, Number() as other]:
            return one + other
        case "sub", [Number() as one, Number() as other] if not wraps:
            return one + -other
        case "neg", [Number() as one] if not wraps:
            return -one
        case "max" | "min", [Number() as one, Number() as other]:
            return one.or_else(name, other)
        case _, [Number() as one, Number() as other]:
            return compared(name, one, other)
        case "not", [Affine() | Joined() as condition]:
            return negation(condition)
        case "and" | "or", [Affine() | Joined() as one, Affine() | Joined() as other]:
            return Joined("all" if name == "and" else "any", (one, other))
    return None


def _after_while(parameters: Any, values: list[Value], types: list[Any]) -> list[Value]:
    """The results of a While: unchanged values, and a `While` for the carry that starts as init."""
    split = parameters["cond_nconsts"], parameters["cond_nconsts"] + parameters["body_nconsts"]
    conditional, constant, start = values[: split[0]], values[slice(*split)], values[split[1] :]
    states = _states(parameters["body_jaxpr"], constant, start, types[split[1] :])
    condition = _outputs(parameters["cond_jaxpr"], [*conditional, *states])[0]
    after = _outputs(parameters["body_jaxpr"], [*constant, *states])
    return _final(condition, start, states, after)


def _after_scan(equation: Any, values: list[Value]) -> list[Value]:
    """The results of a scan, read as a While with a constant trip count.

    Scanned inputs and stacked outputs are those with an extra leading axis outside the body; their
    values are not tracked.
    """
    body, length = equation.params["jaxpr"], equation.params["length"]
    kinds = [atom.aval for atom in equation.invars]
    elements = sum(
        one.shape != other.shape for one, other in zip(kinds, body.in_avals, strict=True)
    )
    stacked = sum(
        atom.aval.shape != other.shape
        for atom, other in zip(equation.outvars, body.out_avals, strict=True)
    )
    end = len(kinds) - elements
    first = end - (len(equation.outvars) - stacked)
    constant, start, unread = values[:first], values[first:end], [None] * elements
    states = _states(body, constant, start, kinds[first:end], unread)
    condition = compared("lt", Number.of(Affine.symbol("k")), Number.of(length))
    after = _outputs(body, [*constant, *states, *unread])
    return [*_final(condition, start, states, after), *[None] * stacked]


def _final(
    condition: Value, start: list[Value], states: list[Value], after: list[Value]
) -> list[Value]:
    """The final value of each part of the state."""

    def final(before: Value, state: Value, now: Value) -> Value:
        if before == "init" and isinstance(condition, Affine | Joined) and isinstance(now, Number):
            return While(condition, now.single) if now.single else None
        return state if state == before else None

    return list(map(final, start, states, after))


def _states(
    body: Any,
    constant: list[Value],
    start: list[Value],
    types: list[Any],
    unread: Sequence[Value] = (),
) -> list[Value]:
    """The state of a While at trip ``k``, for parts to which each trip adds a constant."""
    names = [f"s{next(_fresh)}" for _ in start]
    symbols = [
        Number.of(Affine.symbol(name)) if _is_integer(kind) else None
        for name, kind in zip(names, types, strict=True)
    ]
    after = _outputs(body, [*constant, *symbols, *unread])
    return list(map(_at_trip, start, symbols, after))


_fresh = itertools.count()


def _at_trip(start: Value, symbol: Number | None, after: Value) -> Value:
    if not (isinstance(start, Number) and symbol and isinstance(after, Number)):
        return None
    step = after + -symbol
    if step is None or step.single is None or step.single.multiples:
        return None
    return start + Number.of(Affine.symbol("k") * step.single.constant)


def _constant(value: Any) -> Value:
    """An integer constant, unless it is unsigned and so large that it stands for a negative."""
    if np.ndim(value) or (dtype := np.result_type(value)).kind not in "iu":
        return None
    half = np.iinfo(dtype).max // 2
    return None if dtype.kind == "u" and value > half else Number.of(int(value))


def _is_integer(kind: Any) -> bool:
    return kind.shape == () and kind.dtype.kind in "iu"


def _is_lossless(equation: Any) -> bool:
    before, after = (side[0].aval for side in (equation.invars, equation.outvars))
    integers = _is_integer(before) and _is_integer(after)
    return integers and np.can_cast(before.dtype, after.dtype)
