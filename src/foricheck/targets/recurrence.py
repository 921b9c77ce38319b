"""A ``fori_loop_recurrence`` called in one way: what the rules of recurrences are given."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from foricheck.cases import Array, Call, RecurrenceBatch
from foricheck.compare import show
from foricheck.evidence import Difference, Violation
from foricheck.oracle.rounding import FLOAT32, Arithmetic
from foricheck.targets.subject import Subject

__all__ = ["RecurrenceSubject"]


class RecurrenceSubject(Subject):
    """A ``fori_loop_recurrence`` called in one way."""

    kind = "recurrence"

    @property
    def arithmetic(self) -> Arithmetic:
        """What is known of the rounding of this machine's float32."""
        return FLOAT32

    @abstractmethod
    def run(self, cases: RecurrenceBatch) -> Array:
        """The final state of each case, float32 of shape ``(N, hidden)``.

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

    @abstractmethod
    def gradient(self, cases: RecurrenceBatch, cotangent: Array) -> Array:
        """The cotangents of x, float32 of shape ``(N, hidden)``, by reverse mode, T static.

        Raises:
            Violation: the target raised, or gave something else.
        """

    def states(self, cases: RecurrenceBatch, got: Any, count: int) -> Array:
        """What came back, as float32 of shape ``(count, hidden)``.

        Raises:
            Violation: it is something else.
        """
        shape = (count, cases.hidden)
        if getattr(got, "dtype", None) == np.float32 and getattr(got, "shape", None) == shape:
            return np.asarray(got)
        expected = f"float32[{cases.hidden}]"
        raise Violation(cases.lane(0), Difference("", expected, show(got), "dtype or shape"))
