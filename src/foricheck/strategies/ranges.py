"""Ranges of integer bounds: small ones, ones at a dtype's extremes, and any others."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases import Array
from foricheck.strategies.choices import Choices

__all__ = ["RANGE", "at_the_extremes", "column", "draw"]

RANGE = 8
"""How many choices a range takes."""

_NEAR = 8
_LONGEST = 256


def draw(dtype: str, choices: Choices) -> tuple[Array, Array]:
    """Lower and upper bounds, see `column`.

    Trip counts are mostly below 9, some below 65, and a good part are zero or negative, by
    little (``upper = lower − 1``) and by much (``upper`` at the dtype's minimum).
    """
    limits = np.iinfo(dtype)
    lower = _lowers(limits, choices)
    how, much = choices.below(16), choices.below(256).astype(object)
    trips = np.select([how < 10, how < 12, how < 14], [much % 9, much % 65, -(much % 3)], 0)
    upper = np.where(how < 14, lower + trips, limits.min + much % 3)
    upper = np.where((how >= 14) & (upper > lower), lower, upper)
    return column(lower, dtype), column(np.clip(upper, limits.min, limits.max), dtype)


def at_the_extremes(dtype: str, *, near: int = 3) -> list[tuple[int, int]]:
    """Ranges between edges of a dtype, short ones first; long ones only where they are not long.

    The edges are the numbers within ``near`` of the least and of the greatest, and for an
    unsigned dtype those around its middle, where a signed dtype would turn negative.
    """
    limits = np.iinfo(dtype)
    middle = (limits.max + 1) // 2 if limits.min == 0 else 0
    low = [edge + away for edge in (limits.min, middle) for away in range(near)]
    high = [edge - away for edge in (middle - 1, limits.max) for away in range(near)]
    edges = sorted({*low, *high} if limits.min == 0 else {*low[:near], *high[near:]})
    pairs = [(lower, upper) for lower in edges for upper in edges if upper - lower <= _LONGEST]
    return sorted(pairs, key=lambda pair: max(pair[1] - pair[0], 0))


def column(bounds: Array | list[int], dtype: str) -> Array:
    """Bounds as a column of a batch: int64, or uint64 for that dtype."""
    return np.array(bounds, np.uint64 if dtype == "uint64" else np.int64)


def _lowers(limits: np.iinfo[Any], choices: Choices) -> Array:
    """Lower bounds as Python integers, which no dtype's arithmetic can wrap."""
    where, near, any_one = choices.below(4), choices.below(256), choices.number(4)
    small = near.astype(np.int8).astype(object) // 16
    return np.select(
        [where == 0, where == 1, where == 2],
        [
            np.maximum(small, limits.min),
            limits.min + near.astype(object) % _NEAR,
            limits.max - near.astype(object) % _NEAR,
        ],
        any_one.astype(limits.dtype).astype(object),
    )
