"""Cases of ``fori_loop``: ranges, carries and body programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.cases.variants import PLAIN
from foricheck.programs.program import CONST, INDEX, OPS, ROWS, SLOTS, WIDTH, climber, recorder
from foricheck.strategies.choices import Choices
from foricheck.strategies.iter import ranges
from foricheck.strategies.iter.ranges import RANGE
from foricheck.strategies.limits import LoopLimits

__all__ = [
    "PROGRAM",
    "RANGE",
    "calls_in_order",
    "empty",
    "every_dtype",
    "every_int8_pair",
    "fixed_points",
    "halves",
    "halves_from",
    "int32",
    "long_ranges",
    "moved_to_zero",
    "programs",
    "programs_without_index",
    "recorded",
    "recording",
    "triangles",
]

PROGRAM = RANGE + 4 + 6 * SLOTS
"""The number of choices for a range, a carry and a program."""

_INT8_LANES = 4096
_LONG = (255, 256, 257, 2**15 - 1, 2**15, 2**15 + 1, 2**16 - 1, 2**16, 2**16 + 1)
_VERY_LONG = (2**24 + 9,)


def int32(_: LoopLimits) -> tuple[str, ...]:
    """The only setting of strategies whose bounds are int32."""
    return ("int32",)


def every_dtype(loop: LoopLimits) -> tuple[str, ...]:
    """One setting for each dtype that bounds can have."""
    return loop.dtypes


def recording(dtype: str, lower: Array | list[int], upper: Array | list[int]) -> LoopBatch:
    """The index recorder on these ranges, starting from zeros."""
    count = len(lower)
    code = np.broadcast_to(recorder(), (count, SLOTS, 5))
    carry = np.zeros((count, ROWS, WIDTH), np.int32)
    return LoopBatch(dtype, ranges.column(lower, dtype), ranges.column(upper, dtype), code, carry)


def recorded(dtype: str, rows: Array) -> LoopBatch:
    """The index recorder on ranges decoded from choices ``(N, RANGE)``."""
    return recording(dtype, *ranges.draw(dtype, Choices(rows)))


def programs(dtype: str, rows: Array) -> LoopBatch:
    """Ranges, carries and body programs decoded from choices ``(N, PROGRAM)``."""
    choices = Choices(rows)
    lower, upper = ranges.draw(dtype, choices)
    carry = _carries(choices.number(4).astype(np.uint32))
    return LoopBatch(dtype, lower, upper, _codes(choices), carry)


def summing_programs(dtype: str, rows: Array) -> LoopBatch:
    """As `programs`, but the body first adds the index to a register."""
    cases = programs(dtype, rows)
    return replace(cases, code=_adding(INDEX, cases.code))


def empty(dtype: str, rows: Array) -> LoopBatch:
    """As `programs`, but with upper <= lower and a body that first adds one to a register."""
    cases = programs(dtype, rows)
    low, high = np.minimum(cases.lower, cases.upper), np.maximum(cases.lower, cases.upper)
    return replace(cases, lower=high, upper=low, code=_adding(CONST, cases.code))


def programs_without_index(dtype: str, rows: Array) -> LoopBatch:
    """As `programs`, but with a constant in place of the index."""
    cases = programs(dtype, rows)
    code = cases.code.copy()
    operands = code[..., 2:4]
    operands[operands == INDEX] = CONST
    return replace(cases, code=code)


def fixed_points(dtype: str, rows: Array) -> LoopBatch:
    """A body that takes the maximum of carry and index, starting from a carry in the range."""
    cases = recorded(dtype, rows)
    middle = cases.lower + np.maximum(cases.upper - cases.lower, 0) // 2
    carry = np.broadcast_to(middle[:, None, None], cases.carry.shape).astype(np.int32)
    return replace(cases, code=np.broadcast_to(climber(), cases.code.shape), carry=carry)


def triangles(dtype: str, rows: Array) -> LoopBatch:
    """As `programs`, but with small ranges: the inner loop of iteration i has i trips."""
    cases = programs(dtype, rows)
    lower = np.clip(cases.lower, -2, 3)
    trips = np.clip(cases.upper - cases.lower, -1, 4)
    return replace(cases, lower=lower, upper=lower + trips)


def every_int8_pair(loop: LoopLimits) -> Iterator[LoopBatch]:
    """All 65,536 pairs of int8 bounds for the recorder, short loops first.

    For slow targets, all pairs of at most 8 trips and one in 97 of the others; for very slow ones,
    one in 41 of these.
    """
    every = np.arange(-128, 128)
    lower, upper = (side.ravel() for side in np.meshgrid(every, every, indexing="ij"))
    trips = np.maximum(upper - lower, 0)
    order = np.lexsort((np.abs(lower), trips))
    if loop.variant == PLAIN or loop.max_trips < _VERY_LONG[0]:
        short = int((trips <= WIDTH).sum())
        order = np.concatenate([order[:short], order[short::97]])
    if loop.max_trips < _LONG[-1]:
        order = order[::41]
    for start in range(0, len(order), _INT8_LANES):
        which = order[start : start + _INT8_LANES]
        yield recording("int8", lower[which], upper[which])


def long_ranges(loop: LoopLimits) -> Iterator[LoopBatch]:
    """Trip counts around powers of two, up to the target's limit."""
    for count in (trips for trips in _LONG + _VERY_LONG if trips <= loop.max_trips):
        yield recording("int32", [-3], [count - 3])


