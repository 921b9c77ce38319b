"""Prove that a While runs for lower, lower + 1, …, upper − 1, for all bounds.

For bounds within [least, most], the trips that must run, 0 ≤ k ≤ upper − lower − 1, are the integer
points of a tetrahedron in (lower, upper, k). The points at which the While must have ended form two
triangles: k = upper − lower; and k = 0 with upper ≤ lower. An affine function takes its extremes
over a polytope at the corners, so a comparison that holds at these three or four points holds
everywhere.
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

__all__ = ["Region", "counterexample", "must_run_exactly", "must_run_range", "regions"]

Point = dict[str, int]


@dataclass(frozen=True)
class Region:
    """A set of trips: either all must run, or the While must have ended at all of them.

    Attributes:
        runs: whether the trips must run.
        corners: the points whose convex hull is the region.
    """

    runs: bool
    corners: tuple[Point, ...]


def must_run_exactly(case: Batch, jaxpr: Any) -> None:
    """The While of a jaxpr (see `foricheck.proofs.jaxpr`) runs exactly the range, for all bounds.

    Raises:
        Violation: it does not, for some bounds.
        Undecided: it can be neither proven nor refuted.
    """
    loop = read(jaxpr)
    if loop is None:
        raise Undecided("with traced bounds, the While has a form that is not supported")
    limits = np.iinfo(jaxpr.jaxpr.invars[0].aval.dtype)
    least, most = int(limits.min), int(limits.max)
    # First small bounds, for a readable counterexample; then large ones that do not wrap.
    for box in ((max(least, -3), 3), (least // 2, most // 2)):
        if found := counterexample(loop, regions(*box)):
            raise Violation(case, found)
    if not _is_proven(loop, regions(least, most)):
        raise Undecided("with traced bounds, the While can be neither proven nor refuted")


def must_run_range(case: Batch, jaxpr: Any, lower: int, upper: int) -> None:
    """The loop of a jaxpr with static bounds runs for every index from ``lower`` to ``upper`` − 1.

    Args:
        case: the single case.
        jaxpr: the jaxpr of a function of the carry alone.
        lower: the first index.
        upper: the index after the last, at least ``lower + 2``.

    Raises:
        Violation: it does not.
        Undecided: it can be neither proven nor refuted.
    """
    loop = read(jaxpr)
    trips = upper - lower
    where = (
        Region(True, _points((lower, upper, 0), (lower, upper, trips - 1))),
        Region(False, _points((lower, upper, trips))),
    )
    if loop and (found := counterexample(loop, where)):
        raise Violation(case, found)
    if loop is None or not all(_is_proven_in(region, loop.condition) for region in where):
        raise Undecided("with static bounds, the loop has a form that is not supported")


def regions(least: int, most: int) -> tuple[Region, ...]:
    """The regions where a loop runs and where it has ended, for bounds in [least, most]."""
    low, high, all_trips = (least, least), (most, most), (least, most)
    first_and_last = [(*all_trips, 0), (*all_trips, most - least - 1)]
    shortest = [(least, least + 1, 0), (most - 1, most, 0)]
    return (
        Region(True, _points(*first_and_last, *shortest)),
        Region(False, _points((*low, 0), (*high, 0), (*all_trips, most - least))),
        Region(False, _points((*low, 0), (*high, 0), (most, least, 0))),
    )


def counterexample(loop: While, where: tuple[Region, ...]) -> Difference | None:
    """The first corner at which the While runs the wrong iteration or index, or None."""
    for runs, point in _corners(where):
        bounds = f"lower = {point['lower']}, upper = {point['upper']}"
        trip = point["k"] + 1
        if _holds(loop.condition, point) != runs:
            sides = (f"iteration {trip} runs", f"no iteration {trip}")
            return Difference(bounds, sides[not runs], sides[runs], "the condition of the While")
        right, index = point["lower"] + point["k"], loop.index.at(point)
        if runs and index != right:
            sides = (f"iteration {trip} has index {right}", f"iteration {trip} has index {index}")
            return Difference(bounds, *sides, "the index in the While")
    return None


def _is_proven(loop: While, where: tuple[Region, ...]) -> bool:
    expected = Affine.symbol("lower") + Affine.symbol("k")
    proven = all(_is_proven_in(region, loop.condition) for region in where)
    return loop.index == expected and proven


def _is_proven_in(region: Region, condition: Condition) -> bool:
    """Whether a condition has the required value in the whole region.

    Sufficient, not necessary: a single part that decides a joined condition must decide it in the
    whole region.
    """
    if isinstance(condition, Affine):
        return all((condition.at(corner) >= 0) == region.runs for corner in region.corners)
    decides = any if (condition.quantifier == "any") == region.runs else all
    return decides(_is_proven_in(region, part) for part in condition.parts)


def _holds(condition: Condition, point: Point) -> bool:
    if isinstance(condition, Affine):
        return condition.at(point) >= 0
    quantifier = all if condition.quantifier == "all" else any
    return quantifier(_holds(part, point) for part in condition.parts)


def _corners(where: tuple[Region, ...]) -> Iterator[tuple[bool, Point]]:
    return ((region.runs, corner) for region in where for corner in region.corners)


def _points(*corners: tuple[int, int, int]) -> tuple[Point, ...]:
    return tuple(dict(zip(("lower", "upper", "k"), corner, strict=True)) for corner in corners)
