"""What is called before a case, or beside it: calls that a loop must not confuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from foricheck.cases.loop_case import Body, LoopCase, Step
from foricheck.oracle.cases.outputs import Expected, expected

__all__ = ["Call", "calls", "expected_of"]


@dataclass(frozen=True)
class Call:
    """One call of a sequence.

    Attributes:
        case: what is called; calls of one case share a program, and so the body object.
        trips: which of its trip counts.
        salt: another one is a call with other values.
        raises: whether the body raises instead.
    """

    case: LoopCase
    trips: int
    salt: int = 0
    raises: bool = False


def calls(case: LoopCase) -> tuple[Call, ...]:
    """The calls of a case in order; those before it come first."""
    alone = tuple(Call(case, trips) for trips in case.bounds.trips)
    first = alone[0]
    match case.history:
        case "twice":
            return (first, *alone)
        case "two threads":
            return (replace(first, case=_with_constant(case, 1)), first)
        case "look-alike":
            return (replace(first, case=_with_constant(case, 1)), *alone)
        case "four bodies":
            others = (replace(first, case=_with_constant(case, n)) for n in (1, 2, 3))
            return (*alone, *others, first)
        case "after a raise":
            return (replace(first, raises=True), *alone)
        case "other trips":
            return (_with_other_trips(case), *alone)
        case "other values" | "written to":
            return (replace(first, salt=1), *alone)
        case "other dtype":
            return (replace(first, case=_with_other_dtypes(case)), *alone)
        case "other shape":
            return (replace(first, case=_with_leaves(case, shape=(5,))), *alone)
        case "other given":
            given = "python" if case.carry.leaves[0].given == "array" else "array"
            return (replace(first, case=_with_leaves(case, given=given)), *alone)
        case "other unroll":
            unroll = 2 if case.unroll != 2 else 3
            return (replace(first, case=replace(case, unroll=unroll)), *alone)
        case _:
            return alone


def expected_of(case: LoopCase) -> list[Expected]:
    """What the calls of a case must give, but for those that raise on purpose."""
    made = (call for call in calls(case) if not call.raises)
    return [expected(call.case, call.trips, call.salt) for call in made]


def _with_constant(case: LoopCase, more: int) -> LoopCase:
    body = case.body
    return replace(case, body=replace(body, constant=body.constant + more))


def _with_other_trips(case: LoopCase) -> Call:
    """One trip more; or one less, where there is no room above."""
    trips = case.bounds.trips[0]
    other = trips - 1 if trips > 1 else trips + 1
    changed = replace(case, bounds=replace(case.bounds, trips=(other,)))
    return Call(changed, other)


def _with_leaves(case: LoopCase, **changes: Any) -> LoopCase:
    leaves = tuple(replace(leaf, **changes) for leaf in case.carry.leaves)
    return replace(case, carry=replace(case.carry, leaves=leaves))


def _with_other_dtypes(case: LoopCase) -> LoopCase:
    """The same number of leaves, all of one dtype that none of them had."""
    dtype = "float32" if any(leaf.dtype == "int32" for leaf in case.carry.leaves) else "int32"
    leaves = tuple(
        replace(leaf, dtype=dtype, values="zero" if leaf.values == "zero" else "small")
        for leaf in case.carry.leaves
    )
    simple = {step.op for step in case.body.steps} <= {"affine", "double"} and not case.body.moves
    body = case.body if simple else Body(steps=(Step("affine"),), form=case.body.form)
    return replace(case, carry=replace(case.carry, leaves=leaves), body=body)
