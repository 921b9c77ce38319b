"""A recurrence in any language, behind a harness: its cases go over the wire."""

from __future__ import annotations

from typing import Any, Never

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.refusals import Refused
from foricheck.comparison.violations import Undecided, Violation
from foricheck.targets.recurrence import RecurrenceSubject
from foricheck.targets.target import Target
from foricheck.targets.wire.answers import client_of, mismatch, must_be_short, one_each, supported
from foricheck.targets.wire.cases import of_case, of_recurrences
from foricheck.targets.wire.messages import Declined, Value

__all__ = ["Refusal", "WireRecurrence"]

_LANES = 64
_WEIGHTS = 2**18
"""The approximate number of weights in a batch: each case draws new ones."""

_DRAW = 64
"""The cost of drawing a weight, in multiplications."""


class Refusal(Exception):
    """The error of the implementation, as reported by the harness."""


class WireRecurrence(RecurrenceSubject):
    """A ``fori_loop_recurrence`` behind a harness."""

    def __init__(self, target: Target, variant: Variant) -> None:
        super().__init__(target, variant, lanes=_LANES)
        self._client = client_of(target, self.kind)

    @property
    def has_wide_counts(self) -> bool:
        """They are int64 in the protocol."""
        return True

    def lanes_for(self, setting: Any) -> int:
        """Fewer lanes for larger hidden sizes."""
        return max(1, min(self.lanes, _WEIGHTS // int(setting.hidden) ** 2))

    def run(self, cases: RecurrenceBatch) -> Array:
        """See `RecurrenceSubject.run`."""
        must_be_short(self._client, cases.T.tolist())
        work = [cases.hidden**2 * (_DRAW + max(0, int(T))) for T in cases.T]
        results = self._client(of_recurrences(cases), work)
        return one_each(cases, results, self.dtype, (cases.hidden,))

    def call(self, seed: Any, x: Any, hidden: Any, T: Any) -> Never:
        """Whether the caller's x changes cannot be observed.

        Raises:
            Undecided: always.
        """
        raise Undecided("a copy of x goes over the wire, which leaves no trace in x")

    def call_case(self, case: Call) -> Any:
        """See `RecurrenceSubject.call_case`."""
        _must_be_written(case)
        must_be_short(self._client, [case.values()[3]])
        (result,) = self._client([of_case(case)])
        match result:
            case Value((leaf,)):
                return leaf
            case Value(leaves):
                return leaves
            case Declined(message):
                raise Refused from Refusal(message)
        if found := mismatch(result, ()):
            raise Violation(case, found)
        return supported(result)


def _must_be_written(case: Call) -> None:
    """Check that a call can be written as a case.

    Raises:
        Undecided: it cannot be.
    """
    seed, x, hidden, T = case.values()
    if not all(type(number) is int for number in (seed, hidden, T)):
        raise Undecided("seed, hidden and T go over the wire as integers")
    if hidden < 1 or not isinstance(x, np.ndarray):
        raise Undecided("hidden goes over the wire as at least 1, x as an array")
