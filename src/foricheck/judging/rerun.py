"""Judging one failed case again, for ``foricheck replay``."""

from __future__ import annotations

from dataclasses import replace

from foricheck.cases.batch import Batch
from foricheck.cases.from_json import batch_from_json
from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Undecided
from foricheck.errors import RequestError
from foricheck.evidence.from_violation import failure_from_violation
from foricheck.evidence.record import Record
from foricheck.judging.checking import check
from foricheck.judging.events import Emit, RuleFinished, RuleResult, RuleStarted, RunStarted
from foricheck.judging.plan import Plan
from foricheck.judging.subjects import Subjects
from foricheck.judging.variants import skipped
from foricheck.judging.verdict import verdict
from foricheck.rules.registry import select
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject
from foricheck.targets.target import Target

__all__ = ["rerun"]


def rerun(target: Target, record: Record, emit: Emit) -> None:
    """Judge one failed case again.

    Raises:
        RequestError: the target can no longer be called in the variant of the record, or the
            precision of the case is not that of JAX now.
    """
    (rule,) = select(record.rule, target.kinds)
    subject = _subject(target, rule, record.variant)
    case = batch_from_json(record.data)
    if not subject.accepts(case):
        raise RequestError("the case was found with another JAX_ENABLE_X64 than is set now")
    emit(RunStarted(Plan(target=target, rules=(rule,)).header))
    emit(RuleStarted(rule.id, rule.sentence, rule.level.value))
    result = _judged_again(rule, subject, case)
    emit(RuleFinished(result))
    emit(verdict([result]))


def _subject(target: Target, rule: Rule, named: str) -> Subject:
    variant = Variant.named(named)
    if variant not in target.variants(rule.variants):
        raise RequestError(f"the target can no longer be called in the variant {named}")
    return Subjects(target).one(rule.kind, variant)


def _judged_again(rule: Rule, subject: Subject, case: Batch) -> RuleResult:
    """The result of one case, which is skipped if the target can no longer be given it."""
    try:
        seen = check(rule, subject, case)
    except Undecided as why:
        return skipped(rule, str(why))
    if seen.left_out:
        return skipped(rule, seen.left_out[0])
    return replace(
        skipped(rule, ""),
        status="failed" if seen.violation else "passed",
        cases=1,
        max_ratio=seen.max_ratio,
        variants=(str(subject.variant),),
        failure=failure_from_violation(rule, subject, seen.violation) if seen.violation else None,
    )
