"""From the outcome of a case to the violation that it is, if any."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.outcome import Outcome, Result
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.rec.expected import expected
from foricheck.comparison.trees import difference
from foricheck.comparison.violations import Difference, Violation
from foricheck.oracle.bounds import Enclosure
from foricheck.oracle.rounding import Arithmetic

__all__ = ["must_be_right", "must_be_right_or_refused", "must_not_grow"]

_MORE_TRIPS = 990
"""How many trips more the larger program makes."""

_OUTPUTS = {
    "none": ("",),
    "forward": ("", "tangent"),
    "reverse": ("", "cotangent"),
    "second": ("", "tangent", "second tangent"),
}
"""The outputs of a lane, by the derivative that is asked for."""


class Recurrence(Protocol):
    """What is asked of a target's subject."""

    @property
    def arithmetic(self) -> Arithmetic:
        """The precision of x, weights and result, and the known bounds on its rounding."""

    def outcome(self, case: RecurrenceCase) -> Outcome:
        """What comes of a case."""


def must_be_right(rec: Recurrence, case: RecurrenceCase) -> float:
    """Every lane gives what the oracle says, and the caller's x is as it was.

    Returns:
        The test ratio: the largest error divided by its bound.

    Raises:
        Violation: it is not so.
    """
    outcome = rec.outcome(case)
    several = len(outcome.results) > 1
    ratios = [
        _lane_must_be_right(rec, case, result, f"result {place}" if several else "")
        for place, result in enumerate(outcome.results)
    ]
    _x_must_be_left(case, outcome)
    return max(ratios)


def must_be_right_or_refused(rec: Recurrence, case: RecurrenceCase) -> float:
    """As `must_be_right`, or the call raises an error, whatever it is.

    Raises:
        Violation: it gives another result.
    """
    try:
        return must_be_right(rec, case)
    except Violation as violation:
        if violation.__cause__ is None:
            raise
        return 0.0  # the target raised it


def must_not_grow(case: RecurrenceBatch, small: int, large: int) -> None:
    """A program for 1,000 trips has fewer than one operation a trip more than one for 10.

    Raises:
        Violation: it has more.
    """
    if large - small >= _MORE_TRIPS:
        expected = f"fewer than {_MORE_TRIPS} operations more than the {small} for T = 10"
        raise Violation(case, Difference("program", expected, f"{large}", "program size"))


def _lane_must_be_right(rec: Recurrence, case: RecurrenceCase, result: Result, path: str) -> float:
    bounds = expected(result.case, result.lane, rec.arithmetic)
    worst, names = 0.0, _OUTPUTS[result.case.derivative]
    for name, bound, got in zip(names, bounds, result.outputs, strict=True):
        where = " ".join(filter(None, (path, name)))
        if not name and result.lane.T <= 0:
            _must_be_x(case, result.lane.x, got, where)
        else:
            worst = max(worst, _must_be_within(case, bound, got, where))
    return worst


def _must_be_x(case: RecurrenceCase, x: Array, got: Array, path: str) -> None:
    if found := difference(x, got, path):
        raise Violation(case, found)


def _must_be_within(case: RecurrenceCase, bound: Enclosure, got: Array, path: str) -> float:
    ratio = _ratio(bound, got)
    place, worst = int(np.argmax(ratio)), float(ratio.max())
    if worst > 1:
        digits = 17 if got.dtype == np.float64 else 9
        value, error = bound.value[place], bound.error[place]
        expected = f"{value:.{digits}g} ± {error:.2g}" if error else f"{value:.{digits}g}"
        found = Difference(f"{path}[{place}]", expected, f"{got[place]:.{digits}g}", "error", worst)
        raise Violation(case, found, max_ratio=worst)
    return worst


def _ratio(bound: Enclosure, got: Array) -> Array:
    """Error over bound; where NaN is expected, 0 for NaN and infinite for anything else."""
    undefined = np.isnan(bound.value)
    value = np.where(undefined, 0.0, bound.value)
    ratio = Enclosure(value, bound.error).ratio(np.where(undefined, 0.0, got))
    return np.where(undefined & ~np.isnan(got) & ~np.isinf(bound.error), np.inf, ratio)


def _x_must_be_left(case: RecurrenceCase, outcome: Outcome) -> None:
    if outcome.x_after is None:
        raise Violation(case, Difference("x", "as it was", "deleted", "the caller's x"))
    if found := difference(outcome.x_before, outcome.x_after, "x"):
        raise Violation(case, found)
