"""What an expression asks of a target beyond its rule: a mode of differentiation."""

from __future__ import annotations

import re

from foricheck.cases.batch import Batch
from foricheck.cases.loop import Expression
from foricheck.targets.subject import Subject

__all__ = ["lacking"]

_FORWARD = re.compile(r"\bjax\.(jvp|jacfwd|linearize|hessian)\b")


def lacking(subject: Subject, case: Batch) -> str:
    """The capability that a case needs and the target lacks, or ``""``."""
    if not isinstance(case, Expression) or "forward" in subject.capabilities:
        return ""
    text = "\n".join((case.call, case.given, case.setup))
    return "forward" if _FORWARD.search(text) else ""
