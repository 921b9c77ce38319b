"""What a case asks of a target beyond its rule, such as a mode of differentiation."""

from __future__ import annotations

from foricheck.cases.batch import Batch
from foricheck.cases.loop_case import LoopCase
from foricheck.strategies.cases.chapters import needs_of
from foricheck.targets.subject import Subject

__all__ = ["lacking"]


def lacking(subject: Subject, case: Batch) -> str:
    """The capabilities that a case needs and the target lacks, or ``""``."""
    if not isinstance(case, LoopCase):
        return ""
    return ", ".join(sorted(needs_of(case) - subject.capabilities))
