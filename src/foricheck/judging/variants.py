"""Judging one rule in every variant that it asks for and the target allows."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace

from foricheck.comparison.violations import Unanswered, Undecided, Violation
from foricheck.evidence.failure import Failure
from foricheck.evidence.from_violation import failure_from_violation
from foricheck.judging.checker import Judgement
from foricheck.judging.compilations import Counter
from foricheck.judging.diagnosing import diagnosed
from foricheck.judging.events import Emit, RuleResult
from foricheck.judging.expectations import with_expectation
from foricheck.judging.judge import judge
from foricheck.judging.plan import Plan, variants_of
from foricheck.judging.subjects import Subjects
from foricheck.judging.task import task_of
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["judge_rule", "skipped"]


def judge_rule(
    plan: Plan, rule: Rule, subjects: Subjects, counter: Counter, emit: Emit
) -> RuleResult:
    """Judge one rule, and compare the outcome with what the plan expects."""
    if lacking := rule.lacking(plan.target.capabilities):
        return skipped(rule, f"the target lacks {', '.join(lacking)}")
    able = subjects.of(rule)
    judged = variants_of([subject.variant for subject in able], plan.profile)
    if not (able := [subject for subject in able if subject.variant in judged]):
        return skipped(rule, "the target can be called in none of the rule's variants")
    started, compiled, cached = time.perf_counter(), counter.count, counter.cached
    try:
        outcome = _judge_variants(plan, rule, able, emit)
    except Undecided as why:
        return replace(skipped(rule, str(why)), inconclusive=isinstance(why, Unanswered))
    result = replace(
        outcome.result(rule),
        seconds=round(time.perf_counter() - started, 3),
        compilations=counter.count - compiled,
        cached=counter.cached - cached,
    )
    return result if outcome.known_deviation else with_expectation(plan, rule, result)


def skipped(rule: Rule, reason: str) -> RuleResult:
    """The result of a rule that was not judged, with the reason."""
    return RuleResult(
        id=rule.id,
        level=rule.level.value,
        sentence=rule.sentence,
        status="skipped",
        reason=reason,
    )


@dataclass
class _Outcome:
    """The outcome of one rule in its variants, so far."""

    cases: int = 0
    max_ratio: float | None = None
    variants: list[str] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    failure: Failure | None = None
    known_deviation: str = ""
    left_out: str = ""
    cases_left_out: int = 0

    def add(self, plan: Plan, rule: Rule, subject: Subject, judgement: Judgement) -> None:
        """Add the judgement in one more variant."""
        self.cases += judgement.cases
        self.variants.append(str(subject.variant))
        self.digest.update(judgement.digest)
        self.left_out = self.left_out or judgement.left_out
        self.cases_left_out += judgement.cases_left_out
        ratios = [ratio for ratio in (self.max_ratio, judgement.max_ratio) if ratio is not None]
        self.max_ratio = max(ratios, default=None)
        if judgement.violation:
            self.known_deviation = judgement.known_deviation
            self.failure = self._failure(plan, rule, subject, judgement.violation)

    def _failure(self, plan: Plan, rule: Rule, subject: Subject, violation: Violation) -> Failure:
        """The failure; with its cause, unless that is a known deviation."""
        if self.known_deviation:
            return failure_from_violation(rule, subject, violation)
        return diagnosed(plan, rule, subject, violation)

    def result(self, rule: Rule) -> RuleResult:
        """The result, without what it cost; ``xfailed`` if it is a known deviation."""
        judged = replace(
            skipped(rule, self.left_out),
            status="failed" if self.failure else "passed",
            cases=self.cases,
            max_ratio=self.max_ratio,
            variants=tuple(self.variants),
            digest=self.digest.hexdigest()[:16],
            failure=self.failure,
            left_out=self.cases_left_out,
        )
        if self.known_deviation:
            return replace(judged, status="xfailed", reason=self.known_deviation)
        return judged


def _judge_variants(plan: Plan, rule: Rule, able: list[Subject], emit: Emit) -> _Outcome:
    """Judge a rule variant by variant, until one fails.

    Raises:
        Undecided: the rule applies in no variant, or was not answered in some, and fails in none.
    """
    outcome, undecided = _Outcome(), list[Undecided]()
    for subject in able:
        task = task_of(plan, rule, subject, emit=emit, cases_before=outcome.cases)
        try:
            judgement = judge(task)
        except Undecided as why:
            undecided.append(why)
            continue
        outcome.add(plan, rule, subject, judgement)
        if judgement.violation:
            return outcome
    unanswered = [why for why in undecided if isinstance(why, Unanswered)]
    if undecided and (unanswered or not outcome.cases):
        raise (unanswered or undecided)[0]
    if undecided:
        outcome.left_out = outcome.left_out or f"not judged in every variant: {undecided[0]}"
    return outcome
