"""Bounds: dtypes, extremes, types of values, and invalid ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import Expression, LoopBatch, Snippet
from foricheck.cases.variants import PLAIN
from foricheck.strategies.iter import loops, ranges
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import BODY, CALL, CARRY

__all__ = [
    "beyond_32_bits",
    "dtypes_of",
    "extremes",
    "half_static",
    "in_arrays",
    "index_dtypes",
    "mismatches",
    "mixed",
    "of_every_type",
    "one_past_int32",
    "sides",
    "small",
    "static_extremes",
    "static_indices",
    "static_unsigned_extremes",
    "vectors",
]

_COUNTING = "def body(i, c):\n    return c * 31 + 1\n"
_ADDING = "def body(i, c):\n    return c + i\n"
_START = "xp.array([1, 2], xp.int32)"


def small(dtype: str, rows: Array) -> LoopBatch:
    """The index recorder on ranges near 0 in a dtype, from choices ``(N, RANGE)``."""
    near_zero = rows.copy()
    near_zero[:, 0] = 0  # selects ranges near 0, see `foricheck.strategies.iter.ranges`
    return loops.recorded(dtype, near_zero)


def sides(_: LoopLimits) -> tuple[str, ...]:
    """The settings of `half_static`: which bound is static while the other is traced."""
    return ("lower", "upper")


def half_static(side: str, rows: Array) -> LoopBatch:
    """As `small`, but all cases share one of the bounds."""
    cases = small("int32", rows)
    if side == "lower":
        return replace(cases, lower=np.broadcast_to(cases.lower[:1], cases.lower.shape))
    return replace(cases, upper=np.broadcast_to(cases.upper[:1], cases.upper.shape))


def extremes(loop: LoopLimits) -> Iterator[LoopBatch]:
    """Ranges whose bounds are within 2 of the extremes of each dtype."""
    for dtype in loop.dtypes:
        yield _recording(dtype, ranges.at_the_extremes(dtype))


def static_extremes(loop: LoopLimits) -> Iterator[LoopBatch]:
    """The same with one case at a time, for dtypes whose numbers all fit int32."""
    for dtype in ("int32", "int8", "uint8"):
        yield from _singly(dtype)


def static_unsigned_extremes(loop: LoopLimits) -> Iterator[LoopBatch]:
    """The same for an unsigned dtype whose numbers exceed int32."""
    yield from _singly("uint32")


def of_every_type(_: LoopLimits) -> Iterator[Snippet]:
    """One range as Python ints, NumPy scalars, 0-d NumPy arrays and ``xp`` arrays."""
    for lower, upper in (("-2", "3"), ("3", "-2")):
        for form in ("{}", "np.int32({})", "np.array({}, np.int32)", "xp.array({}, xp.int32)"):
            yield Snippet(form.format(lower), form.format(upper), _COUNTING, _START)


def mixed(_: LoopLimits) -> Iterator[Snippet]:
    """A Python int and a bound of a signed dtype, in either order; the index has that dtype."""
    for dtype in ("int8", "int16", "int32"):
        typed, plain = f"np.{dtype}({{}})", "{}"
        for low, high in ((typed, plain), (plain, typed)):
            yield Snippet(low.format(-1), high.format(4), _ADDING, f"xp.array([5, 6], xp.{dtype})")


def mismatches(_: LoopLimits) -> Iterator[Snippet]:
    """Bounds of two dtypes, neither of them a Python int."""
    for one, other in (("int8", "int32"), ("int32", "int16"), ("uint8", "int8")):
        yield Snippet(f"np.{one}(0)", f"np.{other}(3)", _COUNTING, _START)


def vectors(_: LoopLimits) -> Iterator[Snippet]:
    """Bounds that are arrays of one or two elements."""
    for lower, upper in (
        ("xp.array([0], xp.int32)", "xp.array([3], xp.int32)"),
        ("xp.array(0, xp.int32)", "xp.array([3], xp.int32)"),
        ("xp.array(0, xp.int32)", "xp.array([3, 4], xp.int32)"),
    ):
        yield Snippet(lower, upper, _COUNTING, _START)


def index_dtypes(loop: LoopLimits) -> Iterator[Snippet]:
    """A body that adds the index to a carry of the bounds' dtype."""
    for dtype in loop.dtypes:
        zero, three = f"np.{dtype}(0)", f"np.{dtype}(3)"
        yield Snippet(zero, three, _ADDING, f"xp.array([5, 6], xp.{dtype})")


