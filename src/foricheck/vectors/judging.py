"""Run a target on the vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foricheck.cases.arrays import decode
from foricheck.cases.loop import LoopBatch, PermutedBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.assertions import must_be_within, must_equal
from foricheck.comparison.violations import Undecided, Violation
from foricheck.oracle.bounds import Enclosure
from foricheck.targets.loop import LoopSubject
from foricheck.targets.recurrence import RecurrenceSubject
from foricheck.targets.subject import Subject
from foricheck.vectors.vector import Vector

__all__ = ["Tally", "accepts", "difference", "judge"]


@dataclass
class Tally:
    """The results of one target.

    Attributes:
        judged: the vectors that were run.
        left_out: the vectors the target does not support.
        reasons: how many vectors were left out for each reason.
        wrong: the vectors with a wrong answer, and the difference.
    """

    judged: list[Vector] = field(default_factory=list)
    left_out: list[Vector] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Vector, Violation]] = field(default_factory=list)


def judge(subject: Subject, vectors: Iterable[Vector]) -> Tally:
    """Run a target on vectors of its kind, one at a time."""
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


def accepts(subject: Subject, vector: Vector) -> bool:
    """Whether the target supports a vector's dtypes, trip count and range of T."""
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
            return recurrence.accepts(case) and (recurrence.has_wide_counts or not is_wide)
        case _:
            return subject.accepts(vector.case)


def _must_take(subject: Subject, vector: Vector) -> None:
    if not accepts(subject, vector):
        wide = isinstance(vector.case, RecurrenceBatch) and subject.accepts(vector.case)
        raise Undecided("a T of 64 bits" if wide else "another dtype, or a loop that is too long")


def difference(subject: Subject, vector: Vector) -> Violation | None:
    """The difference between the target's answer and the vector's, or None.

    Raises:
        TypeError: the vector's kind is not the target's.
        Undecided: the target cannot run the vector.
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
            must_equal(case, values[0][None], run(case))
        case LoopSubject() as loop, PermutedBatch() as case:
            must_equal(case, values, loop.run_case(case))
        case RecurrenceSubject() as recurrence, RecurrenceBatch() as case:
            _recurrence(recurrence, case, values[0], decode(expected["error"][0]))
        case _:
            raise TypeError(f"{vector.id} is not for a {subject.kind}")


def _recurrence(subject: RecurrenceSubject, case: RecurrenceBatch, value: Any, error: Any) -> None:
    got = subject.run(case)
    if error.any():
        bound = Enclosure(value.astype(np.float64)[None], error[None])
        must_be_within(case, bound, got)
    else:
        must_equal(case, value[None], got)
