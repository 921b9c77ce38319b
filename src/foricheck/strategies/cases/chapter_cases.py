"""The cases of each chapter, for its rule of covering cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from foricheck.cases.loop_case import LoopCase
from foricheck.strategies.cases.chapters import chapter_of, needs_of
from foricheck.strategies.cases.rows import cases, over_exact_trips
from foricheck.strategies.limits import LoopLimits

__all__ = ["of_chapter"]


def of_chapter(name: str) -> Callable[[LoopLimits, int, int], Iterator[LoopCase]]:
    """From limits, a seed and a strength to the cases of a chapter that a target can be given."""

    def of(limits: LoopLimits, seed: int, strength: int) -> Iterator[LoopCase]:
        return (
            over_exact_trips(case)
            for case in cases(seed, strength)
            if chapter_of(case) == name and needs_of(case) <= limits.capabilities
        )

    return of
