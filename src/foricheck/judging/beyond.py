"""Which cases are beyond the limits that a target declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.loop import LoopBatch, PermutedBatch, Snippet
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.trees import children
from foricheck.programs import snippets
from foricheck.targets.limits import Limits

__all__ = ["beyond"]


@dataclass(frozen=True)
class _Extent:
    """What one case asks of a target: its trip count, and dtypes by name."""

    trips: int = 0
    bound_dtypes: tuple[str, ...] = ()
    leaf_dtypes: tuple[str, ...] = ()
    has_empty: bool = False
    has_none: bool = False


def beyond(limits: Limits, case: Batch) -> str:
    """Why a single case is beyond the limits, or ``""``.

    An expression is text whose loops are not known before it runs; it is never beyond them.
    """
    return next(_reasons(limits, _extent(case)), "")


def _reasons(limits: Limits, extent: _Extent) -> Iterator[str]:
    if limits.trips is not None and extent.trips > limits.trips:
        yield f"{extent.trips} trips: the target declares {limits.trips} at most"
    yield from _other("bound", extent.bound_dtypes, limits.bound_dtypes)
    yield from _other("leaf", extent.leaf_dtypes, limits.leaf_dtypes)
    if extent.has_empty and not limits.empty_leaves:
        yield "an empty leaf, which the target declares that it does not take"
    if extent.has_none and not limits.none_leaves:
        yield "None in place of a leaf, which the target declares that it does not take"


def _other(what: str, dtypes: Iterable[str], allowed: tuple[str, ...]) -> Iterator[str]:
    for dtype in dtypes:
        if allowed and dtype not in allowed:
            yield f"a {what} of {dtype}: the target declares {', '.join(allowed)}"


@singledispatch
def _extent(case: Any) -> _Extent:
    return _Extent()


@_extent.register
def _(case: LoopBatch) -> _Extent:
    trips = int(case.upper[0]) - int(case.lower[0])
    return _Extent(trips, (case.dtype,), ("int32",))


@_extent.register
def _(case: RecurrenceBatch) -> _Extent:
    return _Extent(int(case.T[0]), leaf_dtypes=(case.x.dtype.name,))


@_extent.register
def _(case: PermutedBatch) -> _Extent:
    return _of_leaves(case.upper - case.lower, (case.dtype,), case.leaves)


@_extent.register
def _(case: LoopCase) -> _Extent:
    leaves = case.carry.leaves
    return _Extent(
        max(case.bounds.trips, default=0),
        (case.bounds.dtype,),
        tuple(leaf.dtype for leaf in leaves),
        has_empty=any(0 in leaf.shape for leaf in leaves),
    )


@_extent.register
def _(case: Snippet) -> _Extent:
    try:
        made = snippets.parts(case, np)
        dtypes = [side.dtype.name for side in (made.lower, made.upper) if hasattr(side, "dtype")]
        return _of_leaves(int(made.upper) - int(made.lower), tuple(dtypes), made.init)
    except (TypeError, ValueError, AttributeError):  # bounds or a carry that are to be refused
        return _Extent()


def _of_leaves(trips: int, bounds: tuple[str, ...], init: Any) -> _Extent:
    leaves = list(_leaves(init))
    arrays = [leaf for leaf in leaves if isinstance(leaf, np.ndarray | np.generic)]
    return _Extent(
        trips,
        bounds,
        tuple(array.dtype.name for array in arrays),
        has_empty=any(array.size == 0 for array in arrays),
        has_none=any(leaf is None for leaf in leaves),
    )


def _leaves(value: Any) -> Iterator[Any]:
    below = None if value is None else children(value)
    if below is None:
        yield value
    for _, part in below or ():
        yield from _leaves(part)
