"""How a rule's cases are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from foricheck.cases.batch import Array, Batch

__all__ = ["Bulk", "Compiled", "Draw", "Drawn", "Enumerated"]


@dataclass(frozen=True)
class Drawn:
    """One case at a time, drawn by Hypothesis, and shrunk by it when it fails.

    Attributes:
        strategy: from the subject to a strategy of batches of one case.
    """

    strategy: Callable[[Any], SearchStrategy[Any]]


@dataclass(frozen=True)
class Bulk:
    """Many cases at a time: Hypothesis draws one wide number, which is spread over the lanes.

    Drawing thousands of numbers one by one would cost more than all the rest, once the target
    is compiled. Each lane is decoded from a row of bytes, its choices; the row of zeros is the
    simplest case, and shrinking lowers the bytes (`foricheck.judging.shrinking`).

    Attributes:
        width: how many choices a case takes.
        settings: from the subject to what the cases of a batch share (a dtype, a hidden size),
            the simplest first.
        decode: from a setting and choices, uint8 of shape ``(N, width)``, to a batch.
    """

    width: int
    settings: Callable[[Any], tuple[Any, ...]]
    decode: Callable[[Any, Array], Batch]


@dataclass(frozen=True)
class Compiled(Bulk):
    """As `Bulk`, where each case is a program of its own, to be compiled; a few go through a call.

    Attributes:
        simpler: from one case to simpler ones, to shrink what fails.
        together: how many cases go through a call.
    """

    simpler: Callable[[Any], Iterable[Batch]]
    together: int = 8


@dataclass(frozen=True)
class Enumerated:
    """Every batch there is, the simplest first.

    Attributes:
        batches: from the subject to the batches.
        simpler: from one case to simpler ones, to shrink what fails, where the batches have
            cases of many parts.
        together: whether the cases of a batch go through one call, whatever the variant.
    """

    batches: Callable[[Any], Iterable[Batch]]
    simpler: Callable[[Any], Iterable[Batch]] | None = None
    together: bool = False


Draw = Drawn | Bulk | Compiled | Enumerated
