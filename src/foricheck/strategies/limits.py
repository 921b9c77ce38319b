"""What a target can do, as far as a strategy has to know it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from foricheck.cases.variants import Variant

__all__ = ["Limits", "LoopLimits", "RecurrenceLimits"]


class Limits(Protocol):
    """The limits of a target called in one variant."""

    @property
    def variant(self) -> Variant:
        """How the target is called."""

    @property
    def capabilities(self) -> frozenset[str]:
        """What the target says it can do."""

    @property
    def lanes(self) -> int:
        """How many cases go through one call; 1 where each costs a compilation."""

    @property
    def max_trips(self) -> int:
        """The largest trip count that finishes in acceptable time."""


class LoopLimits(Limits, Protocol):
    """The limits of a ``fori_loop``."""

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The integer dtypes that a bound can have, ``int32`` first."""

    @property
    def leaf_dtypes(self) -> tuple[str, ...]:
        """The dtypes that a leaf of the carry can have."""

    @property
    def accepts_traced_bounds(self) -> bool:
        """Whether a bound may be traced, such as the index of an enclosing loop."""


class RecurrenceLimits(Limits, Protocol):
    """The limits of a ``fori_loop_recurrence``."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of x and of the result."""

    @property
    def max_hidden(self) -> int:
        """The largest hidden size that finishes in acceptable time."""

    @property
    def namespace(self) -> str:
        """The arrays that the target is given, see `foricheck.targets.target.Namespace`."""

    @property
    def max_hidden_read(self) -> int:
        """The largest hidden size at which every row of the weights is read."""

    @property
    def batches_x(self) -> bool:
        """Whether many inputs of one seed and trip count cost no more than one."""

    @property
    def compiles_loops(self) -> bool:
        """Whether a step is no call from Python, so that there may be very many."""

    @property
    def has_wide_counts(self) -> bool:
        """Whether seeds and trip counts have 64 bits even where states have 32."""
