"""Walks: every number of a case around the powers of two, in each mode, all else neutral."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foricheck.cases.containers import CONTAINERS, size_of
from foricheck.cases.loop_case import (
    Around,
    Body,
    Bounds,
    Carry,
    Leaf,
    LoopCase,
    Step,
    Unroll,
)
from foricheck.programs.typed.instructions import FORMS

__all__ = ["around_powers", "walks"]

_SCALAR = Carry("leaf", (Leaf("int32", ()),))
_SMALL_FLOAT = Carry("leaf", (Leaf("float32", (2,)),))
_LINEAR = Body(steps=(Step("scaled"),))
_JIT = (Around("jit"),)
_UPPER = ("upper",)
_LEAVES_OF_ONE_BODY = (
    *(Leaf(dtype, (3,), "zero") for dtype in ("int32", "float32")),
    *(Leaf(dtype, ()) for dtype in ("uint32", "float32")),
)


def around_powers(most: int) -> tuple[int, ...]:
    """0, 1, 2, 3, and every power of two with its neighbours, up to a number."""
    near = {2**power + step for power in range(2, most.bit_length()) for step in (-1, 0, 1)}
    return tuple(sorted({0, 1, 2, 3, *near} & set(range(most + 1))))


def walks() -> Iterator[LoopCase]:
    """All walks: trips, lanes, derivatives, leaves, containers, shapes, unrolling and nesting."""
    yield from _traced_trips()
    yield from _static_trips()
    yield from _mapped_trips()
    yield from _derivatives()
    yield from _leaves()
    yield from _containers()
    yield from _shapes()
    yield from _unrolled()
    yield from _nested()
    yield from _rounded()
    yield from _unread()
    yield from _remembered()
    yield from _alike()
    yield from _by_operators()


def _traced_trips() -> Iterator[LoopCase]:
    """One program each, called with all trip counts: bounds traced both, or one of them."""
    wide = (("traced", 2**25 + 1), ("traced upper", 2**20 + 1), ("traced lower", 4097))
    for given, most in wide:
        yield LoopCase(Bounds("int32", 0, around_powers(most), given), _SCALAR, around=_JIT)
    for dtype, lower, most in (
        ("int8", -128, 255),
        ("uint8", 0, 255),
        ("int16", -(2**15), 2**16 - 1),
    ):
        yield LoopCase(Bounds(dtype, lower, around_powers(most), "traced"), _SCALAR, around=_JIT)


def _static_trips() -> Iterator[LoopCase]:
    for trips in (*around_powers(1025), 1001, 2**14 + 1):
        yield LoopCase(Bounds(trips=(trips,)), _SCALAR)


def _mapped_trips() -> Iterator[LoopCase]:
    """Lanes of other lengths, few and many, and maps inside maps."""
    for lanes in ((1001, 3), (3, 1001), (0, 1), around_powers(257), tuple(range(-1, 129)), (7,)):
        bounds = Bounds(trips=(0,), given="traced upper")
        yield LoopCase(bounds, _SCALAR, around=(Around("vmap", _UPPER, lanes),))
    deep = [Around("vmap", ("upper",), (0, 4)), Around("vmap", ("lower",), (0, 2))]
    deep += [
        Around("vmap", ("lower", "upper"), (0, -1)),
        Around("vmap", ("carry", "upper"), (1, 0)),
    ]
    for depth in range(1, 5):
        yield LoopCase(Bounds(given="traced"), _SCALAR, around=tuple(deep[:depth]))


def _derivatives() -> Iterator[LoopCase]:
    """Forward over traced trips, and reverse over static ones; and one trip that differs."""
    forward = (Around("jit"), Around("jvp", ("carry", "closure")))
    traced = Bounds(trips=around_powers(1025), given="traced")
    yield LoopCase(traced, _SMALL_FLOAT, _LINEAR, around=forward)
    for trips in (4, 16, 31, 32, 33, 63, 64, 65, 127, 128, 129, 257, 1025, 4097):
        reverse = (Around("jit"), Around("vjp", ("carry", "closure")))
        yield LoopCase(Bounds(trips=(trips,)), _SMALL_FLOAT, _LINEAR, around=reverse)
    for half in ("float16", "bfloat16"):
        mixed = Carry("tuple", (Leaf("float32"), Leaf(half)))
        yield LoopCase(carry=mixed, body=_LINEAR, around=(Around("vjp", ("carry",), (), 4097.0),))
    zeros = Carry("tuple", (Leaf("float32", (), "zero"), Leaf("float32", (2,), "zero")))
    for name in ("vjp", "jvp"):
        guarded = Body(steps=(Step("guarded", number=100),))
        yield LoopCase(carry=zeros, body=guarded, around=(Around(name, ("carry",)),))
    for op, trips, at in (("double at", 101, 100), ("double at", 9, 0), ("square at", 17, 16)):
        body = Body(steps=(Step(op, number=at),))
        around = (Around("vjp", ("carry",)),)
        yield LoopCase(Bounds(trips=(trips,)), _SMALL_FLOAT, body, around=around)


def _leaves() -> Iterator[LoopCase]:
    """Numbers of leaves, which also change places, under both sorts of bounds."""
    for count in (*around_powers(129), 257):
        leaves = tuple(Leaf("uint32" if n % 2 else "int32", ()) for n in range(count))
        if leaves:
            yield LoopCase(carry=Carry("tuple", leaves))
    for count in (17, 33, 65, 129):
        leaves = tuple(Leaf("float32", ()) for _ in range(count))
        moves = tuple((n + 1) % count for n in range(count))
        body = Body(steps=(Step("bump"),), moves=moves)
        bounds = Bounds(trips=(2, 0, 3), given="traced")
        yield LoopCase(bounds, Carry("list", leaves), body, around=_JIT)
    leaves = tuple(Leaf("float32", ()) for _ in range(129))
    yield LoopCase(
        carry=Carry("tuple", leaves), body=_LINEAR, around=(Around("vjp", ("closure",)),)
    )


def _containers() -> Iterator[LoopCase]:
    """Every container, without trips and with one."""
    for container in CONTAINERS:
        leaves = tuple(Leaf("int32" if n % 2 else "float32") for n in range(size_of(container, 4)))
        for trips in (0, 1):
            yield LoopCase(Bounds(trips=(trips,)), Carry(container, leaves))


def _shapes() -> Iterator[LoopCase]:
    """Ranks, and numbers of elements."""
    for rank in range(9):
        shape = tuple(1 + n % 2 for n in range(rank))
        yield LoopCase(carry=Carry("one", (Leaf("int32", shape),)))
        yield LoopCase(carry=Carry("leaf", (Leaf("float32", shape[::-1]),)), around=_JIT)
    for size in (*around_powers(129), 257, 1025, 2**15, 2**15 + 1, 2**16 + 1, 2**20 + 1):
        yield LoopCase(carry=Carry("leaf", (Leaf("int32", (size,)),)))
    for shape in ((2, 129), (129, 2), (1, 2**15 + 1), (257, 257)):
        yield LoopCase(carry=Carry("leaf", (Leaf("float32", shape),)))


def _unrolled() -> Iterator[LoopCase]:
    """Factors with the remainders that they leave, at several places of the range."""
    for factor in (2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 64):
        for trips in sorted({0, 1, factor - 1, factor, factor + 1, 2 * factor, 2 * factor + 1}):
            yield _with_unroll(factor, trips, 0)
    every: tuple[Unroll, ...] = (True, 1, 0)
    for unroll in every:
        for trips in (0, 1, 2, 3, 32, 33):
            yield _with_unroll(unroll, trips, -3)
    for lower in (-(2**31), 2**31 - 8):
        yield from (_with_unroll(4, trips, lower) for trips in (3, 4, 7))
    vmap = (Around("vmap", ("carry",), (0, 0)),)
    for factor, trips in ((2, 3), (3, 7), (True, 5)):
        yield LoopCase(Bounds(trips=(trips,)), _SCALAR, unroll=factor, around=vmap)


def _with_unroll(unroll: Unroll, trips: int, lower: int) -> LoopCase:
    return LoopCase(Bounds("int32", lower, (trips,)), _SCALAR, unroll=unroll)


def _rounded() -> Iterator[LoopCase]:
    """Bodies that round once in each iteration, which no closed form and no wider dtype does."""
    lanes = (Around("vmap", ("upper",), (0, -7, 23)),)
    calls = (
        (Bounds(trips=(10,)), ()),
        (Bounds(trips=(10, 0, 33), given="traced"), _JIT),
        (Bounds(trips=(10,), given="traced upper"), lanes),
    )
    for op in ("tenth", "grown"):
        for dtype in ("float32", "float16", "bfloat16"):
            carry = Carry("tuple", (Leaf(dtype, ()), Leaf(dtype, (17,))))
            body = Body(steps=(Step(op),))
            yield from (LoopCase(bounds, carry, body, around=around) for bounds, around in calls)


def _unread() -> Iterator[LoopCase]:
    """A leaf that every iteration overwrites and none reads, with trips and without."""
    traced = Bounds(trips=(2, 0, 1), given="traced")
    calls = (
        (traced, _JIT),
        (replace(traced, given="traced upper"), _JIT),
        (Bounds(trips=(0,)), ()),
    )
    for op in ("one", "constant"):
        for shape in ((), (3,)):
            carry = Carry("tuple", (Leaf("float32", shape), Leaf("int32", shape)))
            body = Body(steps=(Step(op, leaf=0), Step("affine", leaf=1)))
            yield from (LoopCase(bounds, carry, body, around=around) for bounds, around in calls)


def _remembered() -> Iterator[LoopCase]:
    """One body called with leaves of another dtype, shape or sort before; a carry written to."""
    body = Body(steps=(Step("double"),))
    carries = [Carry("leaf", (leaf,)) for leaf in _LEAVES_OF_ONE_BODY]
    carries += [Carry("tuple", (leaf, leaf)) for leaf in _LEAVES_OF_ONE_BODY]
    for carry in carries:
        for history in ("other dtype", "other shape"):
            yield LoopCase(carry=carry, body=body, history=history)
    for dtype in ("int32", "float32"):
        for given in ("array", "python"):
            carry = Carry("leaf", (Leaf(dtype, (), given=given),))
            yield LoopCase(carry=carry, body=body, history="other given")
        carry = Carry("tuple", (Leaf(dtype, given="numpy"), Leaf(dtype, (2, 2), given="numpy")))
        for trips in (0, 3):
            for around in ((), _JIT):
                bounds = Bounds(trips=(trips,))
                yield LoopCase(bounds, carry, around=around, history="written to")


def _alike() -> Iterator[LoopCase]:
    """Bodies that a number alone tells apart, wherever their form keeps it."""
    for form in FORMS:
        body = Body(steps=(Step("counted"),), form=form)
        yield LoopCase(carry=_SCALAR, body=body, history="look-alike")
        yield LoopCase(carry=_SCALAR, body=body, history="four bodies")


def _by_operators() -> Iterator[LoopCase]:
    """Bodies that do not make an array of what they are given: products that wrap."""
    for dtype, givens in (("int32", ("python", "numpy", "array")), ("uint8", ("numpy", "array"))):
        for given in givens:
            carry = Carry("leaf", (Leaf(dtype, (), given=given),))
            yield LoopCase(Bounds(trips=(25,)), carry, Body(steps=(Step("tripled"),)))


def _nested() -> Iterator[LoopCase]:
    """Loops in loops."""
    for depth in range(1, 6):
        for around in ((), _JIT):
            body = Body(steps=(Step("nested", number=depth),))
            yield LoopCase(body=body, around=around)
    body = Body(steps=(Step("twice nested"),))
    yield LoopCase(carry=_SMALL_FLOAT, body=body, around=(Around("vjp", ("carry", "closure")),))
