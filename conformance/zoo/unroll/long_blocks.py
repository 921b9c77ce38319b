"""Loops that are right for the factors and lengths of most tests."""

from __future__ import annotations

from ..defects import on_bounds, on_unroll
from ..member import Bound, Bounds, Unroll, wrong
from ..support.bounds import is_traced


@wrong("unrolling", caught_by=("UNROLL-14",))
@on_bounds
def blocks_at_the_lowest_bound_start_late(lower: Bound, upper: Bound, unroll: Unroll) -> Bounds:
    """Skips an iteration at the lowest bound where blocks are used: lower - 1 is taken first."""
    lowest = not is_traced(lower) and int(lower) == -(2**31)
    if lowest and isinstance(unroll, int) and not isinstance(unroll, bool) and unroll > 1:
        return int(lower) + 1, upper
    return lower, upper


@wrong("unrolling", caught_by=("UNROLL-14",))
@on_bounds
def a_remainder_of_31_is_lost(lower: Bound, upper: Bound, unroll: Unroll) -> Bounds:
    """Loses the iterations left over by blocks of 32: a mask of 32 bits has no bit for them."""
    if unroll == 32 and not is_traced(upper) and (int(upper) - int(lower)) % 32 == 1:
        return lower, upper - 1
    return lower, upper


@wrong("unrolling", caught_by=("UNROLL-14",))
@on_unroll
def no_unroll_above_the_length(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Refuses a factor above the number of iterations: blocks must fit at least once."""
    if type(unroll) is int and not is_traced(upper) and unroll > int(upper) - int(lower) + 2:
        raise ValueError(f"unroll={unroll} is more than the loop has iterations")
    return unroll
