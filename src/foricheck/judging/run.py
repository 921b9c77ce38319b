"""A run: the rules, one after the other, on one target, reported as a stream of events."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from foricheck.judging.compilations import Counter
from foricheck.judging.events import (
    Emit,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunFinished,
    RunStarted,
)
from foricheck.judging.expectations import unused_expectations
from foricheck.judging.plan import Plan
from foricheck.judging.subjects import Subjects
from foricheck.judging.variants import judge_rule
from foricheck.judging.verdict import verdict
from foricheck.rules.rule import Rule

__all__ = ["Confirm", "Judge", "run"]

Confirm = Callable[[RuleResult], RuleResult]


def run(plan: Plan, emit: Emit, *, confirm: Confirm = lambda result: result) -> None:
    """Judge the target, and emit events from ``RunStarted`` to ``RunFinished``.

    Args:
        plan: the target, and how it is judged.
        emit: receives every event.
        confirm: see `Judge`.
    """
    started = time.perf_counter()
    emit(RunStarted(plan.header))
    judge = Judge(plan, emit, confirm=confirm)
    results = [judge.rule(rule) for rule in plan.rules]
    finished = verdict(results, unused_expectations(plan.expected, results))
    from foricheck.judging.canaries import tampering_in  # which judges, as this module does

    if changed := tampering_in(plan.target):
        finished = RunFinished("error", changed)
    emit(replace(finished, seconds=round(time.perf_counter() - started, 3)))


class Judge:
    """Judges one target by one rule after the other; compiled programs are kept between rules.

    Args:
        plan: the target, and how it is judged.
        emit: receives every event.
        subjects: of the same target, from an earlier run, whose compiled programs are used again.
        confirm: makes the result that is reported of one that may be a failure.
    """

    def __init__(
        self,
        plan: Plan,
        emit: Emit,
        *,
        subjects: Subjects | None = None,
        confirm: Confirm = lambda result: result,
    ) -> None:
        self._plan, self._confirm = plan, confirm
        self._emit = emit
        self._subjects, self._counter = subjects or Subjects(plan.target), Counter()

    def rule(self, rule: Rule, *, isolate_cases: bool = False) -> RuleResult:
        """Judge one rule; with ``isolate_cases`` case by case, each announced before."""
        plan, subjects = self._plan, self._subjects
        if isolate_cases:
            plan, subjects = replace(plan, isolate_cases=True), Subjects(plan.target, singly=True)
        self._emit(RuleStarted(rule.id, rule.sentence, rule.level.value))
        result = self._confirm(judge_rule(plan, rule, subjects, self._counter, self._emit))
        self._emit(RuleFinished(result))
        return result
