"""Loops under transformations, and among JAX's other control flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Effect, Leaf, LoopCase, Step
from foricheck.strategies.limits import LoopLimits

__all__ = ["abstract", "axes", "compiled", "donated", "everything_mapped", "exported"]
__all__ += ["gradients", "inside_and_around", "lanes", "mapped_carries", "random", "uncompiled"]

_JIT = (Around("jit"),)
_SMALL = Carry("leaf", (Leaf(shape=(2,)),))
_PAIR = Carry("tuple", (Leaf(), Leaf(shape=())))
_FLOATS = Carry("tuple", (Leaf("float32"), Leaf("float32", (2, 3))))
_ROWS = Around("vmap", ("carry",), (0, 0, 0))
_LOOP = LoopCase(Bounds(lower=-2), _SMALL)
_EMPTY = Bounds(lower=5, trips=(-3,))
_TRACED = Bounds(lower=-2, trips=(3, 0), given="traced")


def compiled(_: LoopLimits) -> Iterator[LoopCase]:
    """Jitted once and twice, with static bounds, traced ones, and those of another trace."""
    for bounds in (_LOOP.bounds, _EMPTY, _TRACED, replace(_TRACED, given="traced python")):
        yield from (replace(_LOOP, bounds=bounds, around=jit) for jit in (_JIT, _JIT * 2))
    inner = Around("jit", ("carry", "lower", "upper"))
    yield replace(_LOOP, bounds=_TRACED, around=(inner,), history="twice")


def mapped_carries(_: LoopLimits) -> Iterator[LoopCase]:
    """Only the carry is mapped, also for a compiled loop, with static bounds and traced ones."""
    for bounds in (_LOOP.bounds, _EMPTY):
        yield from (replace(_LOOP, bounds=bounds, around=(_ROWS, *jit)) for jit in ((), _JIT))
    yield replace(_LOOP, bounds=_TRACED, around=(*_JIT, _ROWS))


def lanes(_: LoopLimits) -> Iterator[LoopCase]:
    """The lower or upper bound or both are mapped: short, empty, negative and long ranges."""
    for dtype in ("int32", "int8"):
        for over, added in (
            (("upper",), (-2, 0, -3, 5, 37, -100)),
            (("lower",), (1, 0, 3, -5, 2)),
            (("lower", "upper"), (0, -4, 3)),
            (("upper",), (2, -3)),
        ):
            given = "traced" if len(over) > 1 else f"traced {over[0]}"
            bounds = Bounds(dtype, 1, (3,), given)
            yield LoopCase(bounds, _SMALL, around=(Around("vmap", over, added),))


def everything_mapped(_: LoopLimits) -> Iterator[LoopCase]:
    """Bounds and carry are mapped together, or lower and carry outside and upper inside."""
    bounds = Bounds(lower=1, trips=(2,), given="traced")
    everything = Around("vmap", ("carry", "lower", "upper"), (0, -2, 3))
    outer, inner = (
        Around("vmap", ("carry", "lower"), (0, -2, 1)),
        Around("vmap", ("upper",), (2, -3)),
    )
    for around in ((everything,), (outer, inner), (inner, outer), (everything, inner)):
        yield LoopCase(bounds, _PAIR, around=around)


def axes(_: LoopLimits) -> Iterator[LoopCase]:
    """The last axis of each leaf, and lanes that enter through what is closed over."""
    closure = Around("vmap", ("closure",), (0, 0))
    last = Around("vmap last", ("carry",), (0, 0))
    for around in ((last,), (closure,), (last, closure)):
        yield LoopCase(carry=_FLOATS, around=(*_JIT, *around))
        yield LoopCase(_TRACED, _FLOATS, around=(*_JIT, *around))


def gradients(_: LoopLimits) -> Iterator[LoopCase]:
    """The gradient of lanes, and lanes of the gradient, with trips and without."""
    pulled = Around("vjp", ("carry", "closure"))
    rows = Around("vmap", ("carry", "closure"), (0, 0, 0))
    for trips in (4, 0):
        for around in ((rows, pulled), (pulled, rows)):
            scaled = Body(steps=(Step("scaled"),))
            yield LoopCase(Bounds(trips=(trips,)), _FLOATS, scaled, around=(*_JIT, *around))


def inside_and_around(_: LoopLimits) -> Iterator[LoopCase]:
    """The loop inside each of JAX's control flow primitives, and each of them in its body."""
    for bounds in (Bounds(lower=1), _TRACED):
        for name in ("cond", "switch", "while", "together"):
            yield replace(_LOOP, bounds=bounds, around=(*_JIT, Around(name)))
        yield replace(_LOOP, bounds=bounds, around=(*_JIT, Around("scan", ("carry",), (0, 0, 0))))
        for op in ("cond", "switch", "scan", "while", "triangle", "twice nested"):
            yield replace(
                _LOOP, bounds=bounds, body=Body(steps=(Step("affine"), Step(op))), around=_JIT
            )


def exported(_: LoopLimits) -> Iterator[LoopCase]:
    """A program exported once and called with several ranges, also for a carry of any size."""
    bounds = Bounds(lower=-2, trips=(3, 6, 0, -3), given="traced")
    for name in ("export", "export any size"):
        yield LoopCase(bounds, _PAIR, around=(Around(name),))


def donated(_: LoopLimits) -> Iterator[LoopCase]:
    """A donated carry, and arguments that are used again after a call."""
    for bounds in (Bounds(trips=(4,)), _EMPTY):
        yield replace(_LOOP, bounds=bounds, around=(Around("donate"),))
        for body in (Body(), Body(steps=(Step("initial"),))):
            yield replace(_LOOP, bounds=bounds, body=body, history="twice")


def uncompiled(_: LoopLimits) -> Iterator[LoopCase]:
    """Nested carries and loops, with concrete bounds of several types."""
    leaves = (Leaf(), Leaf("bool", ()), Leaf(shape=()))
    for around in ((Around("disable_jit"),), _JIT):
        for dtype, given in (("int32", "python"), ("int32", "array"), ("int8", "numpy")):
            for lower, trips in ((-2, 3), (5, -3)):
                bounds = Bounds(dtype, lower, (trips,), given)
                yield LoopCase(bounds, Carry("None inside", leaves), around=around)
        yield replace(_LOOP, body=Body(steps=(Step("nested", number=2),)), around=around)


def random(_: LoopLimits) -> Iterator[LoopCase]:
    """A key that is split or folded with the index, and bits that are drawn from it."""
    carry = Carry("tuple", (Leaf("key", ()), Leaf("uint32", ())))
    for op, bounds in (("split", Bounds(lower=1)), ("fold", _TRACED)):
        body = Body(steps=(Step(op, 0), Step("draw", 1, 0)))
        for around in (_JIT, (*_JIT, _ROWS)):
            yield LoopCase(bounds, carry, body, around=around)


def abstract(_: LoopLimits) -> Iterator[LoopCase]:
    """The carry is once an argument, and once a constant that a loop could compute with."""
    body = Body(effects=(Effect("debug", "none"),))
    for over in (("carry", "closure"), ()):
        around = (Around("abstract", over),)
        yield LoopCase(Bounds(trips=(5,)), Carry("dict", (Leaf(),) * 3), body, around=around)
