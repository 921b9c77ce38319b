"""Cases that test the compiler: random structured programs, compiled one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import Expression, StructuredBatch
from foricheck.cases.variants import PLAIN
from foricheck.programs.structured import (
    DTYPES,
    FLOAT_OPS,
    INTEGERS,
    LEAVES,
    OPS,
    SHAPES,
    SLOTS,
    program,
)
from foricheck.strategies.choices import Choices
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CALL

__all__ = [
    "STRUCTURED",
    "Setting",
    "added_zeros",
    "compared_sizes",
    "divided_squares",
    "every_instruction",
    "floating",
    "indexing",
    "int32",
    "long_arrays",
    "masked_numbers",
    "moved_windows",
    "narrow",
    "programs",
    "rolled_windows",
    "simpler",
    "unrolled",
]

Setting = tuple[str, int | None, bool]
"""Shared by the programs of a call: the bounds' dtype, ``unroll``, and whether an inner loop may be
bounded by the index."""

STRUCTURED = 5 + 4 * LEAVES + 5 * SLOTS
"""The number of choices for a structured program."""

_MOVES = (
    "cumsum",
    "suffix",
    "roll_by_i",
    "shift_left",
    "interleave",
    "put",
    "add_at",
    "set_one",
    "window",
    "set_window",
    "shift_right",
)
_OVER_INTEGERS = OPS[1 : OPS.index("plus")]
_DRAWN = np.array([OPS.index(op) for op in (*_OVER_INTEGERS, *_MOVES, *_MOVES)], np.int32)
"""Moves are drawn three times as often, since a compiler does most of them in place."""

_BY_INDEX = np.array([OPS.index(op) for op in ("index", "set_one", "choose", "branch")], np.int32)
"""Instructions whose results differ for indices that differ by a power of two."""

_SIGNS = ("abs", "keep")
_DRAWN_OVER_FLOATS = np.array([OPS.index(op) for op in (*FLOAT_OPS, *_SIGNS, *_SIGNS)], np.int32)
"""Sign operations are drawn three times as often: compilers simplify code by what they infer about
signs."""

_TOGETHER = 16
"""The number of programs compiled in one call by `every_instruction`."""

_TRIPS = np.array([1, 2, 3, 4, 5, 2, 3, 0])
_FACTORS = np.array([1, 37, -12345, 1103515245], np.int32)


def int32(loop: LoopLimits) -> tuple[Setting, ...]:
    """The only setting of rules whose bounds are int32."""
    return (("int32", None, _may_nest(loop)),)


def unrolled(loop: LoopLimits) -> tuple[Setting, ...]:
    """Unrolled completely, and by factors."""
    return tuple(("int32", unroll, _may_nest(loop)) for unroll in (True, 2, True, 3))


def narrow(loop: LoopLimits) -> tuple[Setting, ...]:
    """Bounds of 8 and 16 bits."""
    return tuple((dtype, None, _may_nest(loop)) for dtype in ("int8", "uint8", "int16", "uint16"))


def programs(setting: Setting, rows: Array) -> StructuredBatch:
    """Bounds, carries and structured programs decoded from choices ``(N, STRUCTURED)``."""
    return _programs(setting, rows, _DRAWN, range(len(INTEGERS)))


def indexing(setting: Setting, rows: Array) -> StructuredBatch:
    """As `programs`, but the first instruction depends on all bits of the index."""
    cases = programs(setting, rows)
    cases.code[:, 0, 0] = _BY_INDEX[rows[:, -1] % len(_BY_INDEX)]
    return cases


def floating(setting: Setting, rows: Array) -> StructuredBatch:
    """As `programs`, but over floats, including NaN and zeros of both signs."""
    return _programs(setting, rows, _DRAWN_OVER_FLOATS, range(len(INTEGERS), len(DTYPES)))


def _programs(setting: Setting, rows: Array, ops: Array, dtypes: range) -> StructuredBatch:
    choices, (dtype, unroll, may_nest) = Choices(rows), setting
    lower, upper = _bounds(dtype, choices)
    count = 1 + choices.below(LEAVES).astype(np.int32)
    length = 1 + choices.below(SLOTS)
    leaves = _leaves(choices.block(LEAVES, 4).astype(np.int32), dtypes)
    code = _code(choices.block(SLOTS, 5).astype(np.int32), count, ops)
    code[np.arange(SLOTS) >= length[:, None]] = 0
    if not may_nest:
        code[code[..., 0] == OPS.index("roll_loop"), 0] = OPS.index("loop")
    return StructuredBatch(dtype, unroll, lower, upper, code, count, leaves)


def simpler(case: StructuredBatch) -> Iterator[StructuredBatch]:
    """Slightly simpler programs, the largest reductions first."""
    yield from _fewer_instructions(case)
    yield from _fewer_trips(case)
    yield from _simpler_carries(case)
    yield from _simpler_operands(case)


def every_instruction(loop: LoopLimits) -> Iterator[StructuredBatch]:
    """Each instruction by itself, on leaves with negative numbers and ties."""
    leaves = (("int32", (4, 4), -3, 7), ("int8", (4, 4), 64, 1))
    inner = () if _may_nest(loop) else ("loop", "roll_loop")
    alone = [program(5, 7, [(op, 0, 1, 0, 2)], leaves) for op in OPS if op not in ("nop", *inner)]
    for start in range(0, len(alone), _TOGETHER):
        yield _together(alone[start : start + _TOGETHER])


def moved_windows(_: LoopLimits) -> Iterator[StructuredBatch]:
    """Running sums, whose window is moved by one place within them."""
    yield program(0, 1, [("cumsum", 0, 0, 0, 1), ("shift_right", 0, 0, 0, 1)])
    yield program(
        0, 1, [("cumsum", 0, 0, 0, 1), ("set_window", 0, 0, 0, 1)], [("int32", (16,), 1, 1)]
    )


def rolled_windows(_: LoopLimits) -> Iterator[StructuredBatch]:
    """A window that must start earlier to fit, of an array rolled by the index."""
    yield program(9, 10, [("roll_by_i", 0, 0, 0, 1), ("window", 0, 0, 0, 1)])


def long_arrays(_: LoopLimits) -> Iterator[Expression]:
    """Arrays of more elements than int8 can count, read at the end and written at the start."""
    yield Expression(
        given="def body(i, c):\n    return c + table[i]\n",
        bounds="lower = np.int8(-1)\nupper = np.int8(1)",
        values="c = xp.array(0, xp.int32)\ntable = xp.arange(129).astype(xp.int32)",
        call=CALL,
        expected="np.int32(128)",
    )
    yield Expression(
        given="def body(i, c):\n    return c.at[i].set(-1)\n",
        bounds="lower = np.int8(0)\nupper = np.int8(3)",
        values="c = xp.arange(128).astype(xp.int32)",
        call=CALL,
        expected="np.where(np.arange(128) < 3, -1, np.arange(128)).astype(np.int32)",
    )


def divided_squares(_: LoopLimits) -> Iterator[StructuredBatch]:
    """Squares, some of which overflow, divided by four."""
    for dtype, start in (("int32", 50_000), ("int8", 12)):
        code = [("mul", 0, 0, 0, 1), ("divide", 0, 0, 0, 3)]
        yield program(0, 1, code, [(dtype, (16,), 1, start)])


def compared_sizes(_: LoopLimits) -> Iterator[Expression]:
    """Expressions that are never negative, compared with zero: false for NaN."""
    for size in ("xp.abs(c)", "c * c", "xp.maximum(c, 0)"):
        yield _of_floats(f"xp.where({size} >= 0, c, -2)", "xp.nan, -1.0, 0.0", "[-2, -1, 0]")


def added_zeros(_: LoopLimits) -> Iterator[Expression]:
    """A zero added to zeros of both signs."""
    for total in ("c + 0", "0 + c", "c - (-0.0)"):
        yield _of_floats(total, "-0.0, 0.0, 1.0", "[0, 0, 1]")


def masked_numbers(_: LoopLimits) -> Iterator[Expression]:
    """Numbers times a mask that is true where they are positive."""
    yield _of_floats("c * (c > 0)", "xp.nan, -1.0, 1.0", "[np.nan, -0.0, 1]")


def _of_floats(new: str, carry: str, expected: str) -> Expression:
    """One trip, which computes a new float32 carry."""
    return Expression(
        given=f"def body(i, c):\n    return {new}\n",
        bounds="lower = np.int32(0)\nupper = np.int32(1)",
        values=f"c = xp.asarray([{carry}], xp.float32)",
        call=CALL,
        expected=f"np.asarray({expected}, np.float32)",
    )


def _may_nest(loop: LoopLimits) -> bool:
    return loop.variant == PLAIN or loop.accepts_traced_bounds


def _together(cases: Sequence[StructuredBatch]) -> StructuredBatch:
    """Cases of one dtype and shape as one batch."""
    names = ("lower", "upper", "code", "count", "leaves")
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(case, name) for case in cases]) for name in names
    }
    return replace(cases[0], **joined)


def _bounds(dtype: str, choices: Choices) -> tuple[Array, Array]:
    """Ranges near zero or at the limits of the dtype."""
    where, offset = choices.below(4), choices.below(8)
    trips, limits = choices.pick(_TRIPS), np.iinfo(dtype)
    least, greatest = int(limits.min), int(limits.max)
    lower = np.select(
        [where == 2, where == 3],
        [least + offset, greatest - trips - offset % 2],
        np.maximum(offset - 3, least),
    )
    return lower.astype(np.int64), (lower + trips).astype(np.int64)


def _leaves(raw: Array, dtypes: range) -> Array:
    dtype, shape = dtypes.start + raw[..., 0] % len(dtypes), raw[..., 1] % len(SHAPES)
    factor = _FACTORS[raw[..., 2] % len(_FACTORS)]
    start = raw[..., 3].astype(np.int8).astype(np.int32)
    return np.stack([dtype, shape, factor, start], axis=-1).astype(np.int32)


def _code(raw: Array, count: Array, ops: Array) -> Array:
    leaf = count[:, None]
    op = ops[raw[..., 0] % len(ops)]
    numbers = [op, raw[..., 1] % leaf, raw[..., 2] % leaf, raw[..., 3] % 3, 1 + raw[..., 4] % 7]
    return np.stack(numbers, axis=-1).astype(np.int32)


def _fewer_instructions(case: StructuredBatch) -> Iterator[StructuredBatch]:
    """Each instruction alone, then without the first or last half, then without each one."""
    used = np.flatnonzero(case.code[0, :, 0])
    alone = [used[used != slot] for slot in used] if len(used) > 2 else []
    halves = [used[: len(used) // 2], used[len(used) // 2 :]] if len(used) > 2 else []
    for which in (*alone, *halves, *used[:, None]):
        code = case.code.copy()
        code[0, which] = 0
        yield replace(case, code=code)


def _fewer_trips(case: StructuredBatch) -> Iterator[StructuredBatch]:
    trips = case.upper - case.lower
    for fewer in {1, int(trips[0]) // 2, int(trips[0]) - 1}:
        if 0 < fewer < trips[0]:
            yield replace(case, upper=case.lower + fewer)
            yield replace(case, lower=case.upper - fewer)
    for nearer in {0, int(case.lower[0]) % 16, int(case.lower[0]) // 2}:
        if abs(nearer) < abs(int(case.lower[0])):
            lower = np.array([nearer], np.int64)
            yield replace(case, lower=lower, upper=lower + trips)


def _simpler_carries(case: StructuredBatch) -> Iterator[StructuredBatch]:
    """Fewer leaves, and leaves with a simpler dtype, shape, factor or start."""
    for count in range(1, int(case.count[0])):
        yield replace(case, count=np.array([count], np.int32))
    for leaf in range(int(case.count[0])):
        dtype = int(case.leaves[0, leaf, 0])
        for column, simplest in enumerate((0 if dtype < len(INTEGERS) else dtype, 0, 1, 0)):
            if case.leaves[0, leaf, column] != simplest:
                leaves = case.leaves.copy()
                leaves[0, leaf, column] = simplest
                yield replace(case, leaves=leaves)


def _simpler_operands(case: StructuredBatch) -> Iterator[StructuredBatch]:
    for slot in np.flatnonzero(case.code[0, :, 0]):
        for column, simplest in ((2, case.code[0, slot, 1]), (3, 0), (4, 1)):
            if case.code[0, slot, column] != simplest:
                code = case.code.copy()
                code[0, slot, column] = simplest
                yield replace(case, code=code)
