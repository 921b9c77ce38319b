"""Loops that unroll by another factor than the one asked for."""

from __future__ import annotations

import jax

from ..defects import on_unroll
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.blocks import block, is_static
from ..support.bounds import normalised


@wrong("unrolling", caught_by=("UNROLL-06",))
@on_unroll
def true_is_one(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Takes True for the integer 1, which it equals, and so leaves the loop rolled."""
    return 1 if unroll is True and is_static(lower, upper) else unroll


@wrong("unrolling", caught_by=("UNROLL-06",))
def short_loops_unrolled_unasked(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls up to 16 trips even if unroll is False, since that is faster."""
    lower, upper = normalised(lower, upper)
    short = is_static(lower, upper) and upper - lower <= 16
    unroll = True if short and (unroll is None or unroll is False) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-06",))
@on_unroll
def true_is_at_most_32(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Unrolls no more than 32 trips, to keep programs small, even if all are asked for."""
    is_long = unroll is True and is_static(lower, upper) and upper - lower > 32
    return 32 if is_long else unroll


@wrong("unrolling", caught_by=("UNROLL-07",))
@on_unroll
def factor_ignored(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Checks the factor and forgets it: the value is right, the program is the rolled one."""
    return None if block(lower, upper, unroll) > 1 else unroll


@wrong("unrolling", caught_by=("UNROLL-07",))
@on_unroll
def factor_clamped_to_four(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Unrolls by at most four, to keep programs small."""
    return 4 if block(lower, upper, unroll) > 4 else unroll


@wrong("unrolling", caught_by=("UNROLL-07",))
@on_unroll
def factor_rounded_to_a_power_of_two(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Unrolls by the largest power of two up to the factor, to suit the hardware."""
    size = block(lower, upper, unroll)
    return 1 << (size.bit_length() - 1) if size > 1 else unroll


@wrong("unrolling", caught_by=("UNROLL-13",), as_jax=True)
def single_trip_stays_rolled(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns True into the trip count, as JAX does, and then takes the factor 1 for rolled."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-07",))
@on_unroll
def factor_of_16_at_most(unroll: Unroll) -> Unroll:
    """Keeps programs small: larger factors are silently cut to 16."""
    if type(unroll) is int:
        unroll = min(unroll, 16)
    return unroll
