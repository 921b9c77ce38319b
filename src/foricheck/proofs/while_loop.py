"""Proving that a While runs for lower, lower + 1, …, upper − 1, whatever the bounds.

For bounds within [least, most] the trips that must run, 0 ≤ k ≤ upper − lower − 1, are the
integer points of a tetrahedron in (lower, upper, k); the moments at which the While must end, of a
triangle where k = upper − lower, and of another where upper ≤ lower and k = 0. An affine function
takes its extremes over a polytope at the corners, so that a comparison holds everywhere once it
holds at three or four points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.proofs.affine import Affine, Condition
from foricheck.proofs.jaxpr import While, read

__all__ = ["Region", "must_run_exactly", "must_run_range", "refuted", "regions"]

Point = dict[str, int]


@dataclass(frozen=True)
class Region:
    """Trips that all must run, or at all of which the While must have ended.

    Attributes:
        runs: which of the two.
        corners: points, of which the region is the hull.
    """

    runs: bool
    corners: tuple[Point, ...]


def must_run_exactly(case: Batch, jaxpr: Any) -> None:
    """The While of a jaxpr (see `foricheck.proofs.jaxpr`) runs as it must for all bounds.

    Raises:
        Violation: there are bounds for which it does not.
        Undecided: it is of a form that is not understood.
    """
    loop = read(jaxpr)
    if loop is None:
        raise Undecided("the While that traced bounds make is of a form that can not be read")
    limits = np.iinfo(jaxpr.jaxpr.invars[0].aval.dtype)
    least, most = int(limits.min), int(limits.max)
    # First bounds that a person can look at; then large ones whose differences still do not wrap.
    for box in ((max(least, -3), 3), (least // 2, most // 2)):
        if found := refuted(loop, regions(*box)):
            raise Violation(case, found)
    if not _is_proven(loop, regions(least, most)):
        raise Undecided("the While that traced bounds make can not be proven to run as it must")


def must_run_range(case: Batch, jaxpr: Any, lower: int, upper: int) -> None:
    """The loop of a jaxpr with static bounds runs for each number from ``lower`` to ``upper`` − 1.

    Args:
        case: the single case.
        jaxpr: of a function of the carry alone.
        lower: the first index.
        upper: the index after the last, at least two more.

    Raises:
        Violation: it does not.
        Undecided: it is of a form that is not understood.
    """
    loop = read(jaxpr)
    trips = upper - lower
    where = (
        Region(True, _points((lower, upper, 0), (lower, upper, trips - 1))),
        Region(False, _points((lower, upper, trips))),
    )
    if loop and (found := refuted(loop, where)):
        raise Violation(case, found)
    if loop is None or not all(_everywhere(loop.goes_on, region) for region in where):
        raise Undecided("the loop that static bounds make is of a form that can not be read")


def regions(least: int, most: int) -> tuple[Region, ...]:
    """Where a loop runs and where it has ended, for bounds from ``least`` to ``most``."""
    low, high, all_trips = (least, least), (most, most), (least, most)
    first_and_last = [(*all_trips, 0), (*all_trips, most - least - 1)]
    shortest = [(least, least + 1, 0), (most - 1, most, 0)]
    return (
        Region(True, _points(*first_and_last, *shortest)),
        Region(False, _points((*low, 0), (*high, 0), (*all_trips, most - least))),
        Region(False, _points((*low, 0), (*high, 0), (most, least, 0))),
    )


def refuted(loop: While, where: tuple[Region, ...]) -> Difference | None:
    """A corner at which the While does not do what it must, told; None if there is none."""
    for runs, point in _corners(where):
        bounds = f"lower = {point['lower']}, upper = {point['upper']}"
        trip = point["k"] + 1
        if _holds(loop.goes_on, point) != runs:
            told = (f"iteration {trip} runs", f"no iteration {trip}")
            return Difference(bounds, told[not runs], told[runs], "the condition of the While")
        right, index = point["lower"] + point["k"], loop.index.at(point)
        if runs and index != right:
            told = (f"iteration {trip} has index {right}", f"iteration {trip} has index {index}")
            return Difference(bounds, *told, "the index in the While")
    return None


def _is_proven(loop: While, where: tuple[Region, ...]) -> bool:
    wanted = Affine.symbol("lower") + Affine.symbol("k")
    return loop.index == wanted and all(_everywhere(loop.goes_on, region) for region in where)


def _everywhere(condition: Condition, region: Region) -> bool:
    """Whether a condition is surely what it must be in all of a region.

    Of parts that are joined, one that settles the matter must do so in all of the region.
    """
    if isinstance(condition, Affine):
        return all((condition.at(corner) >= 0) == region.runs for corner in region.corners)
    settles = any if (condition.quantifier == "any") == region.runs else all
    return settles(_everywhere(part, region) for part in condition.parts)


def _holds(condition: Condition, point: Point) -> bool:
    if isinstance(condition, Affine):
        return condition.at(point) >= 0
    joined = all if condition.quantifier == "all" else any
    return joined(_holds(part, point) for part in condition.parts)


def _corners(where: tuple[Region, ...]) -> Iterator[tuple[bool, Point]]:
    return ((region.runs, corner) for region in where for corner in region.corners)


def _points(*corners: tuple[int, int, int]) -> tuple[Point, ...]:
    return tuple(dict(zip(("lower", "upper", "k"), corner, strict=True)) for corner in corners)
