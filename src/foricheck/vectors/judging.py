"""A target on the vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foricheck.cases.arrays import decode
from foricheck.cases.loop import LoopBatch, PermutedBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.violations import Undecided, Violation
from foricheck.oracle.bounds import Enclosure
from foricheck.targets.loop import LoopSubject
from foricheck.targets.recurrence import RecurrenceSubject
from foricheck.targets.subject import Subject
from foricheck.vectors.vector import Vector

__all__ = ["Tally", "difference", "judge", "takes"]


@dataclass
class Tally:
    """What came of a target.

    Attributes:
        judged: the vectors that it was given.
        left_out: those that it does not take, or cannot be given.
        reasons: why these are left out, and how many for each reason.
        wrong: those that it answers otherwise, with the difference.
    """

    judged: list[Vector] = field(default_factory=list)
    left_out: list[Vector] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Vector, Violation]] = field(default_factory=list)


def judge(subject: Subject, vectors: Iterable[Vector]) -> Tally:
    """Give a target the vectors of its kind, one after the other."""
    tally = Tally()
    for vector in vectors:
        try:
            _must_take(subject, vector)
            found = difference(subject, vector)
        except Undecided as why:
            tally.left_out.append(vector)
            tally.reasons[str(why)] += 1
        else:
            tally.judged.append(vector)
            tally.wrong += [(vector, found)] if found else []
    return tally


def takes(subject: Subject, vector: Vector) -> bool:
    """Whether the target has the dtypes of a vector, the bits of its T, and patience for trips."""
    match subject, vector.case:
        case LoopSubject() as loop, LoopBatch() as case:
            trips = int(case.upper[0]) - int(case.lower[0])
            return case.dtype in loop.dtypes and trips <= loop.max_trips
        case LoopSubject() as loop, PermutedBatch() as case:
            leaves = {leaf.dtype.name for leaf in case.leaves}
            has_dtypes = case.dtype in loop.dtypes and leaves <= set(loop.leaf_dtypes)
            return has_dtypes and case.upper - case.lower <= loop.max_trips
        case RecurrenceSubject() as recurrence, RecurrenceBatch() as case:
            is_wide = not -(2**31) <= int(case.T[0]) < 2**31
            return recurrence.takes(case) and (recurrence.has_wide_counts or not is_wide)
        case _:
            return subject.takes(vector.case)


def _must_take(subject: Subject, vector: Vector) -> None:
    if not takes(subject, vector):
        wide = isinstance(vector.case, RecurrenceBatch) and subject.takes(vector.case)
        raise Undecided("a T of 64 bits" if wide else "another dtype, or a loop that is too long")


def difference(subject: Subject, vector: Vector) -> Violation | None:
    """How the target's answer differs from a vector's, or None.

    Raises:
        TypeError: the vector is of another kind than the target.
        Undecided: it cannot be put to the target.
    """
    try:
        _check(subject, vector)
    except Violation as violation:
        return violation
    return None


def _check(subject: Subject, vector: Vector) -> None:
    expected = vector.expected
    values = tuple(map(decode, expected["value"]))
    match subject, vector.case:
        case LoopSubject() as loop, LoopBatch() as case:
            run = loop.run_nested if vector.nested else loop.run
            loop.must_equal(case, values[0][None], run(case))
        case LoopSubject() as loop, PermutedBatch() as case:
            loop.must_equal(case, values, loop.run_permuted(case))
        case RecurrenceSubject() as recurrence, RecurrenceBatch() as case:
            _recurrence(recurrence, case, values[0], decode(expected["error"][0]))
        case _:
            raise TypeError(f"{vector.id} is not for a {subject.kind}")


def _recurrence(subject: RecurrenceSubject, case: RecurrenceBatch, value: Any, error: Any) -> None:
    got = subject.run(case)
    if error.any():
        bound = Enclosure(value.astype(np.float64)[None], error[None])
        subject.must_be_within(case, bound, got)
    else:
        subject.must_equal(case, value[None], got)
