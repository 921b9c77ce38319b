"""The cause of a failure, in words."""

from __future__ import annotations

from foricheck.comparison.violations import Violation
from foricheck.diagnosis.loops import causes as loops
from foricheck.diagnosis.recurrences import causes as recurrences
from foricheck.rules.rule import Rule
from foricheck.targets.loop import LoopSubject
from foricheck.targets.recurrence import RecurrenceSubject
from foricheck.targets.subject import Subject

__all__ = ["diagnose"]


def diagnose(rule: Rule, subject: Subject, violation: Violation) -> str:
    """The cause of a violation as a sentence, or ``""`` where it is not known.

    The target is called again: on the case, and on a few more. A cause is known only if one
    hypothesis alone predicts what it gives for all of them.
    """
    try:
        match subject:
            case RecurrenceSubject():
                return recurrences.cause(rule, subject, violation.case, violation.difference.why)
            case LoopSubject():
                return loops.cause(rule, subject, violation)
            case _:
                return ""
    except Exception:  # a target may do anything, and what is wrong with it stands as it was found
        return ""
