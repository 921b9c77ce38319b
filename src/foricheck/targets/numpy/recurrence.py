"""A ``fori_loop_recurrence`` over NumPy arrays, or over anything else without JAX."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.outcome import Outcome
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import answered
from foricheck.targets.numpy import recurrence_cases
from foricheck.targets.recurrence import RecurrenceSubject
from foricheck.targets.target import Target

__all__ = ["NumpyRecurrence"]

_LANES = 8


class NumpyRecurrence(RecurrenceSubject):
    """A ``fori_loop_recurrence`` over NumPy arrays; nothing is traced."""

    def __init__(self, target: Target, variant: Variant) -> None:
        super().__init__(target, variant, lanes=_LANES)

    def lanes_for(self, setting: Any) -> int:
        """One case at a time for large weights."""
        return self.lanes if setting.hidden <= 64 else 1

    def run(self, cases: RecurrenceBatch) -> Array:
        """See `RecurrenceSubject.run`."""
        return self._in_parts(cases.chunks(1), self._run_one)

    @property
    def max_hidden_read(self) -> int:
        """See `RecurrenceSubject.max_hidden_read`."""
        return 257

    @property
    def batches_x(self) -> bool:
        """No: each is a call."""
        return False

    def outcome(self, case: RecurrenceCase) -> Outcome:
        """See `RecurrenceSubject.outcome`."""

        def checked(got: Any, shape: tuple[int, ...]) -> Array:
            return self.output(case, np.asarray(got), shape)

        run = recurrence_cases.carried_out
        outcome: Outcome = self.guarded(case, lambda: run(self.function, case, checked))
        return outcome

    def call(self, seed: Any, x: Any, hidden: Any, T: Any) -> Any:
        """See `RecurrenceSubject.call`."""
        return answered(lambda: self.function(seed, x, hidden, T))

    def _run_one(self, case: RecurrenceBatch) -> Array:
        arguments = (int(case.seed[0]), case.x[0].copy(), case.hidden, int(case.T[0]))
        got = self.guarded(case, lambda: self.call(*arguments))
        return self.states(case, np.asarray(got)[None], 1)
