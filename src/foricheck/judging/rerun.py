"""Judging one failed case again, for ``foricheck replay``."""

from __future__ import annotations

from dataclasses import replace

from foricheck.cases.batch import Batch
from foricheck.cases.from_json import batch_from_json
from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Undecided
from foricheck.errors import RequestError
from foricheck.evidence.record import Record
from foricheck.judging.checking import check
from foricheck.judging.confirming import AFTER_OTHERS
from foricheck.judging.diagnosing import diagnosed
from foricheck.judging.events import Emit, RuleFinished, RuleResult, RuleStarted, RunStarted
from foricheck.judging.expectations import with_expectation
from foricheck.judging.known_deviations import match_known_deviation
from foricheck.judging.plan import Plan
from foricheck.judging.repeating import NOT_TWICE
from foricheck.judging.subjects import Subjects
from foricheck.judging.variants import skipped
from foricheck.judging.verdict import verdict
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.targets.subject import Subject
from foricheck.targets.target import Target

__all__ = ["rerun"]


def rerun(target: Target, record: Record, emit: Emit) -> None:
    """Judge one failed case again: alone, as its script does, and then as it was found.

    Raises:
        RequestError: the target can no longer be called in the variant of the record, or the
            precision of the case is not that of JAX now.
    """
    (rule,) = select(record.rule, target.kinds)
    variant, case = _variant(target, rule, record.variant), batch_from_json(record.data)
    plan = Plan(target=target, rules=(rule,), bundled=record.spec.is_bundled)
    alone = Subjects(target, written_out=True).one(rule.kind, variant)
    if not alone.accepts(case):
        raise RequestError("the case was found with another JAX_ENABLE_X64 than is set now")
    emit(RunStarted(plan.header))
    emit(RuleStarted(rule.id, rule.sentence, rule.level.value))
    result = _judged_again(plan, rule, alone, case)
    if result.status == "passed":
        as_found = Subjects(target).one(rule.kind, variant)
        result = _judged_again(plan, rule, as_found, case)
    if result.status == "passed" and record.why.startswith((NOT_TWICE, AFTER_OTHERS)):
        result = skipped(rule, _not_alone(record))
    emit(RuleFinished(result))
    emit(verdict([result]))


def _variant(target: Target, rule: Rule, named: str) -> Variant:
    variant = Variant.named(named)
    if variant not in target.variants(rule.variants):
        raise RequestError(f"the target can no longer be called in the variant {named}")
    return variant


def _not_alone(record: Record) -> str:
    why = record.why.partition(":")[0]
    return (
        f"alone, the case passes, as it did when it was found ({why}); the rule as a whole is "
        f"judged by: foricheck run --rules {record.rule}"
    )


def _judged_again(plan: Plan, rule: Rule, subject: Subject, case: Batch) -> RuleResult:
    """The result of one case, which is skipped if the target can no longer be given it."""
    try:
        seen = check(rule, subject, case)
    except Undecided as why:
        return skipped(rule, str(why))
    if seen.left_out:
        return skipped(rule, seen.left_out[0])
    result = replace(
        skipped(rule, ""),
        status="failed" if seen.violation else "passed",
        cases=1,
        max_ratio=seen.max_ratio,
        variants=(str(subject.variant),),
        failure=diagnosed(plan, rule, subject, seen.violation) if seen.violation else None,
    )
    if seen.violation and (known := match_known_deviation(plan, rule, subject, seen.violation)):
        return replace(result, status="xfailed", reason=known)
    return with_expectation(plan, rule, result) if seen.violation else result
