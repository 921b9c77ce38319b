"""A ``fori_loop_recurrence`` called in one variant: the subject of the rules of recurrences."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.outcome import Outcome
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.comparison.trees import array_of, show, show_first_lane
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.oracle.rounding import FLOAT32, Arithmetic
from foricheck.targets.subject import Subject

__all__ = ["RecurrenceSubject"]


class RecurrenceSubject(Subject):
    """A ``fori_loop_recurrence`` called in one variant."""

    kind = "recurrence"

    @property
    def arithmetic(self) -> Arithmetic:
        """The precision of x, weights and result, and the known bounds on its rounding."""
        return FLOAT32

    @property
    def namespace(self) -> str:
        """The arrays that the target is given."""
        return self.target.namespace

    @property
    def max_hidden_read(self) -> int:
        """The largest hidden size at which every row of the weights is read."""
        return 65

    @property
    def batches_x(self) -> bool:
        """Whether many inputs of one seed and trip count cost no more than one."""
        return True

    @property
    def compiles_loops(self) -> bool:
        """Whether a step is no call from Python, so that there may be very many."""
        return False

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of x and of the result."""
        return np.dtype(self.arithmetic.name)

    @property
    def max_trips(self) -> int:
        """The largest trip count that finishes in acceptable time."""
        return 2**31 - 1

    @property
    def max_hidden(self) -> int:
        """The largest hidden size that finishes in acceptable time."""
        return 512

    @property
    def has_wide_counts(self) -> bool:
        """Whether seeds and trip counts have 64 bits even where states have 32."""
        return False

    def accepts(self, cases: Batch) -> bool:
        """See `Subject.accepts`."""
        return not isinstance(cases, RecurrenceBatch) or cases.x.dtype == self.dtype

    @abstractmethod
    def call(self, seed: Any, x: Any, hidden: Any, T: Any) -> Any:
        """One plain call, with the arguments unchanged.

        Raises:
            Refused: the target raised.
        """

    def call_case(self, case: Call) -> Any:
        """See `Subject.call_case`."""
        return self.call(*case.values())

    @abstractmethod
    def run(self, cases: RecurrenceBatch) -> Array:
        """The final state of each case, of the subject's dtype and of shape ``(N, hidden)``.

        Raises:
            Violation: the target raised, or returned something else.
        """

    def run_mapped(self, cases: RecurrenceBatch, others: RecurrenceBatch) -> Array:
        """As `run` of both batches: each case under vmap with one other, ``(N, 2 * hidden)``.

        Seeds, inputs and trip counts are mapped over, in pairs; hidden is shared.

        Raises:
            Violation: the target raised, or returned something else.
            Undecided: the target cannot be mapped.
        """
        raise Undecided("vmap is not available for this target")

    def run_beside(self, cases: RecurrenceBatch) -> Array:
        """As `run`, where all cases have one seed and one trip count: together where possible.

        Raises:
            Violation: the target raised, or gave something else.
        """
        return self.run(cases)

    def program_size(self, case: RecurrenceBatch) -> int:
        """How many operations the lowered program of a case has, T static.

        Raises:
            Violation: the target raised.
            Undecided: there is no program here.
        """
        raise Undecided("there is no program here")

    def outcome(self, case: RecurrenceCase) -> Outcome:
        """What comes of a case, with its arguments as they are given.

        Raises:
            Violation: the target raised, or gave something of another dtype or shape.
            Undecided: the target is not called from Python.
        """
        raise Undecided("only what is called from Python is given its arguments so")

    def output(self, case: RecurrenceCase, got: Any, shape: tuple[int, ...]) -> Array:
        """An output of a case, if it is of the subject's dtype and of this shape.

        Raises:
            Violation: it is something else.
        """
        if (array := array_of(got, self.dtype, shape)) is not None:
            return array
        expected = f"{self.dtype}{list(shape)}"
        raise Violation(case, Difference("", expected, show(got), "dtype or shape"))

    def gradient(self, cases: RecurrenceBatch, cotangent: Array) -> Array:
        """The cotangents of x, likewise of shape ``(N, hidden)``, by reverse mode, T static.

        Raises:
            Violation: the target raised, or returned something else.
            Undecided: the target cannot be differentiated.
        """
        raise Undecided("derivatives are not available for this target")

    def states(self, cases: RecurrenceBatch, got: Any, count: int) -> Array:
        """The result of a call, if it has the subject's dtype and shape ``(count, hidden)``.

        Raises:
            Violation: it is something else.
        """
        if (array := array_of(got, self.dtype, (count, cases.hidden))) is not None:
            return array
        expected, shown = f"{self.dtype}[{cases.hidden}]", show_first_lane(got, count)
        raise Violation(cases.lane(0), Difference("", expected, shown, "dtype or shape"))
