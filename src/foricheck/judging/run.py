"""A run: the rules, one after the other, on one target; what happens is a stream of events."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from foricheck.cases.batch import Batch
from foricheck.cases.from_json import batch_from_json
from foricheck.cases.variants import Way
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.errors import RequestError
from foricheck.evidence.failure import Failure, identify
from foricheck.evidence.script import describe, script
from foricheck.expected.file import idle, unknown
from foricheck.judging import Judgement, judge, recheck
from foricheck.judging.compilations import Counter
from foricheck.judging.events import (
    Event,
    Progress,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunStarted,
    Status,
    Trying,
)
from foricheck.judging.known_deviations import excuse
from foricheck.judging.plan import Plan, budget_of, expectation, ways_of
from foricheck.judging.subjects import Subjects
from foricheck.judging.verdict import verdict
from foricheck.rules.registry import all_rules, select
from foricheck.rules.rule import Rule
from foricheck.runner.replays import Record
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
    strangers = unknown(plan.expected, (rule.id for rule in all_rules()))
    ended = verdict(results, [*strangers, *idle(plan.expected, results)])
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

    def rule(self, rule: Rule, *, careful: bool = False) -> RuleResult:
        """Judge by one rule; if careful, case by case, and each case is told before."""
        plan, subjects = self._plan, self._subjects
        if careful:
            plan, subjects = replace(plan, careful=True), Subjects(plan.target, singly=True)
        self._tell(RuleStarted(rule.id, rule.sentence, rule.binding.value))
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
    way = Way.named(record.way)
    if way not in target.ways(rule.ways):
        raise RequestError(f"the target can not be called in the way {record.way}")
    subject, case = Subjects(target).one(rule.kind, way), batch_from_json(record.data)
    if not subject.takes(case):
        raise RequestError("the case was met with another JAX_ENABLE_X64 than is set now")
    tell(RunStarted(Plan(target=target, rules=(rule,)).header))
    tell(RuleStarted(rule.id, rule.sentence, rule.binding.value))
    result = RuleResult(
        id=rule.id, binding=rule.binding.value, sentence=rule.sentence, status="skipped"
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
        ways=(str(subject.way),),
        failure=evidence(target, rule, subject, violation) if violation else None,
    )


def _judged(plan: Plan, rule: Rule, subjects: Subjects, counter: Counter, tell: Tell) -> RuleResult:
    """Judge one rule in every way that it asks for and the target allows."""
    empty = RuleResult(
        id=rule.id, binding=rule.binding.value, sentence=rule.sentence, status="skipped"
    )
    if lacking := rule.lacking(plan.target.capabilities):
        return replace(empty, reason=f"the target lacks {', '.join(lacking)}")
    able = subjects.of(rule)
    judged = ways_of([subject.way for subject in able], plan.profile)
    if not (able := [subject for subject in able if subject.way in judged]):
        return replace(empty, reason="the target can be called in none of the rule's ways")
    started, compiled, cached = time.perf_counter(), counter.count, counter.cached
    try:
        outcome = _in_all_ways(plan, rule, able, tell)
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
        ways=tuple(outcome.ways),
        digest=outcome.digest.hexdigest()[:16],
        failure=outcome.failure,
    )
    if outcome.excuse:
        return replace(result, status="xfailed", reason=outcome.excuse)
    return _with_status(plan, rule, result)


@dataclass
class _Outcome:
    """What came of one rule in all its ways, so far."""

    cases: int = 0
    max_ratio: float | None = None
    ways: list[str] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    failure: Failure | None = None
    excuse: str = ""
    left_out: str = ""


def _in_all_ways(plan: Plan, rule: Rule, able: list[Subject], tell: Tell) -> _Outcome:
    """Judge a rule way by way, until one fails.

    Raises:
        Undecided: in some way nothing can be said, and in no other it fails.
    """
    outcome, undecided = _Outcome(), list[Undecided]()
    for subject in able:
        before, subject.max_ratio = outcome.cases, None

        def heard(cases: int, way: str = str(subject.way), before: int = before) -> None:
            tell(Progress(rule.id, way, before + cases))

        budget = budget_of(rule, subject.way, plan.profile)
        announce = _announcing(plan, rule, subject, tell) if plan.careful else None
        try:
            judgement = judge(
                rule,
                subject,
                budget=budget,
                seed=plan.seed,
                heard=heard,
                announce=announce,
                excuse=partial(excuse, plan, rule, subject) if plan.is_news(rule) else None,
                shrinks=plan.shrinks and plan.is_news(rule),
            )
        except Undecided as why:
            undecided.append(why)
            continue
        _add(outcome, subject, judgement)
        if judgement.violation:
            outcome.failure = evidence(plan.target, rule, subject, judgement.violation)
            outcome.excuse = judgement.excuse
            return outcome
    if undecided:
        raise undecided[0]
    return outcome


def _add(outcome: _Outcome, subject: Subject, judgement: Judgement) -> None:
    outcome.cases += judgement.cases
    outcome.ways.append(str(subject.way))
    outcome.digest.update(judgement.digest)
    outcome.left_out = outcome.left_out or judgement.left_out
    ratios = [each for each in (outcome.max_ratio, subject.max_ratio) if each is not None]
    outcome.max_ratio = max(ratios, default=None)


def _announcing(plan: Plan, rule: Rule, subject: Subject, tell: Tell) -> Callable[[Batch], None]:
    def announce(case: Batch) -> None:
        lost = Violation(case, Difference("", "a value", "", "lost"))
        tell(Trying(evidence(plan.target, rule, subject, lost)))

    return announce


def evidence(target: Target, rule: Rule, subject: Subject, violation: Violation) -> Failure:
    """A violation told whole, with the script and the id to run it again."""
    data, found = violation.case.to_json(), violation.difference
    return Failure(
        id=identify(rule.id, target.name, str(subject.way), data),
        rule=rule.id,
        sentence=rule.sentence,
        way=str(subject.way),
        case=describe(violation.case),
        path=found.path,
        expected=found.expected,
        got=found.got,
        why=found.why,
        ratio=found.ratio,
        script=script(target, rule, subject.way, violation.case),
        data=data,
    )


def _with_status(plan: Plan, rule: Rule, result: RuleResult) -> RuleResult:
    """The result in the light of what was expected to fail."""
    ways = [Way.named(way) for way in result.ways]
    if result.failure:
        found = expectation(plan, rule, ways[-1], result.failure)
        return replace(result, status="xfailed", reason=found.reason) if found else result
    found = next((each for way in ways if (each := expectation(plan, rule, way))), None)
    passed: Status = "xpassed" if found and found.strict else "passed"
    return replace(result, status=passed, reason=found.reason if found else result.reason)
