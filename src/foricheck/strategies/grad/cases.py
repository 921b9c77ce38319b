"""Loops that are differentiated, in either mode, with respect to the carry and what is closed over.

Bodies are made of products with powers of two, sums and one square, so that derivatives are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Effect, Leaf, LoopCase, Step
from foricheck.strategies.limits import LoopLimits

__all__ = ["after_effects", "beside_integers", "by_linear_maps", "custom", "forward"]
__all__ += ["forward_traced", "reverse_traced", "second", "to_carry", "to_closed_over"]
__all__ += ["under_checkpoint", "unrolled", "without_trips"]

_JIT = Around("jit")
_BOTH = ("carry", "closure")
_FLOATS = ("float16", "bfloat16", "complex64")
_SQUARING = Body(steps=(Step("affine"), Step("square at", number=2)))
_CHAIN = LoopCase(
    Bounds(trips=(3000,)),
    Carry("tuple", (Leaf("float32", ()),) * 2),
    Body(steps=(Step("mix", 0, 1),)),
)
_VECTOR = Carry("leaf", (Leaf("float32"),))
_PAIR = Carry("tuple", (Leaf("float32"), Leaf("float32")))
_PLAIN = LoopCase(Bounds(lower=1), _VECTOR, _SQUARING)
_TRACED = Bounds(lower=1, trips=(3, 0, 1), given="traced")
_SCALED = Body(steps=(Step("scaled"),))


def _by(name: str, *over: str) -> Around:
    return Around(name, over or ("carry",), largest=4097.0)


def to_carry(_: LoopLimits) -> Iterator[LoopCase]:
    """A square, a chain of leaves through 3000 trips, a permutation, and other dtypes.

    Also a leaf that depends on the input only inside the loop, static bounds that are no Python
    ints, and a derivative (only traced) through 10**8 trips.
    """
    yield from _in_general("vjp")
    yield replace(_CHAIN, around=(_JIT, _by("vjp")))
    yield replace(_PLAIN, body=_SCALED, around=(_by("vjp", "closure"),))
    for given in ("numpy", "0-d", "array", "python lower"):
        yield replace(_PLAIN, bounds=Bounds(lower=1, given=given), around=(_JIT, _by("vjp")))
    yield LoopCase(Bounds(trips=(10**8,)), _VECTOR, around=(Around("abstract", _BOTH), _by("vjp")))


def _in_general(mode: str) -> Iterator[LoopCase]:
    """A square, leaves that change places, and leaves of other dtypes."""
    around = (_JIT, _by(mode))
    yield replace(_PLAIN, around=around)
    three = Carry("dict", (Leaf("float32"),) * 3)
    yield replace(_PLAIN, carry=three, body=Body(moves=(1, 2, 0)), around=around)
    for dtype in _FLOATS:
        leaves = (Leaf(dtype), Leaf("float32"))
        body = _SQUARING if dtype == "complex64" else _SCALED
        yield replace(_PLAIN, carry=Carry("tuple", leaves), body=body, around=around)


def to_closed_over(_: LoopLimits) -> Iterator[LoopCase]:
    """A few trips, a long sum, and loops in the body that close over it too."""
    around = (_JIT, _by("vjp", "closure"))
    yield replace(_PLAIN, carry=_PAIR, body=_SCALED, around=around)
    yield LoopCase(Bounds(trips=(99,)), _VECTOR, _SCALED, around=around)
    yield LoopCase(carry=_VECTOR, body=Body(steps=(Step("nested", number=2),)), around=around)


def without_trips(_: LoopLimits) -> Iterator[LoopCase]:
    """Equal and reversed bounds, in either mode; with jit, without jit, and under disable_jit."""
    for trips in (0, -3):
        for around in ((), (_JIT,), (Around("disable_jit"),)):
            for mode in ("vjp", "jvp"):
                bounds, stack = Bounds(lower=2, trips=(trips,)), (*around, _by(mode, *_BOTH))
                yield LoopCase(bounds, _VECTOR, _SCALED, around=stack)


def forward(_: LoopLimits) -> Iterator[LoopCase]:
    """As in reverse mode."""
    yield from _in_general("jvp")
    yield replace(_PLAIN, body=_SCALED, around=(_JIT, _by("jvp", *_BOTH)))
    yield replace(_CHAIN, around=(_JIT, _by("jvp")))
    yield replace(_PLAIN, body=_SCALED, around=(_by("jvp", "closure"),))


def forward_traced(limits: LoopLimits) -> Iterator[LoopCase]:
    """The same with traced bounds, for three trips, none and one."""
    for case in forward(limits):
        jit = () if case.around[0] == _JIT else (Around("jit", ("lower", "upper", "closure")),)
        longer = (200, *_TRACED.trips) if case.bounds.trips[0] > 3 else _TRACED.trips
        yield replace(case, bounds=replace(_TRACED, trips=longer), around=jit + case.around)


def second(_: LoopLimits) -> Iterator[LoopCase]:
    """Forward over reverse, reverse over forward, and forward over forward with traced bounds."""
    one = Carry("leaf", (Leaf("float32", ()),))
    for stack in (("jvp", "vjp"), ("vjp", "jvp"), ("jvp", "jvp")):
        traced = (Bounds(lower=1), _TRACED) if "vjp" not in stack else (Bounds(lower=1),)
        for bounds in traced:
            yield LoopCase(bounds, one, _SQUARING, around=(_JIT, *map(_by, stack)))


def reverse_traced(_: LoopLimits) -> Iterator[LoopCase]:
    """Reverse mode with one or both bounds traced, for three trips, none and a hundred."""
    for given, trips, over in (
        ("traced", 3, "carry"),
        ("traced", 3, "closure"),
        ("traced upper", 3, "carry"),
        ("traced lower", 3, "carry"),
        ("traced", -3, "carry"),
        ("traced lower", 101, "carry"),
    ):
        bounds = Bounds(trips=(trips,), given=given)
        yield LoopCase(bounds, _VECTOR, _SCALED, around=(_JIT, _by("vjp", over)))


def by_linear_maps(_: LoopLimits) -> Iterator[LoopCase]:
    """The linear map of linearize, its transpose, and the map of a loop of traced length."""
    yield replace(_PLAIN, around=(_JIT, _by("linearize")))
    yield replace(_PLAIN, around=(_JIT, _by("vjp")))
    yield LoopCase(_TRACED, _VECTOR, _SCALED, around=(_JIT, _by("jvp"), Around("checkpoint")))


def under_checkpoint(_: LoopLimits) -> Iterator[LoopCase]:
    """`jax.checkpoint` around the body, and around the loop."""
    body, around = replace(_SQUARING, form="checkpoint"), (_JIT, _by("vjp", *_BOTH))
    yield replace(_PLAIN, carry=_PAIR, body=body, around=around)
    yield replace(_PLAIN, carry=_PAIR, around=(*around, Around("checkpoint")))


def beside_integers(_: LoopLimits) -> Iterator[LoopCase]:
    """A carry of an integer, a float, and a float that does not affect the result."""
    carry = Carry("tuple", (Leaf(), Leaf("float32"), Leaf("float32")))
    body = Body(steps=(Step("affine"), Step("double at", 1, 2), Step("one", 2)))
    for bounds, mode in ((Bounds(lower=1), "vjp"), (Bounds(lower=1), "jvp"), (_TRACED, "jvp")):
        yield LoopCase(bounds, carry, body, around=(_JIT, _by(mode)))


def unrolled(_: LoopLimits) -> Iterator[LoopCase]:
    """Not unrolled, by 2 with a remainder, by more than the trip count, and completely."""
    for around in ((), (_JIT,), (Around("disable_jit"),)):
        for unroll in (None, 2, 5, True):
            stack = (*around, _by("vjp", *_BOTH))
            yield LoopCase(Bounds(lower=1), _VECTOR, _SCALED, unroll=unroll, around=stack)


def custom(_: LoopLimits) -> Iterator[LoopCase]:
    """A rule by which the derivative is another than that of the function, and stop_gradient."""
    for op in ("custom", "stopped"):
        for bounds, mode in ((Bounds(), "vjp"), (Bounds(), "jvp"), (_TRACED, "jvp")):
            body = Body(steps=(Step(op), Step("scaled")))
            yield LoopCase(bounds, _VECTOR, body, around=(_JIT, _by(mode)))


def after_effects(_: LoopLimits) -> Iterator[LoopCase]:
    """An ordered callback in each iteration, in reverse mode."""
    body = replace(_SCALED, effects=(Effect("debug ordered", "index"),))
    yield LoopCase(Bounds(lower=2), _VECTOR, body, around=(_by("vjp"),))
