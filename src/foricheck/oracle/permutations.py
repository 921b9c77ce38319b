"""The result of a loop whose body permutes its leaves, without running the loop.

Each trip sets leaf ``j`` to the old leaf ``p[j]``. After n trips it is the initial leaf
``p^n[j]``, where ``p^n`` is the n-th power of the permutation ``p``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["after", "power"]

Leaf = TypeVar("Leaf")


def after(
    lower: int, upper: int, permutation: Sequence[int], leaves: Sequence[Leaf]
) -> tuple[Leaf, ...]:
    """The final leaves of a loop from ``lower`` to ``upper``.

    Raises:
        ValueError: ``permutation`` is not a permutation of the leaves' indices.
    """
    if sorted(permutation) != list(range(len(leaves))):
        raise ValueError(f"{list(permutation)} is not a permutation of {len(leaves)} leaves")
    return tuple(leaves[index] for index in power(permutation, max(upper - lower, 0)))


def power(permutation: Sequence[int], exponent: int) -> tuple[int, ...]:
    """The permutation applied ``exponent >= 0`` times, computed by squaring."""
    result, square = tuple(range(len(permutation))), tuple(permutation)
    while exponent:
        if exponent % 2:
            result = _product(result, square)
        square = _product(square, square)
        exponent //= 2
    return result


def _product(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """The composition of two powers of one permutation, which commute."""
    return tuple(other[index] for index in one)
