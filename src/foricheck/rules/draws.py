"""How a rule's cases are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from foricheck.cases.batch import Array, Batch

__all__ = ["Bulk", "Compiled", "Covering", "Draw", "Drawn", "Enumerated"]


@dataclass(frozen=True)
class Drawn:
    """One case at a time: Hypothesis draws it, and shrinks it when it fails.

    Attributes:
        strategy: from the target's limits to a strategy of batches of one case.
    """

    strategy: Callable[[Any], SearchStrategy[Any]]


@dataclass(frozen=True)
class Bulk:
    """Many cases at a time: Hypothesis draws one wide number, which is split among the lanes.

    Once the target is compiled, drawing thousands of numbers one by one would dominate the run
    time. Each lane is decoded from a row of bytes, its choices; the row of zeros is the simplest
    case, and shrinking lowers the bytes (`foricheck.judging.shrinking`).

    Attributes:
        width: how many choices a case takes.
        settings: from the target's limits to what the cases of a batch share (a dtype, a hidden
            size), simplest first.
        decode: from a setting and choices, uint8 of shape ``(N, width)``, to a batch.
    """

    width: int
    settings: Callable[[Any], tuple[Any, ...]]
    decode: Callable[[Any, Array], Batch]


@dataclass(frozen=True)
class Compiled(Bulk):
    """As `Bulk`, but each case is a separate program to compile; a few cases share one call.

    Attributes:
        simpler: from one case to simpler ones, to shrink what fails.
        together: how many cases share one call.
    """

    simpler: Callable[[Any], Iterable[Batch]]
    together: int = 8


@dataclass(frozen=True)
class Enumerated:
    """A fixed sequence of batches, simplest first.

    Attributes:
        batches: from the target's limits to the batches.
        simpler: from one case to simpler ones, to shrink what fails; None if cases are not shrunk.
        together: whether the cases of a batch share one call in every variant.
        every: a profile that judges less than the default judges one batch in this many.
    """

    batches: Callable[[Any], Iterable[Batch]]
    simpler: Callable[[Any], Iterable[Batch]] | None = None
    together: bool = False
    every: int = 1


@dataclass(frozen=True)
class Covering:
    """Cases from the rows of a covering array, each a program: those that find most come first.

    Attributes:
        cases: from the subject, the seed of the run and the strength of the covering array, 2 or
            3, to the cases.
        simpler: from one case to simpler ones, to shrink what fails.
    """

    cases: Callable[[Any, int, int], Iterable[Batch]]
    simpler: Callable[[Any], Iterable[Batch]]


Draw = Drawn | Bulk | Compiled | Enumerated | Covering
