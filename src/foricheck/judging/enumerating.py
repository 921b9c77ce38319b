"""Cases that are listed, the simplest first."""

from __future__ import annotations

from collections.abc import Callable

from foricheck.cases.batch import Batch
from foricheck.comparison.violations import Violation
from foricheck.judging.judgement import Judgement, attempt, check
from foricheck.judging.shrinking import simplified
from foricheck.rules.draws import Enumerated
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["enumerated"]


_CALLS = 32
"""So many are made between two signs of life, where each case is a call of its own."""


def enumerated(
    rule: Rule, subject: Subject, draw: Enumerated, judgement: Judgement
) -> Callable[[int], None]:
    """From a seed, which is not needed, to the judging of one rule on all the cases there are."""

    def again(case: Batch) -> Violation | None:
        judgement.heard(judgement.cases)
        if judgement.on_case:
            judgement.on_case(case)
        return attempt(rule, subject, case)

    def judge(cases: Batch) -> None:
        judgement.count(cases)
        try:
            check(rule, subject, cases)
        except Violation as violation:
            if judgement.shrinks and draw.simpler:
                raise simplified(violation, again, draw.simpler) from None
            raise

    def run(_: int) -> None:
        for cases in draw.batches(subject):
            for part in cases.chunks(_at_a_time(len(cases), subject, judgement)):
                judge(part)

    return run


def _at_a_time(listed: int, subject: Subject, judgement: Judgement) -> int:
    """How many of the cases that are listed together are judged before the next sign of life."""
    if judgement.on_case:
        return 1
    return _CALLS if subject.lanes == 1 else max(listed, 1)
