"""A task: one rule to judge on one subject."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from foricheck.comparison.violations import Violation
from foricheck.judging.events import Emit, ignore
from foricheck.judging.known_deviations import match_known_deviation
from foricheck.judging.plan import Plan, budget_of
from foricheck.rules.budget import PROFILES, Budget
from foricheck.rules.draws import Covering
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["MatchKnownDeviation", "Task", "task_of"]

MatchKnownDeviation = Callable[[Violation], str]
"""The known deviation that explains a violation, as text, or ``""``."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One rule to judge on one subject: on how many cases, from which seed, how observed.

    Attributes:
        rule: the rule.
        subject: the target, called in one variant.
        budget: how many batches are drawn.
        seed: of the run; the same seed gives the same cases, whatever was judged before.
        emit: receives `Progress`, and `CaseStarted` where cases are isolated.
        match_known_deviation: explains a violation by a compiled program. A known deviation does
            not end the search, and is reported only if there is no other violation.
        shrinks: whether a violation is shrunk. That of a compiled program always is where known
            deviations are matched, because its smallest program identifies it.
        isolate_cases: whether cases are judged one by one, each announced before.
        cases_before: how many cases of the rule were judged in other variants.
        thins: whether the profile judges less than the default one.
        seconds: after how long no further case is judged, nor a violation shrunk.
        most_cases: after how many cases an enumerated rule ends; None is after the last.
    """

    rule: Rule
    subject: Subject
    budget: Budget
    seed: int
    emit: Emit = ignore
    match_known_deviation: MatchKnownDeviation | None = None
    shrinks: bool = True
    isolate_cases: bool = False
    cases_before: int = 0
    thins: bool = False
    most_cases: int | None = None
    seconds: float = math.inf

    @property
    def draw_seed(self) -> int:
        """The seed of the draws: each rule and each variant has its own."""
        return zlib.crc32(f"{self.seed}/{self.rule.id}/{self.subject.variant}".encode())


_ROWS = 5
"""How much more time rows have, of which each is a program."""


def task_of(
    plan: Plan, rule: Rule, subject: Subject, *, emit: Emit = ignore, cases_before: int = 0
) -> Task:
    """The task of a plan for one rule and one subject.

    Where the rule is expected to fail, its violations are neither shrunk nor explained.
    """
    expected = rule.id in plan.expected
    return Task(
        rule=rule,
        subject=subject,
        seconds=PROFILES[plan.profile].seconds * (_ROWS if isinstance(rule.draw, Covering) else 1),
        budget=budget_of(rule, subject.variant, plan.profile),
        seed=plan.seed,
        emit=emit,
        match_known_deviation=None
        if expected
        else partial(match_known_deviation, plan, rule, subject),
        shrinks=plan.shrinks and not expected,
        isolate_cases=plan.isolate_cases,
        cases_before=cases_before,
        thins=PROFILES[plan.profile].factor < 1,
    )
