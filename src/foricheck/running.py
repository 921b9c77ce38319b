"""A run: the rules, one after the other, on one target; what happens is a stream of events."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from foricheck import deviations, environment, replays
from foricheck.cases import Batch, batch_from_json
from foricheck.compilations import Counter
from foricheck.events import (
    Event,
    Header,
    Progress,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunStarted,
    Status,
    Trying,
)
from foricheck.evidence import Difference, Failure, Violation
from foricheck.judging import Judgement, judge, recheck
from foricheck.replays import Record
from foricheck.request import RequestError
from foricheck.rules.budget import PROFILES, Budget
from foricheck.rules.registry import select
from foricheck.rules.rule import Rule
from foricheck.script import describe, script
from foricheck.targets.subject import Subject
from foricheck.targets.subjects import Subjects
from foricheck.targets.target import Target
from foricheck.verdict import verdict
from foricheck.ways import ANYHOW, Way

__all__ = [
    "Expectation",
    "Plan",
    "budget_of",
    "evidence",
    "expectation",
    "judged",
    "plan",
    "rerun",
    "run",
]

Tell = Callable[[Event], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run is to do.

    Attributes:
        target: what is judged.
        rules: by what, in order.
        profile: how much of it.
        seed: of every draw.
        expected: reasons by rule id, for rules that are expected to fail.
        bundled: whether the target is the bundled reference, for which a known deviation that
            has gone is a failure.
        careful: whether each case is told before it is judged.
    """

    target: Target
    rules: tuple[Rule, ...]
    profile: str = "default"
    seed: int = 0
    expected: dict[str, str] = field(default_factory=dict)
    bundled: bool = False
    careful: bool = False

    @property
    def header(self) -> Header:
        """What the report says first."""
        return Header(
            target=self.target.name,
            kind=" and ".join(sorted(self.target.kinds)),
            array_namespace=self.target.namespace,
            capabilities=tuple(sorted(self.target.capabilities)),
            environment=environment.describe(jax=self.target.namespace == "jax"),
            seed=self.seed,
            profile=self.profile,
            rules=tuple(rule.id for rule in self.rules),
        )


def plan(
    target: Target,
    *,
    pattern: str | None = None,
    profile: str = "default",
    seed: int = 0,
    expected: dict[str, str] | None = None,
    bundled: bool = False,
) -> Plan:
    """A plan with the rules that a pattern selects.

    Raises:
        RequestError: a part of the pattern matches no rule.
    """
    return Plan(
        target=target,
        rules=select(pattern, target.kinds),
        profile=profile,
        seed=seed,
        expected=expected or {},
        bundled=bundled,
    )


def run(
    plan: Plan,
    tell: Tell,
    *,
    judged_already: frozenset[str] = frozenset(),
    careful: str | None = None,
) -> None:
    """Judge the target and tell what happens, from ``RunStarted`` to ``RunFinished``.

    Args:
        plan: what to do.
        tell: told of every event.
        judged_already: ids of rules to pass over.
        careful: the id of a rule under which the target was lost: it is judged case by case, and
            each case is told before.
    """
    tell(RunStarted(plan.header))
    subjects, counter = Subjects(plan.target), Counter()
    results = []
    for rule in plan.rules:
        if rule.id in judged_already:
            continue
        tell(RuleStarted(rule.id, rule.sentence, rule.binding.value))
        if rule.id == careful:
            alone = replace(plan, careful=True)
            results.append(judged(alone, rule, Subjects(plan.target, singly=True), counter, tell))
        else:
            results.append(judged(plan, rule, subjects, counter, tell))
        tell(RuleFinished(results[-1]))
    tell(verdict(results))


def rerun(target: Target, record: Record, tell: Tell) -> None:
    """Judge one failed case again.

    Raises:
        RequestError: the target can no longer be called in the way of the record.
    """
    (rule,) = select(record.rule, target.kinds)
    way = Way.named(record.way)
    if way not in target.ways(rule.ways):
        raise RequestError(f"the target can not be called in the way {record.way}")
    tell(RunStarted(Plan(target=target, rules=(rule,)).header))
    tell(RuleStarted(rule.id, rule.sentence, rule.binding.value))
    subject = Subjects(target).one(rule.kind, way)
    violation = recheck(rule, subject, batch_from_json(record.data))
    result = RuleResult(
        id=rule.id,
        binding=rule.binding.value,
        sentence=rule.sentence,
        status="failed" if violation else "passed",
        cases=1,
        max_ratio=subject.max_ratio,
        ways=(str(way),),
        failure=evidence(target, rule, subject, violation) if violation else None,
    )
    tell(RuleFinished(result))
    tell(verdict([result]))


