"""Leaves that only change places: where each is after so many trips, without running any.

A body that permutes makes leaf ``j`` what leaf ``p[j]`` was. After two trips it is what leaf
``p[p[j]]`` was, and after n trips what leaf ``p^n[j]`` was, ``p^n`` the n-th power of ``p``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["after", "power"]

Leaf = TypeVar("Leaf")


def after(
    lower: int, upper: int, permutation: Sequence[int], leaves: Sequence[Leaf]
) -> tuple[Leaf, ...]:
    """The leaves once the body has run for each index from ``lower`` up to ``upper``.

    Raises:
        ValueError: ``permutation`` does not name each leaf once.
    """
    if sorted(permutation) != list(range(len(leaves))):
        raise ValueError(f"{list(permutation)} is no permutation of {len(leaves)} leaves")
    return tuple(leaves[place] for place in power(permutation, max(upper - lower, 0)))


def power(permutation: Sequence[int], exponent: int) -> tuple[int, ...]:
    """The permutation done ``exponent`` times, at least 0, by squaring."""
    result, square = tuple(range(len(permutation))), tuple(permutation)
    while exponent:
        if exponent % 2:
            result = _product(result, square)
        square = _product(square, square)
        exponent //= 2
    return result


def _product(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """One after the other; powers of one permutation may be taken in either order."""
    return tuple(other[place] for place in one)
