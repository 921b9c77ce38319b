"""From a case that fails to simpler ones: parts reset to neutral, the boldest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from foricheck.cases.containers import CONTAINERS
from foricheck.cases.loop_case import Body, Bounds, Carry, LoopCase, Step

__all__ = ["simpler"]

_NEUTRAL = LoopCase()


def simpler(case: LoopCase) -> Iterator[LoopCase]:
    """Cases that differ in one part, which is neutral or smaller there; all of them are sound."""
    for name in ("history", "unroll", "style", "context", "carry", "body", "bounds"):
        yield from _reset(case, name)
    yield from (replace(case, around=around) for around in _fewer(case.around))
    yield from (replace(case, bounds=bounds) for bounds in _shorter(case.bounds))
    yield from (replace(case, body=body) for body in _plainer(case.body))
    yield from (replace(case, carry=carry, body=_without_moves(case)) for carry in _smaller(case))


def _reset(case: LoopCase, name: str) -> Iterator[LoopCase]:
    """The case with one part neutral, where the others do not depend on it."""
    if getattr(case, name) == getattr(_NEUTRAL, name):
        return
    if name == "bounds" and case.bounds.traced:
        return
    made = replace(case, **{name: getattr(_NEUTRAL, name)})
    yield replace(made, body=_without_moves(made)) if name == "carry" else made


def _fewer(around: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """What is around without one of its parts, if that does not map over a bound."""
    for place, each in enumerate(around):
        if not {"lower", "upper"} & set(each.over):
            yield around[:place] + around[place + 1 :]


def _shorter(bounds: Bounds) -> Iterator[Bounds]:
    if len(bounds.trips) > 1:
        yield from (replace(bounds, trips=(trips,)) for trips in bounds.trips)
    smaller = {trips for trips in (0, 1, 2, 3, bounds.trips[0] // 2) if trips < bounds.trips[0]}
    yield from (replace(bounds, trips=(trips,)) for trips in sorted(smaller))
    if bounds.lower:
        yield replace(bounds, lower=0)


def _plainer(body: Body) -> Iterator[Body]:
    neutral = Body()
    for field in fields(Body):
        if getattr(body, field.name) != getattr(neutral, field.name):
            yield replace(body, **{field.name: getattr(neutral, field.name)})
    for place in range(len(body.steps)):
        yield replace(body, steps=body.steps[:place] + body.steps[place + 1 :])


def _smaller(case: LoopCase) -> Iterator[Carry]:
    """The carry in a tuple, with fewer leaves, and with plainer ones."""
    carry = case.carry
    if carry.container != "tuple" and carry.leaves:
        yield replace(carry, container="tuple")
    if carry.shared:
        yield replace(carry, shared=False)
    if CONTAINERS[carry.container][0] == 0 and len(carry.leaves) > 1:
        half = len(carry.leaves) // 2
        yield from (
            replace(carry, leaves=part) for part in (carry.leaves[:half], carry.leaves[half:])
        )
    for name, neutral in (
        ("given", "array"),
        ("values", "small"),
        ("shape", (3,)),
        ("dtype", "int32"),
    ):
        leaves = tuple(replace(leaf, **{name: neutral}) for leaf in carry.leaves)  # type: ignore[arg-type]
        if leaves != carry.leaves:
            yield replace(carry, leaves=leaves)


def _without_moves(case: LoopCase) -> Body:
    """The body with nothing that names a leaf."""
    steps = tuple(step for step in case.body.steps if step.leaf < 0 and step.op != "mix")
    return replace(case.body, moves=(), steps=steps or (Step("affine"),))
