"""What a body does to leaves with derivatives: the instructions in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from foricheck.oracle.cases.constants import HALF, TABLE, Q
from foricheck.oracle.cases.elements import (
    axes_turned,
    broadcast,
    gathered,
    multiplied,
    summed,
    turned,
    windowed,
    wrapped,
)
from foricheck.oracle.cases.jets import Jet, constant
from foricheck.oracle.cases.values import is_float, is_integer, kept_in, rounded
from foricheck.oracle.threefry import fold_in, key, random_bits

if TYPE_CHECKING:
    from foricheck.cases.loop_case import Body, Effect, Step

__all__ = ["Event", "Scope", "iterate"]

_WORD = np.uint32(2654435761)

Event = tuple[Any, ...]
"""What a callback was given: its place among the effects, and its operands.

An operand is None where its roundings may be in another order.
"""


@dataclass(frozen=True)
class Scope:
    """What a body sees beside its arguments.

    Attributes:
        closure: the array of three.
        initial: the leaves that the loop started with.
        constant: the constant of the body.
        stores: whether each iteration leaves its carry in memory, as one that is not unrolled does.
    """

    closure: Jet
    initial: tuple[Jet, ...]
    constant: int
    stores: bool = True


def iterate(body: Body, scope: Scope, i: int, leaves: Sequence[Jet], log: list[Event]) -> list[Jet]:
    """The leaves after one iteration."""
    new = list(leaves)
    for step in body.steps:
        for place in range(len(new)) if step.leaf < 0 else [step.leaf]:
            new[place] = _changed(step, scope, i, new, place)
    log += [_event(n, effect, i, new) for n, effect in enumerate(body.effects)]
    moved = [new[source] if source >= 0 else leaves[-1 - source] for source in body.moves] or new
    return [leaf.stored() for leaf in moved] if scope.stores else moved


def _event(n: int, effect: Effect, i: int, new: Sequence[Jet]) -> Event:
    match effect.operands:
        case "none":
            return (n,)
        case "index":
            return (n, i)
        case _:
            return (n, i, _shown(new[0]) if new else 0.0)


def _shown(jet: Jet) -> float | None:
    flat = jet.value.reshape(-1)
    if not len(flat):
        return 0.0
    is_exact = jet.doubt is None or jet.doubt.reshape(-1)[0] == 0
    return float(np.float32(np.real(flat[0]))) if is_exact else None


def _int32(i: int) -> int:
    return (i + 2**31) % 2**32 - 2**31


def _changed(step: Step, scope: Scope, i: int, new: Sequence[Jet], place: int) -> Jet:
    x = new[place]
    if step.op == "mix":
        return _mixed(x, new[step.number])
    if step.op == "draw":
        return _drawn(x, new[step.number])
    scope = replace(scope, constant=scope.constant + place % 4)
    if step.op == "pyramid":
        return _pyramid(i, x)
    if step.op in ("nested", "twice nested", "triangle"):
        return _looped(step, scope, i, x)
    if step.op == "random":
        return _with_random(i, x)
    if step.op == "initial":
        return x if x.dtype in ("bool", "key") else x.plus(scope.initial[place])
    return _CHANGES[step.op](x, _int32(i), step.number, scope, i)


def _affine(x: Jet, j: int, _: int, scope: Scope, i: int) -> Jet:
    kind, m = kept_in(x.dtype).kind, scope.constant
    if x.dtype == "key":
        word = np.uint32((j + m) % 2**32)
        return constant(x.value * _WORD + word, "key")
    if kind == "b":
        return constant(x.value ^ ((j + m) % 2 == 1), "bool")
    if kind in "iu":
        return constant(wrapped(x.value.astype(object) * 3 + i + m, x.dtype), x.dtype)
    added = (j % 8) * Q + m * 0.5
    plain = x.dtype in ("float32", "float64") and len(x.terms) == len(scope.closure.terms) == 1
    if plain:
        factor = rounded(scope.closure.value[j % 3], x.dtype)
        return constant(rounded(x.value * factor + added, x.dtype), x.dtype)
    k = _of_closure(scope, j, x.dtype)
    return k.minus(x).plus(added) if kind == "c" else x.times(k).plus(added)


def _mixed(x: Jet, other: Jet) -> Jet:
    if x.dtype == "key":
        return x
    return constant(x.value ^ other.value, "bool") if x.dtype == "bool" else x.plus(other)


def _drawn(x: Jet, key: Jet) -> Jet:
    if not is_integer(x.dtype):
        return x
    bits = int(random_bits(key.value, ()))
    return constant(wrapped(x.value.astype(object) * 31 + bits, x.dtype), x.dtype)


def _folded(x: Jet, number: int) -> Jet:
    alone = x.dtype == "key" and x.rank == 1
    return constant(fold_in(x.value, number % 2**32), "key") if alone else x


def _of_closure(scope: Scope, j: int, dtype: str) -> Jet:
    return scope.closure.at(j % 3).cast(dtype)


def _bump(x: Jet, by: int = 1) -> Jet:
    if x.dtype == "key":
        return x
    if x.dtype == "bool":
        return constant(x.value ^ (by % 2 == 1), "bool")
    for _ in range(by):
        x = x.plus(1)
    return x


def _double(x: Jet) -> Jet:
    if x.dtype == "key":
        return x
    return constant(~x.value, "bool") if x.dtype == "bool" else x.plus(x)


def _negate(x: Jet) -> Jet:
    if x.dtype == "key":
        return x
    return x.negated() if is_float(x.dtype) else constant(_inverted(x), x.dtype)


def _inverted(x: Jet) -> Any:
    return 15 - x.value if x.dtype == "uint4" else ~x.value


def _square(x: Jet) -> Jet:
    return x.times(x) if is_float(x.dtype) else x


def _transposed(x: Jet) -> Jet:
    if x.dtype == "key" or len(set(x.shape)) != 1:
        return _bump(x)
    return _bump(x.linear(lambda term: axes_turned(term, x.rank)))


def _added(x: Jet, number: float) -> Jet:
    if x.dtype in ("bool", "key"):
        return x
    return x.plus(number) if is_float(x.dtype) else x.plus(wrapped(np.array(int(number)), x.dtype))


def _filled(x: Jet, number: int) -> Jet:
    if x.dtype == "key":
        return x
    if is_integer(x.dtype):
        return constant(wrapped(np.full(x.shape, number), x.dtype), x.dtype)
    filled = np.full(x.shape, bool(number % 2) if x.dtype == "bool" else number)
    return constant(filled.astype(kept_in(x.dtype)), x.dtype)


def _with_random(i: int, x: Jet) -> Jet:
    if not is_integer(x.dtype):
        return x
    return x.plus(wrapped(np.array(_random_number(i % 2**32)), x.dtype))


@cache
def _random_number(i: int) -> int:
    return int(random_bits(fold_in(key(5), i), ())) % 16


def _looped(step: Step, scope: Scope, i: int, x: Jet) -> Jet:
    match step.op:
        case "triangle":
            indices = [i, i + 1, i + 2]
        case "twice nested":
            indices = [0, 1, 2, 0, 1, 2]
        case _:
            indices = [index for _ in range(2 ** max(step.number - 1, 0)) for index in range(3)]
    for index in indices:
        x = _affine(x, _int32(index), 0, scope, index)
    return x


def _pyramid(i: int, x: Jet) -> Jet:
    if not is_integer(x.dtype):
        return x
    start: Any = x.value.astype(object)
    outer = start
    for j in range(i):
        before = outer
        for k in range(j, i):
            outer = outer * 5 + (start - before) * k + 9 * i + j
    return constant(wrapped(outer, x.dtype), x.dtype)


_Change = Callable[[Jet, int, int, Scope, int], Jet]

_CHANGES: dict[str, _Change] = {
    "affine": _affine,
    "counted": _affine,
    "double": lambda x, *_: _double(x),
    "bump": lambda x, *_: _bump(x),
    "negate": lambda x, *_: _negate(x),
    "scaled": lambda x, j, _n, scope, _i: (
        x.times(_of_closure(scope, j, x.dtype)) if kept_in(x.dtype).kind == "f" else x
    ),
    "square at": lambda x, _j, n, _s, i: _square(x) if i == n else x,
    "cond square": lambda x, _j, n, _s, i: _square(x) if i == n else x,
    "double at": lambda x, _j, n, _s, i: _double(x) if i == n else x,
    "cond": lambda x, j, *_: x if j % 3 == 0 else _bump(x),
    "guarded": lambda x, *_: _double(x) if kept_in(x.dtype).kind == "f" else x,
    "switch": lambda x, j, *_: _bump(x, j % 3),
    "while": lambda x, j, *_: _bump(x, j % 8),
    "scan": lambda x, *_: _bump(x, 3),
    "gather": lambda x, j, *_: gathered(x, j),
    "reverse": lambda x, *_: (
        x.at(np.arange(x.shape[0])[::-1]) if x.rank and x.dtype != "key" else x
    ),
    "window": lambda x, j, *_: windowed(x, j),
    "transpose": lambda x, *_: _transposed(x),
    "turned": lambda x, *_: turned(x),
    "matrix": lambda x, *_: multiplied(x),
    "reduce": lambda x, *_: summed(x),
    "half": lambda x, j, *_: _added(x, HALF[j % 3]),
    "table": lambda x, j, *_: _added(x, TABLE[j % 7]),
    "custom": lambda x, *_: _custom(x),
    "stopped": lambda x, *_: x.plus(x.with_derivatives_times(0)) if is_float(x.dtype) else x,
    "constant": lambda x, j, *_: _filled(x, j % 8),
    "split": lambda x, *_: _folded(x, 0),
    "fold": lambda x, _j, _n, _s, i: _folded(x, i),
    "index": lambda x, _j, _n, _s, i: _filled(x, i),
    "one": lambda x, *_: _filled(x, 1),
    "tenth": lambda x, *_: x.plus(_near(0.1, x)) if kept_in(x.dtype).kind == "f" else x,
    "grown": lambda x, *_: x.times(float(_near(1.1, x))) if kept_in(x.dtype).kind == "f" else x,
    "tripled": lambda x, *_: x.times(3),
    "broadcast": lambda x, *_: broadcast(x),
    "narrow": lambda x, *_: x.cast("bfloat16").cast(x.dtype) if kept_in(x.dtype).kind == "f" else x,
}


def _near(number: float, x: Jet) -> Any:
    return rounded(np.array(np.float32(number)), x.dtype)


def _custom(x: Jet) -> Jet:
    if not is_float(x.dtype):
        return x
    return x.negated().with_derivatives_times(-1)
