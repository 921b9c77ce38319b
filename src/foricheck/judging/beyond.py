"""Which cases are beyond the limits that a target declares."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, Snippet
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.oracle import loop as oracle
from foricheck.programs import expressions, snippets
from foricheck.targets.limits import Extent, Limits, of_leaves, reasons

__all__ = ["beyond"]


def beyond(limits: Limits, case: Batch) -> str:
    """Why a single case is beyond the limits, or ``""``.

    Of an expression, the oracle's loops show the trip counts; what else its calls of the target
    are given is seen when they are made (`foricheck.targets.within`).
    """
    return next(reasons(limits, _extent(case)), "")


@singledispatch
def _extent(case: Any) -> Extent:
    return Extent()


@_extent.register
def _(case: LoopBatch) -> Extent:
    trips = int(case.upper[0]) - int(case.lower[0])
    return Extent(trips, (case.dtype,), ("int32",))


@_extent.register
def _(case: RecurrenceBatch) -> Extent:
    return Extent(int(case.T[0]), leaf_dtypes=(case.x.dtype.name,))


@_extent.register
def _(case: PermutedBatch) -> Extent:
    return of_leaves(case.upper - case.lower, (case.dtype,), case.leaves)


@_extent.register
def _(case: LoopCase) -> Extent:
    leaves = case.carry.leaves
    return Extent(
        max(case.bounds.trips, default=0),
        (case.bounds.dtype,),
        tuple(leaf.dtype for leaf in leaves),
        has_empty=any(0 in leaf.shape for leaf in leaves),
    )


@_extent.register
def _(case: Snippet) -> Extent:
    try:
        made = snippets.parts(case, np)
        dtypes = [side.dtype.name for side in (made.lower, made.upper) if hasattr(side, "dtype")]
        return of_leaves(int(made.upper) - int(made.lower), tuple(dtypes), made.init)
    except (TypeError, ValueError, AttributeError):  # bounds or a carry that are to be refused
        return Extent()


@_extent.register
def _(case: Expression) -> Extent:
    trips = [0]

    def watched(lower: Any, upper: Any, *rest: Any, **options: Any) -> Any:
        trips.append(int(upper) - int(lower))
        return oracle.fori_loop(lower, upper, *rest, **options)

    if case.expected:
        expressions.expected(case, loop=watched)
    return Extent(max(trips))
