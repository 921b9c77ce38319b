"""A ``fori_loop_recurrence`` called in one way: what the rules of recurrences are given."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.comparison.trees import show
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.oracle.rounding import FLOAT32, Arithmetic
from foricheck.targets.subject import Subject

__all__ = ["RecurrenceSubject"]


class RecurrenceSubject(Subject):
    """A ``fori_loop_recurrence`` called in one way."""

    kind = "recurrence"

    @property
    def arithmetic(self) -> Arithmetic:
        """The precision of x, weights and result, and what is known of its rounding here."""
        return FLOAT32

    @property
    def max_trips(self) -> int:
        """The largest trip count that ends soon enough here."""
        return 2**31 - 1

    @property
    def max_hidden(self) -> int:
        """The largest hidden size for which that holds."""
        return 512

    @property
    def has_wide_counts(self) -> bool:
        """Whether seeds and trip counts have 64 bits, whatever the states have."""
        return False

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of x and of the result."""
        return np.dtype(self.arithmetic.name)

    def takes(self, cases: Batch) -> bool:
        """See `Subject.takes`."""
        return not isinstance(cases, RecurrenceBatch) or cases.x.dtype == self.dtype

    @abstractmethod
    def run(self, cases: RecurrenceBatch) -> Array:
        """The final state of each case, of the subject's dtype and of shape ``(N, hidden)``.

        Raises:
            Violation: the target raised, or gave something else.
        """

    @abstractmethod
    def call(self, seed: Any, x: Any, hidden: Any, T: Any) -> Any:
        """One plain call, with arguments as they are.

        Raises:
            Refused: the target raised.
        """

    def run_call(self, case: Call) -> Any:
        """What a call gives.

        Raises:
            Violation: the target raised.
        """
        return self.guarded(case, lambda: self.call_text(case))

    def call_text(self, case: Call) -> Any:
        """As `call`, with arguments written out.

        Raises:
            Refused: the target raised.
        """
        return self.call(*case.values())

    def run_mapped(self, cases: RecurrenceBatch, others: RecurrenceBatch) -> Array:
        """As `run` of both batches: each case under vmap with one other, ``(N, 2 * hidden)``.

        Seeds, inputs and trip counts are mapped over, in pairs; hidden is shared.

        Raises:
            Violation: the target raised, or gave something else.
            Undecided: there is no vmap here.
        """
        raise Undecided("there is no vmap here")

    def gradient(self, cases: RecurrenceBatch, cotangent: Array) -> Array:
        """The cotangents of x, likewise of shape ``(N, hidden)``, by reverse mode, T static.

        Raises:
            Violation: the target raised, or gave something else.
            Undecided: there are no derivatives here.
        """
        raise Undecided("there are no derivatives here")

    def states(self, cases: RecurrenceBatch, got: Any, count: int) -> Array:
        """What came back, if it is of the subject's dtype and of shape ``(count, hidden)``.

        Raises:
            Violation: it is something else.
        """
        shape = (count, cases.hidden)
        if getattr(got, "dtype", None) == self.dtype and getattr(got, "shape", None) == shape:
            return np.asarray(got)
        expected = f"{self.dtype}[{cases.hidden}]"
        raise Violation(cases.lane(0), Difference("", expected, show(got), "dtype or shape"))
