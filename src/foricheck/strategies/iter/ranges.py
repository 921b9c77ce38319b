"""Ranges of integer bounds: drawn from choices, or at a dtype's extremes."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.strategies.choices import Choices

__all__ = ["RANGE", "at_the_extremes", "column", "draw"]

RANGE = 8
"""The number of choices for a range."""

_LONGEST = 256


def draw(dtype: str, choices: Choices) -> tuple[Array, Array]:
    """Columns of lower and upper bounds; half of them near 0, none near the dtype's extremes.

    A loop that wraps at an extreme may never end, which would hide its other faults, so extremes
    have a separate rule and strategy (`at_the_extremes`).

    Trip counts are mostly below 9, some below 65, and many zero or negative, slightly
    (``upper = lower − 1``) or by far.
    """
    limits = np.iinfo(dtype)
    lower = _lowers(limits, choices)
    how, much = choices.below(16), choices.below(256).astype(object)
    few, more, little, far = much % 9, much % 65, -(much % 3), -much * 99
    trips = np.select([how < 10, how < 12, how < 14], [few, more, little], far)
    upper = np.clip(lower + trips, limits.min, limits.max)
    return column(lower, dtype), column(upper, dtype)


def at_the_extremes(dtype: str, *, near: int = 3) -> list[tuple[int, int]]:
    """Ranges of at most 256 trips between edges of a dtype, short ones first.

    The edges are the ``near`` least and greatest numbers, and for an unsigned dtype also those
    around its middle, where a signed dtype would become negative.
    """
    limits = np.iinfo(dtype)
    middle = (limits.max + 1) // 2 if limits.min == 0 else 0
    low = [edge + away for edge in (limits.min, middle) for away in range(near)]
    high = [edge - away for edge in (middle - 1, limits.max) for away in range(near)]
    edges = sorted({*low, *high} if limits.min == 0 else {*low[:near], *high[near:]})
    pairs = [(lower, upper) for lower in edges for upper in edges if upper - lower <= _LONGEST]
    return sorted(pairs, key=lambda pair: max(pair[1] - pair[0], 0))


def column(bounds: Array | list[int], dtype: str) -> Array:
    """Bounds as a column of a batch: uint64 for that dtype, int64 for all others."""
    return np.array(bounds, np.uint64 if dtype == "uint64" else np.int64)


def _lowers(limits: np.iinfo[Any], choices: Choices) -> Array:
    """Lower bounds as Python integers, which cannot wrap."""
    where, near, far = choices.below(4), choices.below(256), choices.number(4).astype(object)
    small = near.astype(np.int8).astype(object) // 16
    sign, far = np.where(near % 2, 1, -1 if limits.min else 1), far % (limits.max // 2 + 1)
    lower = np.select([where < 2, where == 2], [small, sign * (far % 10_000)], sign * far)
    return np.asarray(np.maximum(lower, limits.min))
