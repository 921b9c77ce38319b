"""A ``fori_loop_recurrence`` whose programs are exported from JAX and run by another engine.

Seed, x and T are inputs of the program; the hidden size is a shape, and so it is fixed. For an
engine that cannot draw random numbers the seed is fixed too, and the weights are constants.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Never

import jax
import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Undecided, Unsupported
from foricheck.oracle.rounding import FLOAT32, FLOAT64, Arithmetic
from foricheck.targets.engine.engine import engine_of
from foricheck.targets.engine.exported import exported
from foricheck.targets.jax import config
from foricheck.targets.jax.recurrence import JaxRecurrence
from foricheck.targets.target import Target

__all__ = ["EngineRecurrence"]

_KEPT = 32
"""The greatest number of programs with a fixed seed kept."""

_LANES = 8
"""Each draws separate weights."""


class EngineRecurrence(JaxRecurrence):
    """A ``fori_loop_recurrence`` over JAX arrays, exported and run by an engine."""

    def __init__(self, target: Target, variant: Variant) -> None:
        super().__init__(target, variant)
        self._engine = engine_of(self.function)
        self._transform = partial(exported, self._engine)
        self.lanes = min(_LANES, self._engine.lanes) if variant.bounds == "traced" else 1

    def _over_lanes(self, hidden: int) -> Callable[..., Any]:
        """See `JaxRecurrence._over_lanes`; without a map where each case is a separate call."""
        if self._engine.lanes > 1:
            return super()._over_lanes(hidden)
        one_lane = self._one_lane(hidden) if self._engine.draws else self._drawn_before(hidden)
        return lambda parts: one_lane(tuple(part[0] for part in parts))[None]

    def _over_pairs(self, hidden: int) -> Callable[..., Any]:
        """See `JaxRecurrence._over_pairs`; each pair is a call where each case is one."""
        if self._engine.lanes > 1:
            return super()._over_pairs(hidden)
        if not self._engine.draws:
            raise Unsupported(
                f"{self._engine.name} draws no numbers: its seeds are not mapped over"
            )
        pair = self._transform(jax.vmap(super()._one_lane(hidden)))
        return lambda parts: np.concatenate([pair(each) for each in zip(*parts, strict=True)])

    def _one_lane(self, hidden: int) -> Callable[[tuple[Any, ...]], Any]:
        """See `JaxRecurrence._one_lane`."""
        lane = super()._one_lane(hidden)
        return lane if self._engine.lanes > 1 else self._transform(lane)

    def _drawn_before(self, hidden: int) -> Callable[[tuple[Any, ...]], Any]:
        """One case, whose weights are drawn by JAX while it traces the loop."""

        @lru_cache(maxsize=_KEPT)
        def program(seed: int) -> Callable[..., Any]:
            def traced(x: jax.Array, T: jax.Array) -> Any:
                with jax.ensure_compile_time_eval():
                    return self.function(seed, x, hidden, T)

            return self._transform(traced)

        return lambda lane: program(int(lane[0]))(*lane[1:])

    def run(self, cases: RecurrenceBatch) -> Array:
        """See `JaxRecurrence.run`; weights may have to be drawn before, as in a batch."""
        self.written_out = False
        return super().run(cases)

    def run_beside(self, cases: RecurrenceBatch) -> Array:
        """See `RecurrenceSubject.run_beside`; the map of the program is the only one."""
        return self.run(cases)

    def outcome(self, case: RecurrenceCase) -> Never:
        """Transformations belong to JAX.

        Raises:
            Undecided: always.
        """
        raise Undecided("what runs elsewhere is given its arguments as arrays")

    @property
    def max_hidden_read(self) -> int:
        """JAX's limit, or that of the engine if it is lower."""
        return min(65, self.max_hidden)

    @property
    def batches_x(self) -> bool:
        """Where a call takes many cases."""
        return self.lanes > 1

    @property
    def compiles_loops(self) -> bool:
        """Always: the loop is exported."""
        return True

    @property
    def arithmetic(self) -> Arithmetic:
        """That of a CPU, on whatever device JAX computes."""
        return FLOAT64 if config.has_x64() else FLOAT32

    @property
    def max_trips(self) -> int:
        """That of the engine."""
        return self._engine.max_trips

    @property
    def max_hidden(self) -> int:
        """That of the engine."""
        return self._engine.max_hidden
