"""A run: the rules, one after the other, on one target; what happens is a stream of events."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from foricheck.cases.batch import Batch
from foricheck.cases.from_json import batch_from_json
from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.errors import RequestError
from foricheck.evidence.failure import Failure, identify
from foricheck.evidence.record import Record
from foricheck.evidence.script import describe, script
from foricheck.expected.file import unknown, unused_expectations
from foricheck.judging import Judgement, judge, recheck
from foricheck.judging.compilations import Counter
from foricheck.judging.events import (
    CaseStarted,
    Event,
    Progress,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunStarted,
    Status,
)
from foricheck.judging.known_deviations import match_known_deviation
from foricheck.judging.plan import Plan, budget_of, expectation, variants_of
from foricheck.judging.subjects import Subjects
from foricheck.judging.verdict import verdict
from foricheck.rules.registry import all_rules, select
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject
from foricheck.targets.target import Target

__all__ = ["Judge", "evidence", "rerun", "run"]

Tell = Callable[[Event], None]


def run(plan: Plan, tell: Tell) -> None:
    """Judge the target and tell what happens, from ``RunStarted`` to ``RunFinished``."""
    started = time.perf_counter()
    tell(RunStarted(plan.header))
    judge = Judge(plan, tell)
    results = [judge.rule(rule) for rule in plan.rules]
    unknown_rules = unknown(plan.expected, (rule.id for rule in all_rules()))
    ended = verdict(results, [*unknown_rules, *unused_expectations(plan.expected, results)])
    tell(replace(ended, seconds=round(time.perf_counter() - started, 3)))


class Judge:
    """Judges one target by one rule after the other; what is compiled for one is kept for the next.

    Args:
        plan: the target, and on how many cases it is judged.
        tell: told of every event.
        subjects: of the same target, from an earlier run; what they have compiled is used again.
    """

    def __init__(self, plan: Plan, tell: Tell, *, subjects: Subjects | None = None) -> None:
        self._plan = plan
        self._tell = tell
        self._subjects, self._counter = subjects or Subjects(plan.target), Counter()

    def rule(self, rule: Rule, *, isolate_cases: bool = False) -> RuleResult:
        """Judge by one rule; if careful, case by case, and each case is told before."""
        plan, subjects = self._plan, self._subjects
        if isolate_cases:
            plan, subjects = replace(plan, isolate_cases=True), Subjects(plan.target, singly=True)
        self._tell(RuleStarted(rule.id, rule.sentence, rule.level.value))
        result = _judged(plan, rule, subjects, self._counter, self._tell)
        self._tell(RuleFinished(result))
        return result


def rerun(target: Target, record: Record, tell: Tell) -> None:
    """Judge one failed case again.

    Raises:
        RequestError: the target can no longer be called in the way of the record, or the case is
            of another precision than JAX has now.
    """
    (rule,) = select(record.rule, target.kinds)
    variant = Variant.named(record.variant)
    if variant not in target.variants(rule.variants):
        raise RequestError(f"the target can not be called in the way {record.variant}")
    subject, case = Subjects(target).one(rule.kind, variant), batch_from_json(record.data)
    if not subject.takes(case):
        raise RequestError("the case was met with another JAX_ENABLE_X64 than is set now")
    tell(RunStarted(Plan(target=target, rules=(rule,)).header))
    tell(RuleStarted(rule.id, rule.sentence, rule.level.value))
    result = RuleResult(
        id=rule.id, level=rule.level.value, sentence=rule.sentence, status="skipped"
    )
    result = _again(result, target, rule, subject, case)
    tell(RuleFinished(result))
    tell(verdict([result]))


def _again(
    result: RuleResult, target: Target, rule: Rule, subject: Subject, case: Batch
) -> RuleResult:
    """The result of one case, which is skipped if it can no longer be put to the target."""
    try:
        violation = recheck(rule, subject, case)
    except Undecided as why:
        return replace(result, reason=str(why))
    if subject.left_out:
        return replace(result, reason=subject.left_out[0])
    return replace(
        result,
        status="failed" if violation else "passed",
        cases=1,
        max_ratio=subject.max_ratio,
        variants=(str(subject.variant),),
        failure=evidence(target, rule, subject, violation) if violation else None,
    )


def _judged(plan: Plan, rule: Rule, subjects: Subjects, counter: Counter, tell: Tell) -> RuleResult:
    """Judge one rule in every way that it asks for and the target allows."""
    empty = RuleResult(id=rule.id, level=rule.level.value, sentence=rule.sentence, status="skipped")
    if lacking := rule.lacking(plan.target.capabilities):
        return replace(empty, reason=f"the target lacks {', '.join(lacking)}")
    able = subjects.of(rule)
    judged = variants_of([subject.variant for subject in able], plan.profile)
    if not (able := [subject for subject in able if subject.variant in judged]):
        return replace(empty, reason="the target can be called in none of the rule's ways")
    started, compiled, cached = time.perf_counter(), counter.count, counter.cached
    try:
        outcome = _in_all_variants(plan, rule, able, tell)
    except Undecided as why:
        return replace(empty, reason=str(why))
    result = replace(
        empty,
        status="failed" if outcome.failure else "passed",
        cases=outcome.cases,
        seconds=round(time.perf_counter() - started, 3),
        compilations=counter.count - compiled,
        cached=counter.cached - cached,
        max_ratio=outcome.max_ratio,
        reason=outcome.left_out,
        variants=tuple(outcome.variants),
        digest=outcome.digest.hexdigest()[:16],
        failure=outcome.failure,
    )
    if outcome.known_deviation:
        return replace(result, status="xfailed", reason=outcome.known_deviation)
    return _with_status(plan, rule, result)


@dataclass
class _Outcome:
    """What came of one rule in all its ways, so far."""

    cases: int = 0
    max_ratio: float | None = None
    variants: list[str] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    failure: Failure | None = None
    known_deviation: str = ""
    left_out: str = ""


def _in_all_variants(plan: Plan, rule: Rule, able: list[Subject], tell: Tell) -> _Outcome:
    """Judge a rule way by way, until one fails.

    Raises:
        Undecided: in some way nothing can be said, and in no other it fails.
    """
    outcome, undecided = _Outcome(), list[Undecided]()
    for subject in able:
        before, subject.max_ratio = outcome.cases, None

        def heard(cases: int, variant: str = str(subject.variant), before: int = before) -> None:
            tell(Progress(rule.id, variant, before + cases))

        budget = budget_of(rule, subject.variant, plan.profile)
        on_case = _reporting_case(plan, rule, subject, tell) if plan.isolate_cases else None
        try:
            judgement = judge(
                rule,
                subject,
                budget=budget,
                seed=plan.seed,
                heard=heard,
                on_case=on_case,
                match_known_deviation=partial(match_known_deviation, plan, rule, subject)
                if plan.is_news(rule)
                else None,
                shrinks=plan.shrinks and plan.is_news(rule),
            )
        except Undecided as why:
            undecided.append(why)
            continue
        _add(outcome, subject, judgement)
        if judgement.violation:
            outcome.failure = evidence(plan.target, rule, subject, judgement.violation)
            outcome.known_deviation = judgement.known_deviation
            return outcome
    if undecided:
        raise undecided[0]
    return outcome


def _add(outcome: _Outcome, subject: Subject, judgement: Judgement) -> None:
    outcome.cases += judgement.cases
    outcome.variants.append(str(subject.variant))
    outcome.digest.update(judgement.digest)
    outcome.left_out = outcome.left_out or judgement.left_out
    ratios = [each for each in (outcome.max_ratio, subject.max_ratio) if each is not None]
    outcome.max_ratio = max(ratios, default=None)


def _reporting_case(
    plan: Plan, rule: Rule, subject: Subject, tell: Tell
) -> Callable[[Batch], None]:
    def on_case(case: Batch) -> None:
        lost = Violation(case, Difference("", "a value", "", "lost"))
        tell(CaseStarted(evidence(plan.target, rule, subject, lost)))

    return on_case


def evidence(target: Target, rule: Rule, subject: Subject, violation: Violation) -> Failure:
    """A violation told whole, with the script and the id to run it again."""
    data, found = violation.case.to_json(), violation.difference
    return Failure(
        id=identify(rule.id, target.name, str(subject.variant), data),
        rule=rule.id,
        sentence=rule.sentence,
        variant=str(subject.variant),
        case=describe(violation.case),
        path=found.path,
        expected=found.expected,
        got=found.got,
        why=found.why,
        ratio=found.ratio,
        script=script(target, rule, subject.variant, violation.case),
        data=data,
    )


def _with_status(plan: Plan, rule: Rule, result: RuleResult) -> RuleResult:
    """The result in the light of what was expected to fail."""
    variants = [Variant.named(variant) for variant in result.variants]
    if result.failure:
        found = expectation(plan, rule, variants[-1], result.failure)
        return replace(result, status="xfailed", reason=found.reason) if found else result
    found = next((each for variant in variants if (each := expectation(plan, rule, variant))), None)
    passed: Status = "xpassed" if found and found.strict else "passed"
    return replace(result, status=passed, reason=found.reason if found else result.reason)
