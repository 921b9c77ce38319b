"""Loops under a context in which JAX has 64-bit types."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Leaf, LoopCase, Step
from foricheck.strategies.limits import LoopLimits

__all__ = ["wide"]

_INTEGER, _FLOAT = (Carry("leaf", (Leaf(dtype, ()),)) for dtype in ("int64", "float64"))
_JIT = (Around("jit"),)


def wide(_: LoopLimits) -> Iterator[LoopCase]:
    """Ranges and carries that need 64 bits, with static bounds and with traced ones."""
    for bounds, carry, body, around in (
        (Bounds("int64", 2**40), _INTEGER, Body(), ()),
        (Bounds("int64", -(2**35), (4,), "numpy"), _INTEGER, Body(), ()),
        (Bounds("int64", trips=(40,)), _INTEGER, Body(), ()),
        (Bounds("int64", trips=(5,)), _FLOAT, Body(steps=(Step("grown"),)), ()),
        (Bounds("int64", 2**40, (3, 0), "traced"), _INTEGER, Body(), _JIT),
        (Bounds("int64", 2**40, (3, 0), "traced upper"), _INTEGER, Body(), _JIT),
    ):
        yield LoopCase(bounds, carry, body, around=around, context="64 bits")
