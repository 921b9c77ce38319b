"""Cases from the rows of a covering array."""

from __future__ import annotations

import itertools

from foricheck.judging.checker import Checker
from foricheck.judging.shrinking import simplified
from foricheck.rules.draws import Covering

__all__ = ["judge_covering"]

_PROGRAMS = 40
"""So many are tried to make a failing case simpler."""


def judge_covering(checker: Checker, draw: Covering) -> None:
    """Judge a rule on the first cases of its part of the rows, as many as the budget says.

    The seed of the run decides about the rows, so that rules share them. A profile that judges
    more than the default one judges triples of values too.

    Raises:
        Violation: the first one, shrunk.
    """
    task = checker.task
    strength = 3 if task.budget.single > task.rule.budget.single else 2
    drawn = draw.cases(task.subject, task.seed, strength)
    for case in itertools.islice(drawn, task.budget.single):
        if checker.is_out_of_time:
            break
        checker.count(case)
        violation = checker.check(case)
        if violation and task.shrinks:
            raise simplified(violation, checker.simpler, draw.simpler, most=_PROGRAMS)
        if violation:
            raise violation
