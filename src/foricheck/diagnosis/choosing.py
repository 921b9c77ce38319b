"""Choosing the one hypothesis that explains everything that was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

__all__ = ["the_only_one"]

Hypothesis = TypeVar("Hypothesis")
Seen = TypeVar("Seen")

Explains = Callable[[Hypothesis, Seen], bool]


def the_only_one(
    hypotheses: Iterable[Hypothesis], seen: Sequence[Seen], explains: Explains[Hypothesis, Seen]
) -> Hypothesis | None:
    """The hypothesis that explains all that was seen, if it is the only one.

    Args:
        hypotheses: what may be wrong.
        seen: the calls of the target with what they gave; of those that failed, and of others.
        explains: whether a hypothesis predicts what one call gave.
    """
    left = [each for each in hypotheses if all(explains(each, one) for one in seen)]
    return left[0] if len(left) == 1 else None