def halves(cases: LoopBatch) -> tuple[LoopBatch, LoopBatch]:
    """Each range split in the middle."""
    trips = np.maximum(cases.upper - cases.lower, 0)
    cut = cases.lower + trips // 2
    return replace(cases, upper=cut), replace(cases, lower=cut, upper=cases.lower + trips)


def halves_from(cases: LoopBatch, run: Callable[[LoopBatch], Array]) -> list[LoopBatch]:
    """The two halves, the second one starting from the correct result of the first."""
    first, second = halves(cases)
    return [first, second.starting_from(run(first))]


def moved_to_zero(cases: LoopBatch) -> LoopBatch:
    """Each range shifted to start at 0."""
    trips = np.maximum(cases.upper - cases.lower, 0)
    return replace(cases, lower=np.zeros_like(trips), upper=trips)


def calls_in_order(case: LoopBatch) -> LoopBatch:
    """The case, two more trips, two other carries, another constant in the body, the case again.

    One of the carries differs only in its last element.
    """
    calls = case.lanes(np.zeros(6, np.int64))
    trips = np.array([0, 2, 0, 0, 0, 0]) + np.maximum(case.upper - case.lower, 1)
    lower = np.broadcast_to(np.minimum(case.lower, 2**30), 6)
    carry, code = calls.carry.copy(), _adding(CONST, calls.code)
    carry[2, -1, -1] += 1
    carry[3] += 1
    code[4, 0, 4] = 2
    return replace(calls, lower=lower, upper=lower + trips, carry=carry, code=code)


def _adding(operand: int, code: Array) -> Array:
    """The programs, changed to first add ``operand`` (the index or the number 1) to a register."""
    changed = code.copy()
    changed[:, 0] = (OPS.index("add"), 0, 0, operand, 1)
    return changed


def _carries(seed: Array) -> Array:
    """Registers derived from a seed, int32 of shape ``(N, ROWS, WIDTH)``: zeros for seed 0."""
    position = np.arange(1, ROWS * WIDTH + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
    mixed = seed[:, None] * position
    mixed ^= mixed >> np.uint32(15)
    return np.asarray(mixed.view(np.int32)).reshape(-1, ROWS, WIDTH)


def _codes(choices: Choices) -> Array:
    """Programs of ``SLOTS`` instructions, int32 of shape ``(N, SLOTS, 5)``; zeros mean idle."""
    raw = choices.block(SLOTS, 6).astype(np.int32)
    op, dst, operands = raw[..., 0] % len(OPS), raw[..., 1] % ROWS, raw[..., 2:4] % (ROWS + 2)
    small = raw[..., 4].astype(np.int8).astype(np.int32)
    constant = small * np.where(raw[..., 5] % 4 == 3, 2**24 + 1, 1).astype(np.int32)
    parts = [op, dst, operands[..., 0], operands[..., 1], constant]
    return np.stack(parts, axis=-1).astype(np.int32)
