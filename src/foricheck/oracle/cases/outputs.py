"""What a case must give: the documented loop, in Python over NumPy, lane by lane."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foricheck.oracle.cases.bodies import Event, Scope, iterate
from foricheck.oracle.cases.derivatives import pulled, pushed
from foricheck.oracle.cases.inputs import MAPPING, bound_array, closure_array, leaf_array, mapping
from foricheck.oracle.cases.jets import Jet, constant
from foricheck.oracle.cases.levels import stacked
from foricheck.oracle.cases.powers import is_affine, jumped

if TYPE_CHECKING:
    from foricheck.cases.loop_case import Around, LoopCase

__all__ = ["Expected", "expected", "is_exact"]

Array = NDArray[Any]
Inputs = Mapping[str, Any]
Function = Callable[[Inputs], Any]
Make = Callable[[int], Function]

_LONG = 4000
"""Longer loops of integers are not run, but computed by repeated squaring."""


@dataclass(frozen=True)
class Expected:
    """What a call of a case must give.

    Attributes:
        output: nested dicts and lists, with `Jet` at the leaves; a carry is a list under the key
            ``carry``.
        events: what its callbacks are given, in order.
    """

    output: Any
    events: list[Event] = field(default_factory=list)


@lru_cache(maxsize=512)
def expected(case: LoopCase, trips: int, salt: int = 0) -> Expected:
    """What one call of a case gives, whatever was called before.

    Args:
        case: the case.
        trips: which of its trip counts.
        salt: another one is a call with other values.
    """
    log: list[Event] = []
    make: Make = lambda m: lambda inputs: {"carry": _loop(case, inputs, m, log)}  # noqa: E731
    for depth, around in reversed(list(enumerate(case.around))):
        make = _wrapped(around, depth + 1, make)
    with np.errstate(all="ignore"):  # what overflows or is no number is a value like another
        return Expected(make(case.body.constant)(_inputs(case, trips, salt)), log)


def is_exact(call: Expected) -> bool:
    """Whether no derivative and no operand of a callback was rounded on the way."""
    operands = (operand for event in call.events for operand in event)
    derivatives = (jet.rounded_derivative for jet in _leaves(call.output))
    return not any(derivatives) and all(operand is not None for operand in operands)


def _leaves(output: Any) -> Iterator[Jet]:
    if isinstance(output, Jet):
        yield output
    else:
        for part in output.values() if isinstance(output, dict) else output:
            yield from _leaves(part)


def _inputs(case: LoopCase, trips: int, salt: int) -> Inputs:
    leaves = [
        constant(leaf_array(case, place, salt), leaf.dtype)
        for place, leaf in enumerate(case.carry.leaves)
    ]
    return {
        "carry": leaves,
        "closure": constant(closure_array(case, salt), case.body.closure),
        "lower": bound_array(case, "lower", trips),
        "upper": bound_array(case, "upper", trips),
        "spare": np.zeros([len(each.lanes) for each in mapping(case, "spare")]),
    }


def _loop(case: LoopCase, inputs: Inputs, m: int, log: list[Event]) -> list[Jet]:
    leaves, lower, upper = list(inputs["carry"]), int(inputs["lower"]), int(inputs["upper"])
    scope = Scope(inputs["closure"], tuple(leaves), m, case.is_rolled)
    if upper - lower > _LONG and is_affine(case):
        return [jumped(leaf, lower, upper, m + n % 4) for n, leaf in enumerate(leaves)]
    for i in range(lower, upper):
        leaves = iterate(case.body, scope, i, leaves, log)
    return leaves


def _wrapped(around: Around, level: int, make: Make) -> Make:
    match around.name:
        case name if name in MAPPING:
            one_lane = around.name == "vmap out none"
            return lambda m: lambda inputs: _lanes(around.over, make(m), inputs, one_lane)
        case "jvp" | "linearize":
            return lambda m: lambda inputs: pushed(around, level, make(m), inputs)
        case "vjp":
            return lambda m: lambda inputs: pulled(around, level, make(m), inputs)
        case "together":
            return lambda m: (
                lambda inputs: {"first": make(m)(inputs), "second": make(m + 1)(inputs)}
            )
        case "abstract":
            return lambda m: lambda inputs: _without_running(make(m), inputs)
        case "chained":
            return lambda m: lambda inputs: make(m + 1)({**inputs, **make(m)(inputs)})
        case _:
            return make


def _without_running(function: Function, inputs: Inputs) -> Any:
    """Zeros of the shapes that the function gives: no trip changes a shape."""
    output = _zeros(function({**inputs, "upper": inputs["lower"]}))
    return {"first": output, "second": output}


def _zeros(output: Any) -> Any:
    match output:
        case Jet():
            return constant(np.zeros_like(output.value), output.dtype)
        case dict():
            return {key: _zeros(part) for key, part in output.items()}
        case _:
            return [_zeros(part) for part in output]


def _lanes(over: tuple[str, ...], function: Function, inputs: Inputs, one_lane: bool) -> Any:
    size = 1 if one_lane else _size(inputs[over[0]])
    outputs = [
        function({name: _lane(part, n) if name in over else part for name, part in inputs.items()})
        for n in range(size)
    ]
    return outputs[0] if one_lane else _side_by_side(outputs)


def _size(part: Any) -> int:
    array = part[0].value if isinstance(part, list) else getattr(part, "value", part)
    return int(array.shape[0])


def _lane(part: Any, n: int) -> Any:
    if isinstance(part, list):
        return [_lane(leaf, n) for leaf in part]
    return part.at(n) if isinstance(part, Jet) else part[n]


def _side_by_side(outputs: list[Any]) -> Any:
    match outputs[0]:
        case dict():
            return {key: _side_by_side([output[key] for output in outputs]) for key in outputs[0]}
        case list():
            return [_side_by_side(list(leaves)) for leaves in zip(*outputs, strict=True)]
        case _:
            return stacked(outputs)
