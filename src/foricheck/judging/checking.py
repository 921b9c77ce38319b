"""Checking the property of a rule on a batch of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.comparison.refusals import ANOTHER_ERROR
from foricheck.comparison.violations import Undecided, Unsupported, Violation
from foricheck.judging.beyond import beyond
from foricheck.judging.needs import lacking
from foricheck.rules.rule import Rule
from foricheck.targets.limits import UNLIMITED
from foricheck.targets.subject import Subject
from foricheck.targets.within import Within

__all__ = ["Observation", "check"]


@dataclass(frozen=True)
class Observation:
    """The outcome of one check.

    Attributes:
        violation: of the first case that breaks the rule, or None.
        max_ratio: the largest test ratio, or None where the rule has no bound.
        left_out: for each case that the target cannot be given, the reason.
    """

    violation: Violation | None = None
    max_ratio: float | None = None
    left_out: tuple[str, ...] = ()

    def and_then(self, later: Observation) -> Observation:
        """Both observations in one; the earlier violation counts."""
        ratios = [one.max_ratio for one in (self, later) if one.max_ratio is not None]
        return Observation(
            self.violation or later.violation,
            max(ratios, default=None),
            self.left_out + later.left_out,
        )


def check(rule: Rule, subject: Subject, cases: Batch) -> Observation:
    """Check a rule on a batch; a violation holds the case as drawn, not one derived from it.

    A sequence of calls stays whole: it is one case of several lanes. A case that the target
    cannot be given is left out.

    Raises:
        Undecided: the rule does not apply to the target.
    """
    if needed := lacking(subject, cases):
        return Observation(left_out=(f"the target lacks {needed}",))
    if subject.target.limits != UNLIMITED:
        reasons = [beyond(subject.target.limits, each) for each in _lanes(cases)]
        if any(reasons):
            return _check_within(rule, subject, cases, reasons)
    try:
        return _check_together(rule, subject, cases)
    except Unsupported as why:
        reason, lanes = str(why), why.lanes
    if len(cases) == 1:
        return Observation(left_out=(reason,))
    if lanes:
        left_out = Observation(left_out=(reason,) * len(lanes))
        return left_out.and_then(_check_without(rule, subject, cases, lanes))
    return _check_singly(rule, subject, cases)


def _lanes(cases: Batch) -> list[Batch]:
    return [cases.lane(lane) for lane in range(len(cases))]


def _check_within(rule: Rule, subject: Subject, cases: Batch, reasons: list[str]) -> Observation:
    """Check the cases that are within the limits of the target; the others have reasons."""
    left_out = Observation(left_out=tuple(filter(None, reasons)))
    within = [lane for lane, reason in enumerate(reasons) if not reason]
    if not within:
        return left_out
    seen = check(rule, subject, cases.lanes(np.array(within)))
    if seen.violation:
        seen.violation.lanes = [within[lane] for lane in seen.violation.lanes]
    return left_out.and_then(seen)


def _check_together(rule: Rule, subject: Subject, cases: Batch) -> Observation:
    try:
        seen = _asked(rule, subject, cases)
    except (Undecided, Violation):
        _must_be_within(subject)
        raise
    _must_be_within(subject)
    return seen


def _must_be_within(subject: Subject) -> None:
    """Judge no case in which the target was not called, as it would be beyond its limits.

    Raises:
        Unsupported: that was so.
    """
    if isinstance(subject.function, Within) and subject.function.beyond:
        reason = subject.function.beyond[0]
        subject.function.beyond.clear()
        raise Unsupported(reason)


def _asked(rule: Rule, subject: Subject, cases: Batch) -> Observation:
    try:
        return Observation(max_ratio=rule.prop(subject, cases))
    except Violation as violation:
        if _is_declared(violation, subject):
            return Observation()
        violation.batch = cases
        if len(violation.case) == 1:
            violation.case = cases.lane(violation.lanes[0])
        if subject.control:
            _must_be_possible(rule, subject.control, cases if len(cases) == 1 else violation.case)
        return Observation(violation, violation.max_ratio)


def _is_declared(violation: Violation, subject: Subject) -> bool:
    """Whether it is a refusal of a type by which the target says that it refuses."""
    own = isinstance(violation.__cause__, subject.target.refuses_with)
    return own and violation.difference.why == ANOTHER_ERROR


def _must_be_possible(rule: Rule, control: Subject, case: Batch) -> None:
    """Accuse no target of a case that a correct one over the same arrays fails too.

    Raises:
        Unsupported: the control fails the case.
    """
    try:
        rule.prop(control, case)
    except Violation as violation:
        found = violation.difference
        reason = f"a right loop over its arrays gives {found.got}, not {found.expected}"
        raise Unsupported(reason) from violation


def _check_without(rule: Rule, subject: Subject, cases: Batch, lanes: Sequence[int]) -> Observation:
    """Check the cases of a batch except those at some positions."""
    kept = sorted(set(range(len(cases))) - set(lanes))
    if not kept:
        return Observation()
    seen = check(rule, subject, cases.lanes(np.array(kept)))
    if seen.violation:
        seen.violation.lanes = [kept[lane] for lane in seen.violation.lanes]
    return seen


def _check_singly(rule: Rule, subject: Subject, cases: Batch) -> Observation:
    """Check each case alone, up to a violation, so that only unsupported cases are left out."""
    total = Observation()
    for lane in range(len(cases)):
        total = total.and_then(check(rule, subject, cases.lane(lane)))
        if total.violation:
            total.violation.lanes = [lane]
            break
    return total
