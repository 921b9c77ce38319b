"""What came of a case: the result of every lane, and what became of the caller's x."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.lanes import Lane

__all__ = ["Outcome", "Result", "joined"]


@dataclass(frozen=True)
class Result:
    """What one lane of one call gave.

    Attributes:
        case: the call.
        lane: what it was given.
        outputs: the final state; where there is a derivative, also the tangent of the result or
            the cotangent of x; each of shape ``(hidden,)``.
    """

    case: RecurrenceCase
    lane: Lane
    outputs: tuple[Array, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    Attributes:
        results: of every lane of every call, those that came before too.
        x_before: the caller's x.
        x_after: the caller's x after the call; None if it can no longer be read.
    """

    results: tuple[Result, ...]
    x_before: Array
    x_after: Array | None


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """Several calls as one: all their results, and the x of the last."""
    every = (result for outcome in outcomes for result in outcome.results)
    return replace(outcomes[-1], results=tuple(every))
