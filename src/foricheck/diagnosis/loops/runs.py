"""Which iterations a loop runs: what the index recorder holds after a few ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.comparison.violations import Undecided, Violation
from foricheck.oracle import programs as oracle
from foricheck.programs.program import ROWS, SLOTS, WIDTH, recorder
from foricheck.targets.loop import LoopSubject

__all__ = ["Run", "of_batch", "of_probes", "ran", "recorded_on"]

_PROBES = (
    *((0, 3), (2, 5), (0, 0), (3, 1), (-2, 2), (0, 1), (4, 4), (1, 8), (0, 7), (5, 10)),
    *((-3, -1), (0, 2), (1, 7), (2, -1), (0, 9), (2, 15), (-4, 13)),
)
"""Ranges, most of at most 8 trips, for which the recorder holds every index."""

_FILLED = ((0, 3), (2, 5), (1, 8), (3, 1), (-2, 9))
"""Ranges on which it starts from registers that are not zero."""

_MULTIPLIER = 1_000_003

_kept: WeakKeyDictionary[LoopSubject, tuple[Run, ...]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Run:
    """One run of a loop over registers, and the registers that came back.

    Attributes:
        case: the loop, a batch of one.
        got: int32 of shape ``(ROWS, WIDTH)``.
    """

    case: LoopBatch
    got: Array

    @property
    def lower(self) -> int:
        """The lower bound."""
        return int(self.case.lower[0])

    @property
    def upper(self) -> int:
        """The upper bound."""
        return int(self.case.upper[0])

    @property
    def is_recorded(self) -> bool:
        """Whether the body is the index recorder, from zeros."""
        return bool((self.case.code[0] == recorder()).all()) and not self.case.carry.any()


def of_batch(loop: LoopSubject, cases: LoopBatch) -> tuple[Run, ...]:
    """The runs of a batch.

    Raises:
        Violation: the target raises, or gives no registers.
    """
    got = loop.run(cases)
    return tuple(Run(cases.lane(n), got[n]) for n in range(len(cases)))


def of_probes(loop: LoopSubject) -> tuple[Run, ...]:
    """Runs of the index recorder on small ranges; kept for the next failure."""
    if loop not in _kept:
        lower, upper = (list(column) for column in zip(*_PROBES, *_FILLED, strict=True))
        cases = _recording("int32", lower, upper)
        cases.carry[len(_PROBES) :] = 5
        _kept[loop] = tuple(_probed(loop, cases))
    return _kept[loop]


def recorded_on(case: LoopBatch) -> LoopBatch:
    """The index recorder on the bounds of a case."""
    lower, upper = ([int(side[0])] for side in (case.lower, case.upper))
    return _recording(case.dtype, lower, upper)


def ran(got: Array) -> Sequence[int] | None:
    """The indices that the recorder was given, in order; None where its registers do not say."""
    count, digest = int(got[1, 0]), int(got[2, 0])
    if count < 0 or (got[1:3] != got[1:3, :1]).any():
        return None
    last = int(got[0, (count - 1) % WIDTH])
    in_a_row = range(last - count + 1, last + 1) if count else range(0)
    few = [int(index) for index in got[0, :count]] if count <= WIDTH else []
    candidates: tuple[Sequence[int], ...] = (in_a_row, few)
    fitting = (one for one in candidates if len(one) == count and _digest(one) == digest)
    return next(fitting, None)


def _recording(dtype: str, lower: list[int], upper: list[int]) -> LoopBatch:
    code = np.broadcast_to(recorder(), (len(lower), SLOTS, 5))
    carry = np.zeros((len(lower), ROWS, WIDTH), np.int32)
    wide = np.uint64 if dtype == "uint64" else np.int64
    return LoopBatch(dtype, np.array(lower, wide), np.array(upper, wide), code, carry)


def _probed(loop: LoopSubject, probes: LoopBatch) -> Iterator[Run]:
    """The runs that give registers: together, or each alone where the target takes them so."""
    for part in [probes] if loop.lanes > 1 else probes.chunks(1):
        try:
            yield from of_batch(loop, part)
        except (Violation, Undecided):
            continue


def _digest(indices: Sequence[int]) -> int:
    """The recorder's hash of indices, as int32."""
    if isinstance(indices, range):
        first, count = np.array([indices.start]), np.array([len(indices)])
        total = int(oracle.affine(first, count, multiplier=_MULTIPLIER)[0])
    else:
        total = 0
        for index in indices:
            total = (total * _MULTIPLIER + index) % 2**32
    return total - 2**32 if total >= 2**31 else total
