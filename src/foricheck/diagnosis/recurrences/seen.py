"""What a recurrence gives: for a failed case, and for calls that tell mistakes apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import Call as CallCase
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.trees import array_of
from foricheck.comparison.violations import Undecided, Violation
from foricheck.diagnosis.recurrences.models import Call
from foricheck.rules.rule import Rule
from foricheck.targets.recurrence import RecurrenceSubject

__all__ = ["of_case", "of_probes"]

_HIDDEN = 3
_PROBES = ((7, 0), (7, 1), (7, 2), (11, 3), (11, 4), (2, 5), (5, 9), (2, -1), (3, -2), (3, 1))
"""Seed and T of each call."""

_kept: WeakKeyDictionary[RecurrenceSubject, tuple[Call, ...]] = WeakKeyDictionary()


def of_case(rule: Rule, rec: RecurrenceSubject, case: Batch) -> tuple[Call, ...]:
    """The calls of a failed case, without a derivative; none where one gives no state.

    Raises:
        Undecided: the target can no longer be given the case.
    """
    try:
        return tuple(_calls(rule, rec, case))
    except Violation:
        return ()


def of_probes(rec: RecurrenceSubject) -> tuple[Call, ...]:
    """Calls with few steps, for several seeds; kept for the next failure."""
    if rec not in _kept:
        _kept[rec] = tuple(_probed(rec, _probes(rec)))
    return _kept[rec]


def _calls(rule: Rule, rec: RecurrenceSubject, case: Batch) -> Iterator[Call]:
    match case:
        case RecurrenceBatch():
            for batch in rule.reproduction(case):
                yield from _of_batch(batch, rec)
        case RecurrenceCase():
            for result in rec.outcome(case).results:
                lane = result.lane
                yield Call(lane.seed, lane.x, lane.T, result.outputs[0])
        case CallCase():
            yield from _of_arguments(rec, *case.values())


def _of_arguments(rec: RecurrenceSubject, seed: Any, x: Any, hidden: Any, T: Any) -> Iterator[Call]:
    if not all(math.isfinite(number) for number in (seed, T)):
        return
    given = np.array(x, rec.dtype)
    got = rec.guarded(CallCase("", "", "", ""), lambda: rec.call(seed, x, hidden, T))
    array = array_of(got, rec.dtype, given.shape)
    if array is not None:
        yield Call(int(seed), given, int(T), array)


def _of_batch(batch: RecurrenceBatch, rec: RecurrenceSubject) -> Iterator[Call]:
    given = batch.x.copy()  # a target may write into its arguments
    got = rec.run(batch)
    lanes = zip(batch.seed, given, batch.T, got, strict=True)
    return (Call(int(seed), x, int(T), state.copy()) for seed, x, T, state in lanes)


def _probes(rec: RecurrenceSubject) -> RecurrenceBatch:
    x = np.array([0.53, -0.27, 0.71], rec.dtype)
    rows = np.stack([np.roll(x, n) * (-1) ** n for n in range(len(_PROBES))])
    seeds, trips = (np.array(column, np.int64) for column in zip(*_PROBES, strict=True))
    return RecurrenceBatch(_HIDDEN, seeds, rows, trips)


def _probed(rec: RecurrenceSubject, probes: RecurrenceBatch) -> Iterator[Call]:
    """The calls that give a state: together, or each alone where the target takes them so."""
    for part in [probes] if rec.lanes > 1 else probes.chunks(1):
        try:
            yield from _of_batch(part, rec)
        except (Violation, Undecided):
            continue
