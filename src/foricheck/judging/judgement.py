"""What comes of judging one rule on one subject, and the check of one batch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from foricheck.cases import Batch
from foricheck.evidence import Violation
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["CAREFUL_EXAMPLES", "Announce", "Excuse", "Heard", "Judgement", "check", "recheck"]

Heard = Callable[[int], None]
"""Told how many cases have been judged so far."""

Announce = Callable[[Batch], None]
"""Told of each case before it is judged."""

Excuse = Callable[[Violation], str]
"""Why a violation is no news, or ``""``; one that is known does not end the search for others."""

CAREFUL_EXAMPLES = 64
"""How many cases are drawn where each is told before it is judged."""


@dataclass
class Judgement:
    """What came of judging one rule on one subject.

    Attributes:
        cases: how many cases were judged, shrinking apart.
        digest: a fingerprint of all of them.
        violation: the smallest violation found, or None.
        excuse: why that violation is known, or ``""``.
        heard: told of progress.
        announce: told of every case before it is judged; cases are then judged one by one.
        shrinks: whether a violation is made smaller before it is told.
    """

    cases: int = 0
    digest: bytes = b""
    violation: Violation | None = None
    excuse: str = ""
    heard: Heard = field(default=lambda _: None, repr=False)
    announce: Announce | None = None
    shrinks: bool = True

    def count(self, cases: Batch) -> None:
        """These cases are about to be judged."""
        if self.announce:
            self.announce(cases)
        self.cases += len(cases)
        self.digest = hashlib.sha256(self.digest + cases.digest()).digest()
        self.heard(self.cases)


def recheck(rule: Rule, subject: Subject, case: Batch) -> Violation | None:
    """Judge a rule on one case; used to replay."""
    try:
        check(rule, subject, case)
    except Violation as violation:
        return violation
    return None


def check(rule: Rule, subject: Subject, cases: Batch) -> None:
    """Check the property; a violation's case is the one drawn, not one that was made from it.

    A sequence of calls stays as it is: it is one case of several lanes.
    """
    try:
        rule.prop(subject, cases)
    except Violation as violation:
        if len(violation.case) == 1:
            violation.case = cases.lane(violation.lanes[0])
        raise
