"""Wrong ranges: for each mistake its words, and the indices that a loop runs for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeGuard

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.diagnosis.loops.runs import Run
from foricheck.oracle import programs as oracle

__all__ = ["RANGES", "RIGHT", "Indices", "WrongRange", "explains", "listed"]

Indices = Callable[[int, int], Sequence[int]]

_LONGEST = 2**12
_SHOWN = 8


@dataclass(frozen=True, eq=False)
class WrongRange:
    """A mistake in which iterations run.

    Attributes:
        words: a sentence without its full stop.
        indices: from the bounds to the indices that the body is given, in order; several where
            the mistake can be made in several ways.
    """

    words: str
    indices: tuple[Indices, ...]


def explains(wrong: WrongRange, run: Run) -> bool:
    """Whether a mistake predicts the registers of a run, bit for bit."""
    is_long = abs(run.upper - run.lower) > _LONGEST
    possible = (each for each in wrong.indices if not is_long or _is_range(each))
    return any(_gives(run, indices(run.lower, run.upper)) for indices in possible)


def listed(indices: Sequence[int]) -> str:
    """Indices in words: ``0, 1, 2``, or ``no index``."""
    if not indices:
        return "no index"
    if len(indices) > _SHOWN:
        return f"{len(indices):,} indices, {indices[0]}, {indices[1]}, … {indices[-1]}"
    return ", ".join(map(str, indices))


def _is_range(indices: Indices) -> bool:
    """Whether the indices are never a list, which would be too long for a long loop."""
    return isinstance(indices(0, 3), range)


def _gives(run: Run, indices: Sequence[int]) -> bool:
    if len(indices) > _LONGEST and not _counts_up(indices):
        return False
    state = run.case.carry
    for part in _in_a_row(indices):
        if len(part) > _LONGEST and not run.is_recorded:
            return False
        state = _advanced(run.case, part, state)
    return bool((state[0] == run.got).all())


def _advanced(case: LoopBatch, part: range, state: Array) -> Array:
    wide = case.lower.dtype.type
    lower, upper = (case.lower * 0 + wide(side) for side in (part.start, part.stop))
    made = LoopBatch(case.dtype, lower, upper, case.code, state)
    return oracle.recorded(made) if len(part) > _LONGEST else oracle.run(made)


def _counts_up(indices: Sequence[int]) -> TypeGuard[range]:
    return isinstance(indices, range) and indices.step == 1


def _in_a_row(indices: Sequence[int]) -> Iterator[range]:
    """The indices in runs that count up by one."""
    if _counts_up(indices):
        yield indices
        return
    start = None
    for place, index in enumerate(indices):
        start = index if start is None else start
        if place + 1 == len(indices) or indices[place + 1] != index + 1:
            yield range(start, index + 1)
            start = None


def _wrong(words: str, *indices: Indices) -> WrongRange:
    return WrongRange(words, indices)


def _whole_blocks(size: int) -> Iterator[WrongRange]:
    def dropped(lower: int, upper: int) -> range:
        return range(lower, lower + max(upper - lower, 0) // size * size)

    def added(lower: int, upper: int) -> range:
        return range(lower, lower - -max(upper - lower, 0) // size * size)

    def kept(lower: int, upper: int) -> range:
        return dropped(lower, upper) or range(lower, upper)

    yield _wrong(
        f"The remainder after whole blocks of {size} iterations does not run", dropped, kept
    )
    yield _wrong(f"The last block of {size} iterations runs in full, past upper", added)


def _at_most(count: int) -> WrongRange:
    return _wrong(
        f"At most {count} iterations run", lambda lower, upper: range(lower, upper)[:count]
    )


RIGHT = _wrong("", range)

RANGES: tuple[WrongRange, ...] = (
    _wrong("The first iteration does not run", lambda a, b: range(a + 1, b)),
    _wrong("The last iteration does not run", lambda a, b: range(a, b - 1)),
    _wrong("The first and the last iteration do not run", lambda a, b: range(a + 1, b - 1)),
    _wrong(
        "The upper bound is included",
        lambda a, b: range(a, b + 1),
        lambda a, b: range(a, b + 1) if a < b else range(0),
    ),
    _wrong("The range starts one too early, at lower − 1", lambda a, b: range(a - 1, b)),
    _wrong(
        "Both bounds are one too large: the indices are lower + 1, …, upper",
        lambda a, b: range(a + 1, b + 1),
    ),
    _wrong("The iterations run backwards", lambda a, b: range(b - 1, a - 1, -1)),
    _wrong(
        "The lower bound is ignored: the range starts at 0",
        lambda a, b: range(b),
        lambda a, b: range(0 if b > 0 else a, b),
    ),
    _wrong(
        "The index counts from 0, and not from lower",
        lambda a, b: range(max(b - a, 0)),
    ),
    _wrong("upper is taken for the number of iterations", lambda a, b: range(a, a + b)),
    _wrong(
        "The body runs once where no iteration is due",
        lambda a, b: range(a, max(b, a + 1)),
        lambda a, b: range(a, b if a != b else b + 1),
    ),
    _wrong(
        "Bounds in the wrong order are swapped, and not an empty range",
        lambda a, b: range(min(a, b), max(a, b)),
        lambda a, b: range(a, a + abs(b - a)),
        lambda a, b: range(a, b) or range(a, b, -1),
    ),
    _wrong("No iteration has an effect", lambda a, b: range(0)),
    _wrong("Only the first iteration has an effect", lambda a, b: range(a, b)[:1]),
    _wrong("Only the last iteration has an effect", lambda a, b: range(a, b)[-1:]),
    _wrong("The first iteration runs twice", lambda a, b: [*range(a, b)[:1], *range(a, b)]),
    _wrong("The last iteration runs twice", lambda a, b: [*range(a, b), *range(a, b)[-1:]]),
    _wrong("Every iteration runs twice", lambda a, b: sorted([*range(a, b)] * 2)),
    _wrong("The whole range runs twice", lambda a, b: [*range(a, b)] * 2),
    _wrong(
        "The index advances by 2",
        lambda a, b: range(a, b, 2),
        lambda a, b: range(a, a + 2 * max(b - a, 0), 2),
    ),
    _wrong("The index stays at lower", lambda a, b: [a] * max(b - a, 0)),
    _wrong("The index is always 0", lambda a, b: [0] * max(b - a, 0)),
    *chain.from_iterable(_whole_blocks(size) for size in (2, 3, 4, 8)),
    *(_at_most(count) for count in (2, 3, 4, 5, 6)),
)
"""The mistakes that are tried."""
