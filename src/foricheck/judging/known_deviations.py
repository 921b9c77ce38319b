"""Failures of drawn programs that are JAX's own, and known."""

from __future__ import annotations

from foricheck.comparison.violations import Violation
from foricheck.expected import deviations
from foricheck.judging import recheck
from foricheck.judging.plan import Plan
from foricheck.judging.subjects import Subjects
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["match_known_deviation"]


def match_known_deviation(plan: Plan, rule: Rule, subject: Subject, violation: Violation) -> str:
    """The known deviation that a violation is, as text; ``""`` if it is the target's own.

    A program is excused only if it holds without the instructions that the deviation takes; and
    another target than the reference, only where the reference goes wrong in the same way.
    """
    if plan.target.namespace != "jax" or not (known := deviations.met(violation)):
        return ""
    if recheck(rule, subject, known.avoided(violation.case)):
        return ""
    return str(known) if plan.bundled or _is_shared(rule, subject, violation) else ""


def _is_shared(rule: Rule, subject: Subject, violation: Violation) -> bool:
    from foricheck.targets.loading import reference

    own = recheck(rule, Subjects(reference()).one(rule.kind, subject.variant), violation.case)
    return own is not None and own.difference == violation.difference