def static_indices(_: LoopLimits) -> Iterator[Snippet]:
    """A body that adds the index to an int8 carry while the bounds have another dtype."""
    for dtype in ("int16", "int32", "uint8"):
        yield Snippet(f"np.{dtype}(0)", f"np.{dtype}(3)", _ADDING, "xp.array([5, 6], xp.int8)")


def dtypes_of(case: Snippet) -> tuple[str, str]:
    """The dtypes of the two bounds, read from their text."""
    lower, upper = (
        bound.removeprefix("np.").partition("(")[0] for bound in (case.lower, case.upper)
    )
    return lower, upper


def beyond_32_bits(_: LoopLimits) -> Iterator[Expression]:
    """Ranges of four trips whose bounds change when truncated to 32 bits.

    First Python ints, which have no dtype, with an upper bound one past the last 32-bit index; then
    NumPy integers.
    """
    for form, lower, upper in (
        ("{}", "2**31 - 4", "2**31"),
        ("{}", "-(2**31) - 2", "-(2**31) + 2"),
        ("np.int64({})", "2**31 - 2", "2**31 + 2"),
        ("np.uint64({})", "2**32 - 2", "2**32 + 2"),
        ("np.int64({})", "-(2**31) - 2", "-(2**31) + 2"),
    ):
        yield Expression(
            given="def body(i, c):\n    return c + 1\n",
            bounds=f"lower = {form.format(lower)}\nupper = {form.format(upper)}",
            values="c = xp.zeros(2, xp.int32)",
            call="fori_loop(lower, upper, body, c)",
            expected="np.full(2, 4, np.int32)",
        )


def in_arrays(loop: LoopLimits) -> Iterator[Expression]:
    """Bounds in 0-d NumPy arrays, which the loop or the body could write to.

    The first body keeps the last two indices. The second one writes to a bound; since a traced body
    must be pure and may be called before the bounds are read, it is used only if nothing is traced.
    """
    keeping = "def body(i, c):\n    return xp.asarray(i, xp.int32), c[0]\n"
    writing = "def body(i, c):\n    upper[...] = 1\n    return c * 31 + i\n"
    call = "fori_loop({}, body, c)"
    cases = [(keeping, "(xp.int32(7), xp.int32(7))", f"({call}, lower, upper)")]
    nothing_is_traced = loop.variant == PLAIN and "traced" not in loop.capabilities
    cases += [(writing, "xp.array([1, 2], xp.int32)", call)] * nothing_is_traced
    for given, init, called in cases:
        yield Expression(
            given=given,
            bounds="lower = np.array(0, np.int32)\nupper = np.array(4, np.int32)",
            values=f"c = {init}",
            call=called.format("lower, upper"),
            expected=called.format("0, 4"),
        )


def one_past_int32(_: LoopLimits) -> Iterator[Expression]:
    """The last three int32 indices; the upper bound exceeds int32 but is not an index."""
    yield Expression(
        given=BODY,
        bounds="lower, upper = 2**31 - 3, 2**31",
        values=CARRY,
        call=CALL,
        expected=CALL,
    )


def _recording(dtype: str, pairs: list[tuple[int, int]]) -> LoopBatch:
    lower, upper = zip(*pairs, strict=True)
    return loops.recording(dtype, list(lower), list(upper))


def _singly(dtype: str) -> Iterator[LoopBatch]:
    """An empty range, single trips at each edge, and the whole dtype if it is small enough."""
    limits = np.iinfo(dtype)
    whole = (int(limits.min), int(limits.max))
    pairs = ranges.at_the_extremes(dtype, near=2)
    for lower, upper in [whole[::-1], *(pair for pair in pairs if pair[1] - pair[0] == 1)]:
        yield _recording(dtype, [(lower, upper)])
    if whole in pairs:
        yield _recording(dtype, [whole])