def judged(plan: Plan, rule: Rule, subjects: Subjects, counter: Counter, tell: Tell) -> RuleResult:
    """Judge one rule in every way that it asks for and the target allows."""
    empty = RuleResult(
        id=rule.id, binding=rule.binding.value, sentence=rule.sentence, status="skipped"
    )
    if lacking := rule.lacking(plan.target.capabilities):
        return replace(empty, reason=f"the target lacks {', '.join(lacking)}")
    if rule.kind == "recurrence" and environment.has_x64():
        return replace(empty, reason="the oracle's weights are drawn in 32 bits, and x64 is on")
    if not (able := subjects.of(rule)):
        return replace(empty, reason="the target can be called in none of the rule's ways")
    started, compiled, cached = time.perf_counter(), counter.count, counter.cached
    outcome = _in_all_ways(plan, rule, able, tell)
    return _with_status(
        plan,
        rule,
        replace(
            empty,
            status="failed" if outcome.failure else "passed",
            cases=outcome.cases,
            seconds=round(time.perf_counter() - started, 3),
            compilations=counter.count - compiled,
            cached=counter.cached - cached,
            max_ratio=outcome.max_ratio,
            ways=tuple(outcome.ways),
            digest=outcome.digest.hexdigest()[:16],
            failure=outcome.failure,
        ),
    )


@dataclass(frozen=True)
class Expectation:
    """A failure that is expected.

    Attributes:
        reason: why.
        strict: whether passing is then a failure.
    """

    reason: str
    strict: bool


def budget_of(rule: Rule, way: Way, profile: str) -> Budget:
    """How much of a rule is judged in one way of calling the target."""
    budget = rule.budget if way in ANYHOW else rule.budget.thinned()
    return budget.scaled(PROFILES[profile].factor)


@dataclass
class _Outcome:
    """What came of one rule in all its ways, so far."""

    cases: int = 0
    max_ratio: float | None = None
    ways: list[str] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    failure: Failure | None = None


def _in_all_ways(plan: Plan, rule: Rule, able: list[Subject], tell: Tell) -> _Outcome:
    """Judge a rule way by way, until one fails."""
    outcome = _Outcome()
    for subject in able:
        before, subject.max_ratio = outcome.cases, None

        def heard(cases: int, way: str = str(subject.way), before: int = before) -> None:
            tell(Progress(rule.id, way, before + cases))

        budget = budget_of(rule, subject.way, plan.profile)
        announce = _announcing(plan, rule, subject, tell) if plan.careful else None
        judgement = judge(
            rule, subject, budget=budget, seed=plan.seed, heard=heard, announce=announce
        )
        _add(outcome, subject, judgement)
        if judgement.violation:
            outcome.failure = evidence(plan.target, rule, subject, judgement.violation)
            break
    return outcome


def _add(outcome: _Outcome, subject: Subject, judgement: Judgement) -> None:
    outcome.cases += judgement.cases
    outcome.ways.append(str(subject.way))
    outcome.digest.update(judgement.digest)
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
        id=replays.identify(rule.id, target.name, str(subject.way), data),
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


def expectation(plan: Plan, rule: Rule, way: Way) -> Expectation | None:
    """Whether, and why, a rule is expected to fail when the target is called in this way."""
    if rule.id in plan.expected:
        return Expectation(plan.expected[rule.id], strict=True)
    if plan.target.namespace != "jax":
        return None
    known = deviations.deviations().get(rule.id)
    if known and known.bounds in (None, way.bounds):
        return Expectation(str(known), strict=plan.bundled)
    return None


def _with_status(plan: Plan, rule: Rule, result: RuleResult) -> RuleResult:
    """The result in the light of what was expected to fail."""
    expected = [expectation(plan, rule, Way.named(way)) for way in result.ways]
    found = next((each for each in expected if each), None)
    if found is None or (result.status == "failed" and expected[-1] is None):
        return result
    passed: Status = "xpassed" if found.strict else "passed"
    status: Status = "xfailed" if result.status == "failed" else passed
    return replace(result, status=status, reason=found.reason)
