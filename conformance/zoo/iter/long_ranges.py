"""Loops that are right until their range is long."""

from __future__ import annotations

import jax

from ..defects import on_bounds
from ..member import Body, Bound, Bounds, Carry, Index, Unroll, wrong
from ..support.bodies import held, reindexed
from ..support.bounds import choose, is_wide, normalised


@wrong("iteration", caught_by=("ITER-05",))
def drops_trip_65536(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Skips trip 2**16: a 16-bit counter is zero again, which marks the loop as not begun."""
    lower, upper = normalised(lower, upper)

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        return held(i - lower == 2**16, carry, new) if is_wide(i) else new

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("dtype", caught_by=("ITER-05",))
def index_offset_in_16_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Restarts the index after 2**16 trips: it keeps the offset from lower in 16 bits."""
    lower, upper = normalised(lower, upper)

    def index(i: Index) -> Index:
        return lower + ((i - lower) & 0xFFFF) if is_wide(i) else i

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong("dtype", caught_by=("ITER-05",))
@on_bounds
def trip_count_in_a_byte(lower: Bound, upper: Bound) -> Bounds:
    """Runs the trip count modulo 2**8: an 8-bit register holds it."""
    end = lower + ((upper - lower) & 0xFF) if is_wide(lower) and is_wide(upper) else upper
    end = choose(lower < upper, end, upper)
    return lower, end


@wrong("iteration", caught_by=("ITER-05",))
def gives_up_after_10000_trips(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops after 10,000 trips: a guard against infinite loops was left in."""
    lower, upper = normalised(lower, upper)

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        late = (i - lower < 0) | (i - lower >= 10_000) if is_wide(i) else False
        return held(late, carry, new) if is_wide(i) else new

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("dtype", caught_by=("ITER-05",))
@on_bounds
def trips_counted_in_float32(lower: Bound, upper: Bound) -> Bounds:
    """Counts the trips in float32, to divide them by a step: of 2**24 + 1, one is lost."""
    if not is_wide(lower):
        return lower, upper
    trips = upper - lower
    odd = choose((trips > 2**24) & (trips < 2**25), trips & 1, trips - trips)
    return lower, upper - odd
