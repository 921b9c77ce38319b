"""Carries whose leaves are in other orders, and independent leaves that share a loop."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Leaf, LoopCase, Step
from foricheck.strategies.limits import LoopLimits

__all__ = ["in_other_orders", "together"]

_CALLED: tuple[tuple[Bounds, tuple[Around, ...]], ...] = (
    (Bounds(lower=-1, trips=(6,)), ()),
    (Bounds(lower=-1, trips=(6, 0), given="traced"), (Around("jit"),)),
)
_LEAVES = (Leaf(shape=(2,)), Leaf("float32", (2,)), Leaf("int8", ()))
_ORDERS = ((0, 1, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
_AT_REST = Body(steps=(Step("double at", 0, 3), Step("affine", 1)))
_LARGE = Leaf(values="highest")


def in_other_orders(_: LoopLimits) -> Iterator[LoopCase]:
    """Three leaves in a tuple or a dict: each takes every position and precedes every other.

    The first one is constant until the fourth iteration.
    """
    for bounds, around in _CALLED:
        for container in ("tuple", "dict"):
            for order in _ORDERS:
                carry = Carry(container, tuple(_LEAVES[place] for place in order))
                body = Body(steps=(*_AT_REST.steps, Step("affine", 2)))
                yield LoopCase(bounds, carry, body, around=around)


def together(_: LoopLimits) -> Iterator[LoopCase]:
    """Integers beyond 2**24 beside floats, a leaf at rest beside one that changes, an empty one."""
    for bounds, around in _CALLED:
        for one, body in (
            (_LARGE, Body()),
            (Leaf(), _AT_REST),
            (Leaf("float32", (0, 2)), Body()),
        ):
            for leaves in ((one, Leaf("float32")), (Leaf("float32"), one), (Leaf("uint32"), one)):
                yield LoopCase(bounds, Carry("tuple", leaves), body, around=around)
