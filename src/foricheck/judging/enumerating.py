"""Cases that are listed, the simplest first."""

from __future__ import annotations

import itertools

from foricheck.cases.batch import Batch
from foricheck.judging.checker import Checker
from foricheck.judging.shrinking import simplified
from foricheck.rules.draws import Enumerated

__all__ = ["judge_enumerated"]

_CALLS = 32
"""Unbatched calls per progress event."""


def judge_enumerated(checker: Checker, draw: Enumerated) -> None:
    """Judge a rule on every case that it lists, or on the share that a quick profile judges.

    Raises:
        Violation: the first one, shrunk where the rule says how.
    """
    most, step = checker.task.most_cases, draw.every if checker.task.thins else 1
    for cases in itertools.islice(draw.batches(checker.task.subject), 0, None, step):
        for part in cases.chunks(_chunk_size(len(cases), checker, draw)):
            if (most is not None and checker.cases >= most) or checker.is_out_of_time:
                return
            _judge_part(checker, draw, part)


def _judge_part(checker: Checker, draw: Enumerated, cases: Batch) -> None:
    checker.count(cases)
    violation = checker.check(cases)
    if violation and checker.task.shrinks and draw.simpler:
        raise simplified(violation, checker.simpler, draw.simpler)
    if violation:
        raise violation


def _chunk_size(listed: int, checker: Checker, draw: Enumerated) -> int:
    """How many of the cases that are listed together are judged between two progress events."""
    if checker.task.isolate_cases:
        return 1
    apart = checker.task.subject.lanes == 1 and not draw.together
    return _CALLS if apart else max(listed, 1)
