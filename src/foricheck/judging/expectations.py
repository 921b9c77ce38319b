"""The failures that a run expects: those that a person listed, and known deviations of JAX."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foricheck.cases.variants import Variant
from foricheck.evidence.failure import Failure
from foricheck.expected import deviations
from foricheck.judging.events import RuleResult
from foricheck.rules.rule import Rule
from foricheck.targets.target import Target

if TYPE_CHECKING:
    from foricheck.judging.plan import Plan

__all__ = [
    "ExpectedFailure",
    "expected_failure",
    "unused_expectations",
    "with_expectation",
]


@dataclass(frozen=True)
class ExpectedFailure:
    """A failure that is expected.

    Attributes:
        reason: why.
        strict: whether passing is then a failure.
    """

    reason: str
    strict: bool


def expected_failure(
    plan: Plan, rule: Rule, variant: Variant, failure: Failure | None = None
) -> ExpectedFailure | None:
    """Whether, and why, a rule is expected to fail in a variant.

    Args:
        plan: the target, and the failures that the person listed.
        rule: the rule.
        variant: the variant.
        failure: how the rule failed, if it did; a failure other than the known deviation is not
            expected.
    """
    if rule.id in plan.expected:
        return ExpectedFailure(plan.expected[rule.id], strict=True)
    known = _known_deviation(plan.target, rule)
    if known is None or not known.is_seen(variant, failure):
        return None
    return ExpectedFailure(str(known), strict=plan.bundled)


def _known_deviation(target: Target, rule: Rule) -> deviations.Deviation | None:
    """The deviation that a target inherits: from JAX, or from the programs that JAX exports."""
    if target.namespace not in ("jax", "engine"):  # JAX need not be installed
        return None
    known = deviations.installed().get(rule.id)
    return known if known and (target.namespace == "jax" or known.exported) else None


def with_expectation(plan: Plan, rule: Rule, result: RuleResult) -> RuleResult:
    """A judged result as ``xfailed`` or ``xpassed``, where a failure was expected."""
    variants = [Variant.named(variant) for variant in result.variants]
    if result.failure:
        found = expected_failure(plan, rule, variants[-1], result.failure)
        return replace(result, status="xfailed", reason=found.reason) if found else result
    each = (expected_failure(plan, rule, variant) for variant in variants)
    found = next((one for one in each if one), None)
    if found is None:
        return result
    return replace(result, status="xpassed" if found.strict else "passed", reason=found.reason)


def unused_expectations(expected: Collection[str], results: Iterable[RuleResult]) -> Iterator[str]:
    """Note each expected failure whose rule was skipped."""
    for result in results:
        if result.status == "skipped" and result.id in expected:
            yield f"{result.id}, which is expected to fail, was skipped: {result.reason}"
