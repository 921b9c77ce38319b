"""Loops whose traces, callbacks and programs are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Effect, Leaf, LoopCase, Step
from foricheck.strategies.limits import LoopLimits

__all__ = ["bounds_in_turn", "closures", "counters", "effects", "fresh_bodies", "nests"]
__all__ += ["of_any_length", "static_counters", "static_programs", "temporaries"]
__all__ += ["traced_programs", "trip_counts", "without_effects"]

_JIT = (Around("jit"),)
_SMALL = Carry("leaf", (Leaf(shape=(2,)),))
_CALLED = (("python", ()), ("python", _JIT), ("traced", _JIT))
_INDEX = Body(steps=(Step("index"),))


def _of(trips: tuple[int, ...], given: str = "python", lower: int = 0) -> LoopCase:
    return LoopCase(Bounds("int32", lower, trips, given), _SMALL)


def trip_counts(_: LoopLimits) -> Iterator[LoopCase]:
    """1, 3 and 2000 trips."""
    for given, around in _CALLED:
        yield replace(_of((1, 3, 2000), given), around=around)


def fresh_bodies(_: LoopLimits) -> Iterator[LoopCase]:
    """Three trips, and none."""
    for given, around in _CALLED:
        yield replace(_of((3, -3, 0), given, 2), around=around)


def bounds_in_turn(_: LoopLimits) -> Iterator[LoopCase]:
    """Several ranges: empty, negative, long, and at the end of int32."""
    yield replace(_of((3, 6, 0, -18, 5002), "traced", -2), around=_JIT)
    yield replace(_of((2, 0, 1), "traced", 2**31 - 3), around=_JIT)


def closures(_: LoopLimits) -> Iterator[LoopCase]:
    """A body that closes over an array and the initial carry; four bodies of one code."""
    carry = Carry("leaf", (Leaf("float32"),))
    body = Body(steps=(Step("affine"), Step("initial")))
    for given in ("python", "traced"):
        for history in ("once", "four bodies"):
            yield LoopCase(Bounds(lower=2, given=given), carry, body, around=_JIT, history=history)


def nests(_: LoopLimits) -> Iterator[LoopCase]:
    """Three nested loops and four, whose bounds are static or indices of the outer loops."""
    for given, around in (("python", ()), ("traced", _JIT)):
        for step in (Step("nested", number=2), Step("pyramid"), Step("nested", number=3)):
            bounds = Bounds(lower=1, trips=(4,), given=given)
            yield LoopCase(bounds, _SMALL, Body(steps=(step,)), around=around)


def effects(_: LoopLimits) -> Iterator[LoopCase]:
    """Ordered callbacks, with trips and without, and unordered ones."""
    ordered, unordered = (
        Body(effects=(Effect(kind, "index"),)) for kind in ("ordered", "unordered")
    )
    yield replace(_of((5,), lower=2), body=ordered, around=_JIT)
    yield replace(_of((3,), lower=2), body=ordered)
    yield replace(_of((0,), lower=2), body=ordered, around=_JIT)
    yield replace(_of((5, -2), "traced", 2), body=ordered, around=_JIT)
    yield replace(_of((70,)), body=unordered, around=_JIT)


def traced_programs(_: LoopLimits) -> Iterator[LoopCase]:
    """One or both bounds traced."""
    for given in ("traced", "traced upper", "traced lower"):
        yield _of((7,), given)
    yield LoopCase(Bounds("int8", 0, (7,), "traced"), _SMALL)


def static_programs(_: LoopLimits) -> Iterator[LoopCase]:
    """Short loops and long ones."""
    yield from (_of((trips,)) for trips in (2, 10, 1000))
    yield _of((9,), "numpy", -3)


def without_effects(_: LoopLimits) -> Iterator[LoopCase]:
    """Static and traced bounds."""
    yield from (_of((7,), given) for given in ("python", "traced"))


def counters(_: LoopLimits) -> Iterator[LoopCase]:
    """A carry that is the index, for bounds of several dtypes."""
    for dtype in ("int32", "int8", "int16", "uint8", "uint32"):
        carry = Carry("leaf", (Leaf(dtype, ()),))
        yield LoopCase(Bounds(dtype, 0, (7,), "traced"), carry, _INDEX)


def static_counters(limits: LoopLimits) -> Iterator[LoopCase]:
    """The same for static ranges that are too long to run; an index has all bits that JAX has."""
    carry = Carry("leaf", (Leaf("int64" if "int64" in limits.dtypes else "int32", ()),))
    for lower, upper in ((0, 10**9), (-(2**30), 2**30 - 1), (7, 7 + 2**20)):
        yield LoopCase(Bounds(lower=lower, trips=(upper - lower,)), carry, _INDEX)


def of_any_length(_: LoopLimits) -> Iterator[LoopCase]:
    """Ten trips, and a million."""
    yield _of((10, 10**6))


def temporaries(_: LoopLimits) -> Iterator[LoopCase]:
    """The same with a larger carry."""
    yield replace(_of((10, 10**6)), carry=Carry("leaf", (Leaf(shape=(256,)),)))
