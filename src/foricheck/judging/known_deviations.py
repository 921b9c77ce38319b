"""Failures of drawn programs that are known deviations of JAX."""

from __future__ import annotations

from foricheck.comparison.violations import Violation
from foricheck.expected import deviations
from foricheck.judging.checking import check
from foricheck.judging.plan import Plan
from foricheck.judging.subjects import Subjects
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["match_known_deviation"]


def match_known_deviation(plan: Plan, rule: Rule, subject: Subject, violation: Violation) -> str:
    """The known deviation that explains a violation, as text; ``""`` if none does.

    A deviation explains it only if the program holds without the instructions that the deviation
    needs; and for a target other than the reference, only if the reference fails in the same way.
    """
    if plan.target.namespace != "jax" or not (known := deviations.match(violation)):
        return ""
    if check(rule, subject, known.without_instructions(violation.case)).violation:
        return ""
    return str(known) if plan.bundled or _is_shared(rule, subject, violation) else ""


def _is_shared(rule: Rule, subject: Subject, violation: Violation) -> bool:
    from foricheck.targets.loading import reference

    bundled = Subjects(reference()).one(rule.kind, subject.variant)
    own = check(rule, bundled, violation.case).violation
    return own is not None and own.difference == violation.difference
