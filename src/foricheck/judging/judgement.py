"""What comes of judging one rule on one subject, and the check of one batch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from foricheck.cases.batch import Batch
from foricheck.comparison.violations import Undecided, Unsupported, Violation
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["ISOLATED_EXAMPLES", "Heard", "Judgement", "MatchKnownDeviation", "OnCase", "attempt"]
__all__ += ["check", "recheck"]

Heard = Callable[[int], None]
"""Told how many cases have been judged so far."""

OnCase = Callable[[Batch], None]
"""Told of each case before it is judged."""

MatchKnownDeviation = Callable[[Violation], str]
"""Why a violation is no news, or ``""``; one that is known does not end the search for others."""

ISOLATED_EXAMPLES = 64
"""How many cases are drawn where each is told before it is judged."""


@dataclass
class Judgement:
    """What came of judging one rule on one subject.

    Attributes:
        cases: how many cases were judged, shrinking apart.
        digest: a fingerprint of all of them.
        violation: the smallest violation found, or None.
        known_deviation: why that violation is known, or ``""``.
        heard: told of progress.
        on_case: told of every case before it is judged; cases are then judged one by one.
        shrinks: whether a violation is made smaller before it is told.
        left_out: how many cases could not be put to the target, and why the first; or ``""``.
    """

    cases: int = 0
    digest: bytes = b""
    violation: Violation | None = None
    known_deviation: str = ""
    heard: Heard = field(default=lambda _: None, repr=False)
    on_case: OnCase | None = None
    shrinks: bool = True
    left_out: str = ""

    def count(self, cases: Batch) -> None:
        """These cases are about to be judged."""
        if self.on_case:
            self.on_case(cases)
        self.cases += len(cases)
        self.digest = hashlib.sha256(self.digest + cases.digest()).digest()
        self.heard(self.cases)

    def leave_out(self, reasons: Sequence[str]) -> None:
        """So many of the cases were not judged after all.

        Raises:
            Undecided: those were all.
        """
        if reasons and len(reasons) >= self.cases:
            raise Undecided(reasons[0])
        if reasons:
            self.left_out = f"{len(reasons)} of {self.cases} cases are left out: {reasons[0]}"
            self.cases -= len(reasons)


def recheck(rule: Rule, subject: Subject, case: Batch) -> Violation | None:
    """Judge a rule on one case; used to replay."""
    try:
        check(rule, subject, case)
    except Violation as violation:
        return violation
    return None


def attempt(rule: Rule, subject: Subject, case: Batch) -> Violation | None:
    """As `recheck`, of a case that another which broke the rule was made into.

    Where nothing can be said of it, nothing is: what was found before stays found.
    """
    try:
        return recheck(rule, subject, case)
    except Undecided:
        return None


def check(rule: Rule, subject: Subject, cases: Batch) -> None:
    """Check the property; a violation's case is the one drawn, not one that was made from it.

    A sequence of calls stays as it is: it is one case of several lanes. A case that cannot be put
    to the target is left out.
    """
    try:
        _check_together(rule, subject, cases)
    except Unsupported as why:
        if len(cases) == 1:
            subject.left_out.append(str(why))
        else:
            _check_singly(rule, subject, cases)


def _check_together(rule: Rule, subject: Subject, cases: Batch) -> None:
    try:
        rule.prop(subject, cases)
    except Violation as violation:
        if len(violation.case) == 1:
            violation.case = cases.lane(violation.lanes[0])
        if subject.control:
            _must_be_possible(rule, subject.control, cases if len(cases) == 1 else violation.case)
        raise


def _must_be_possible(rule: Rule, control: Subject, case: Batch) -> None:
    """A right loop over the same arrays passes the case.

    Raises:
        Unsupported: it does not, and no loop is accused.
    """
    try:
        rule.prop(control, case)
    except Violation as violation:
        found = violation.difference
        told = f"a right loop over its arrays gives {found.got}, not {found.expected}"
        raise Unsupported(told) from violation


def _check_singly(rule: Rule, subject: Subject, cases: Batch) -> None:
    """As `check`, case by case, to leave out no more than those of which it is true."""
    for lane in range(len(cases)):
        try:
            check(rule, subject, cases.lane(lane))
        except Violation as violation:
            violation.lanes = [lane]
            raise
