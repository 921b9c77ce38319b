"""A loop in any language, behind a harness: its cases go over the wire, many in a message."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, Snippet, StructuredBatch
from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Undecided, Violation
from foricheck.targets.loop import Body, LoopSubject
from foricheck.targets.target import Target
from foricheck.targets.wire.answers import (
    AS_TEXT,
    client_of,
    mismatch,
    must_be_short,
    one_each,
    supported,
)
from foricheck.targets.wire.cases import of_loops, of_permuted

__all__ = ["WireLoop"]

_LANES = 256
_TRIP = 1024
"""The cost of a trip, in multiplications: the harness interprets a program."""


class WireLoop(LoopSubject):
    """A ``fori_loop`` behind a harness."""

    def __init__(self, target: Target, variant: Variant) -> None:
        super().__init__(target, variant, lanes=_LANES)
        self._client = client_of(target, self.kind)

    @property
    def xp(self) -> ModuleType:
        """A harness has no array namespace.

        Raises:
            Undecided: always.
        """
        raise Undecided(AS_TEXT)

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Those that the harness declares."""
        return self._client.hello.dtypes

    @property
    def max_trips(self) -> int:
        """No more than the harness declares."""
        return min(super().max_trips, self._client.hello.max_trips or super().max_trips)

    def run(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run`."""
        return self._answered(cases, of_loops(cases), _trips(cases))

    def run_half_static(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_half_static`; all bounds are data here."""
        return self.run(cases)

    def run_nested(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_nested`.

        Raises:
            Undecided: the harness does not declare the capability.
        """
        if "nested" not in self._client.hello.capabilities:
            raise Undecided("the harness does not declare nested bodies")
        inner = np.maximum(cases.upper, 1).astype(np.float64)
        return self._answered(cases, of_loops(cases, nested=True), _trips(cases) * inner)

    def run_singly(self, cases: LoopBatch, around: Any = None) -> Array:
        """See `LoopSubject.run_singly`; a body is data, so no other can be wrapped around it."""
        return self.run(cases) if around is None else self.run_nested(cases)

    def run_in_order(self, cases: LoopBatch) -> Array:
        """See `LoopSubject.run_in_order`; the cases of a message are run in order."""
        return self.run(cases)

    def call_permuted(self, case: PermutedBatch) -> Any:
        """See `LoopSubject.call_permuted`.

        Raises:
            Violation: the harness did not answer with the leaves.
            Undecided: the harness does not declare the capability.
        """
        if "permute" not in self._client.hello.capabilities:
            raise Undecided("the harness does not declare bodies that permute leaves")
        self._must_take(case.dtype)
        must_be_short(self._client, [case.upper - case.lower])
        (result,) = self._client([of_permuted(case)])
        if found := mismatch(result, case.leaves):
            raise Violation(case, found)
        return supported(result).leaves

    def call(self, lower: Any, upper: Any, body: Body, init: Any) -> Any:
        """A body in Python cannot be sent.

        Raises:
            Undecided: always.
        """
        raise Undecided(AS_TEXT)

    def call_snippet(self, case: Snippet) -> Any:
        """As `call`."""
        raise Undecided(AS_TEXT)

    def call_expression(self, case: Expression) -> Any:
        """As `call`."""
        raise Undecided(AS_TEXT)

    def call_structured(self, cases: StructuredBatch) -> list[Any]:
        """As `call`."""
        raise Undecided("its bodies are compiled programs, which do not go over the wire")

    def _must_take(self, dtype: str) -> None:
        if dtype not in self.dtypes:
            raise Undecided(f"the harness does not declare bounds of {dtype}")

    def _answered(self, cases: LoopBatch, written: list[Any], trips: Array) -> Array:
        self._must_take(cases.dtype)
        must_be_short(self._client, trips.tolist())
        work = [int(each) for each in trips * _TRIP]
        return one_each(cases, self._client(written, work), np.int32, cases.carry.shape[1:])


def _trips(cases: LoopBatch) -> Array:
    """The approximate trip counts, as floats, which cannot overflow."""
    lower, upper = cases.lower.astype(np.float64), cases.upper.astype(np.float64)
    return np.maximum(upper - lower, 0)
