"""The blocks of an unrolled loop."""

from __future__ import annotations

from ..member import Bound, Unroll
from .bounds import is_traced


def block(lower: Bound, upper: Bound, unroll: Unroll) -> int:
    """Return how many trips a block has: 1 where no factor above 1 is applied."""
    factor = isinstance(unroll, int) and not isinstance(unroll, bool) and unroll > 1
    return int(unroll or 1) if factor and is_static(lower, upper) else 1


def is_static(lower: Bound, upper: Bound) -> bool:
    """Say whether both bounds are known when the loop is traced."""
    return not (is_traced(lower) or is_traced(upper))
