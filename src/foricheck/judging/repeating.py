"""Checking a violation once more: whether the target answers the same twice."""

from __future__ import annotations

from dataclasses import replace

from foricheck.cases.batch import Batch
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.judging.checker import Checker
from foricheck.judging.checking import check

__all__ = ["NOT_TWICE", "TOGETHER", "repeated", "same_answer"]

NOT_TWICE = "not the same twice"
"""The kind of difference of a target that answers the same call differently."""

TOGETHER = "only together with other cases"
"""The kind of difference of a case that breaks the rule only in a batch."""

_MANY = 16
"""A batch of more cases is too long for a report."""


def repeated(checker: Checker, violation: Violation) -> Violation:
    """The violation after its case was checked again: alone, and then with its batch.

    The result is the violation, or one that says that the target does not answer the same twice,
    or one of several cases where none of them breaks the rule alone.
    """
    try:
        return _repeated(checker, violation)
    except Undecided:  # what was found stands
        return violation


def same_answer(one: Difference, other: Difference) -> bool:
    """Whether two checks of one case found the same.

    The texts of errors are not compared: they may have addresses of objects.
    """
    return _answer(one) == _answer(other)


def _repeated(checker: Checker, violation: Violation) -> Violation:
    again = _once_more(checker, violation.case)
    if again is None and len(violation.batch) > len(violation.case):
        return _together(checker, violation)
    if again is None:
        return _unsteady(violation, "the expected value")
    if same_answer(violation.difference, again.difference):
        return violation
    # Alone it may be rounded otherwise than in its batch: only two equal calls are compared.
    third = _once_more(checker, violation.case)
    if third is None:
        return _unsteady(again, "the expected value")
    if same_answer(again.difference, third.difference):
        return third
    return _unsteady(again, third.difference.got)


def _together(checker: Checker, violation: Violation) -> Violation:
    """The violation of a case that holds alone: of a few of its batch, if they suffice."""
    cases = violation.batch
    again = _once_more(checker, cases)
    if again is None:
        return _unsteady(violation, "the expected value")
    while len(cases) > 1 and (found := _in_a_half(checker, cases)):
        cases, again = found.batch, found
    if len(cases) > _MANY:
        cases = violation.case
    why = f"{again.difference.why}, {TOGETHER}: alone, it gives the expected value"
    return Violation(cases, replace(again.difference, why=why), max_ratio=violation.max_ratio)


def _in_a_half(checker: Checker, cases: Batch) -> Violation | None:
    middle = len(cases) // 2
    halves = (cases.lanes(slice(0, middle)), cases.lanes(slice(middle, None)))
    found = (_once_more(checker, half) for half in halves)
    return next((one for one in found if one), None)


def _unsteady(violation: Violation, then: str) -> Violation:
    found = violation.difference
    got = f"{found.got}; the same call again: {then}"
    return Violation(violation.case, replace(found, got=got, why=NOT_TWICE))


def _once_more(checker: Checker, cases: Batch) -> Violation | None:
    """The violation of cases that are checked again.

    Raises:
        Undecided: the target can no longer be given them.
    """
    checker.announce(cases)
    seen = check(checker.task.rule, checker.task.subject, cases)
    if seen.left_out and not seen.violation:
        raise Undecided(seen.left_out[0])
    return seen.violation


def _answer(found: Difference) -> tuple[str, str, str]:
    is_error = found.why.startswith(("raised", "another error", "error message"))
    return found.path, found.why, "" if is_error else found.got
