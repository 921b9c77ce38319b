"""Cases with other bounds: what a loop that runs another range gives for a case of any type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.loop import PermutedBatch, Snippet, StructuredBatch
from foricheck.cases.loop_case import LoopCase
from foricheck.diagnosis.loops.cases import holds, redirected
from foricheck.diagnosis.loops.ranges import Indices, WrongRange
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["explains_case"]


def explains_case(wrong: WrongRange, rule: Rule, subject: Subject, case: Batch) -> bool:
    """Whether the target gives for a case what is right for the range that a mistake makes of it.

    A range that does not count up by one cannot be made of bounds, and explains nothing.
    """
    made = (_moved(case, indices) for indices in wrong.indices)
    seen = redirected(subject, case)
    return any(each is not None and holds(rule, seen, each) for each in made)


def _moved(case: Batch, indices: Indices) -> Batch | None:
    """A case with the bounds of the indices that a mistake makes of its own; None without any."""
    match case:
        case PermutedBatch():
            bounds = _ends(indices(case.lower, case.upper))
            return replace(case, lower=bounds[0], upper=bounds[1]) if bounds else None
        case StructuredBatch() if len(case) == 1:
            bounds = _ends(indices(int(case.lower[0]), int(case.upper[0])))
            return _with_arrays(case, *bounds) if bounds else None
        case Snippet() if case.lower.lstrip("-").isdigit() and case.upper.lstrip("-").isdigit():
            bounds = _ends(indices(int(case.lower), int(case.upper)))
            return replace(case, lower=str(bounds[0]), upper=str(bounds[1])) if bounds else None
        case LoopCase() if len(case.bounds.trips) == 1:
            lower = case.bounds.lower
            bounds = _ends(indices(lower, lower + case.bounds.trips[0]))
            return _with_trips(case, *bounds) if bounds else None
        case _:
            return None


def _with_arrays(case: StructuredBatch, lower: int, upper: int) -> StructuredBatch:
    return replace(case, lower=np.array([lower]), upper=np.array([upper]))


def _with_trips(case: LoopCase, lower: int, upper: int) -> LoopCase:
    return replace(case, bounds=replace(case.bounds, lower=lower, trips=(upper - lower,)))


def _ends(indices: Sequence[int]) -> tuple[int, int] | None:
    """The bounds of a range that counts up by one."""
    if isinstance(indices, range) and indices.step == 1:
        return indices.start, max(indices.stop, indices.start)
    return None
