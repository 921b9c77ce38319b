"""Cases of callbacks that are rules of their own: JAX deviates in them."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Effect, LoopCase
from foricheck.strategies.limits import LoopLimits

__all__ = ["of_ended_lanes", "without_carry"]


def without_carry(_: LoopLimits) -> Iterator[LoopCase]:
    """A loop of nothing but an ordered callback, in a jitted function that a jitted one calls."""
    yield LoopCase(
        carry=Carry("empty", ()),
        body=Body(steps=(), effects=(Effect("ordered", "index"),)),
        bounds=Bounds(trips=(2,)),
        around=(Around("jit"), Around("jit")),
    )


def of_ended_lanes(_: LoopLimits) -> Iterator[LoopCase]:
    """A callback in a loop of mapped length, 1 and 3."""
    yield LoopCase(
        body=Body(effects=(Effect("debug", "index"),)),
        bounds=Bounds(trips=(1,), given="traced upper"),
        around=(Around("vmap", ("upper",), (0, 2)),),
    )
