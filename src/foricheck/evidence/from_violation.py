"""From a violation to the failure that reports print."""

from __future__ import annotations

from foricheck.comparison.violations import Violation
from foricheck.evidence.failure import Failure, identify
from foricheck.evidence.script import describe, script
from foricheck.evidence.script.asserting import asserting
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["failure_from_violation"]


def failure_from_violation(
    rule: Rule, subject: Subject, violation: Violation, *, diagnosis: str = ""
) -> Failure:
    """Build the full failure record, with the script and the id that run it again.

    The diagnosis is the cause in words, where it is known.
    """
    target, variant = subject.target, str(subject.variant)
    data, found = violation.case.to_json(), violation.difference
    return Failure(
        id=identify(rule.id, target.name, variant, data),
        rule=rule.id,
        sentence=rule.sentence,
        variant=variant,
        case=describe(violation.case),
        path=found.path,
        expected=found.expected,
        got=found.got,
        why=found.why,
        ratio=found.ratio,
        script=_script(rule, subject, violation, diagnosis),
        data=data,
        diagnosis=diagnosis,
    )


def _script(rule: Rule, subject: Subject, violation: Violation, diagnosis: str) -> str:
    """The lines to paste; those of Python end with what was expected."""
    target, variant, found = subject.target, subject.variant, violation.difference
    text = script(target, rule, variant, violation.case)
    if target.namespace in ("wire", "engine") or found.why == "lost":
        return text
    return asserting(text, rule, variant, violation.case, found, diagnosis or rule.sentence)
