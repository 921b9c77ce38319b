"""When a violation is diagnosed, and its failure with the cause in words."""

from __future__ import annotations

from foricheck.comparison.violations import Violation
from foricheck.diagnosis.diagnose import diagnose
from foricheck.evidence.failure import Failure
from foricheck.evidence.from_violation import failure_from_violation
from foricheck.judging.plan import Plan
from foricheck.judging.repeating import NOT_TWICE, TOGETHER
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["diagnosed"]

_UNSTEADY = (NOT_TWICE, TOGETHER)


def diagnosed(plan: Plan, rule: Rule, subject: Subject, violation: Violation) -> Failure:
    """The failure that a violation is, with its cause where it is looked for and known.

    It is not where the failure is expected, where cases are isolated, since a further call may
    lose the target, or where the target does not answer the same twice.
    """
    unsteady = any(kind in violation.difference.why for kind in _UNSTEADY)
    asked = plan.diagnoses and plan.shrinks and not plan.isolate_cases
    asked = asked and rule.id not in plan.expected and not unsteady
    cause = diagnose(rule, subject, violation) if asked else ""
    return failure_from_violation(rule, subject, violation, diagnosis=cause)
