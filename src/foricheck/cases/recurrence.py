"""Cases of ``fori_loop_recurrence``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from foricheck.cases.batch import Array, Batch

__all__ = ["Call", "RecurrenceBatch"]


@dataclass(frozen=True)
class Call(Batch):
    """One call of ``fori_loop_recurrence``, with its arguments as Python expressions."""

    type: ClassVar[str] = "call"

    seed: str
    x: str
    hidden: str
    T: str

    def values(self) -> tuple[Any, Any, Any, Any]:
        """The evaluated arguments ``(seed, x, hidden, T)``."""
        seed, x, hidden, T = (
            eval(text, {"np": np})  # trusted: the strategies wrote it
            for text in (self.seed, self.x, self.hidden, self.T)
        )
        return seed, x, hidden, T

    def truncated(self) -> Call:
        """The same call with the numbers truncated to Python integers."""
        seed, _, hidden, T = self.values()
        return Call(str(int(seed)), self.x, str(int(hidden)), str(int(T)))


@dataclass(frozen=True)
class RecurrenceBatch(Batch):
    """Cases of ``fori_loop_recurrence``.

    Attributes:
        hidden: the size of the state, shared by all cases.
        seed: int64 of shape ``(N,)``.
        x: float32 of shape ``(N, hidden)``, or float64 for a target that computes in float64.
        T: int64 of shape ``(N,)``.
    """

    type: ClassVar[str] = "recurrence"

    hidden: int
    seed: Array
    x: Array
    T: Array

    def one_more(self) -> RecurrenceBatch:
        """The same cases with one more trip."""
        return replace(self, T=self.T + 1)

    def negated(self) -> RecurrenceBatch:
        """The same cases with x negated."""
        return replace(self, x=-self.x)

    def with_other_seeds(self) -> RecurrenceBatch:
        """The same cases with another seed and one more trip each."""
        return replace(self, seed=self.seed ^ 1, T=self.T + 1)
