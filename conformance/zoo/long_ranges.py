"""Loops that are right until their range is long."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from .bound_arithmetic import choose, normalised
from .iteration import held, reindexed
from .member import Body, Bound, Carry, Index, Unroll, wrong


@wrong("iteration", caught_by=("ITER-05",))
def drops_trip_65536(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Skips trip 2**16: a 16-bit counter is zero again, which marks the loop as not begun."""
    lower, upper = normalised(lower, upper)

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        return held(i - lower == 2**16, carry, new) if _is_wide(i) else new

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("dtype", caught_by=("ITER-05",))
def index_offset_in_16_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Starts the index over after 2**16 trips: the offset from lower is kept in 16 bits."""
    lower, upper = normalised(lower, upper)

    def index(i: Index) -> Index:
        return lower + ((i - lower) & 0xFFFF) if _is_wide(i) else i

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong("dtype", caught_by=("ITER-05",))
def trip_count_in_a_byte(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the trip count modulo 2**8: the count went into an 8-bit register."""
    lower, upper = normalised(lower, upper)
    end = lower + ((upper - lower) & 0xFF) if _is_wide(lower) and _is_wide(upper) else upper
    end = choose(lower < upper, end, upper)
    return jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-05",))
def gives_up_after_10000_trips(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops after 10,000 trips: a guard against endless loops was left in."""
    lower, upper = normalised(lower, upper)

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        late = (i - lower < 0) | (i - lower >= 10_000) if _is_wide(i) else False
        return held(late, carry, new) if _is_wide(i) else new

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


def _is_wide(index: Index) -> bool:
    return jnp.result_type(index).itemsize > 2


@wrong("dtype", caught_by=("BOUND-02", "ITER-05"))
def index_as_float32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps 24 bits of the index, as a counter in float32 does, so odd ones vanish past 2**24."""

    def index(i: Index) -> Index:
        for bits in range(24, 31) if _is_wide(i) else ():
            cut = i & ~(2 ** (bits - 23) - 1)
            i = jnp.where((i >= 2**bits) | (i < -(2**bits)), cut, i)
        return i

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong("dtype", caught_by=("ITER-05",))
def trips_counted_in_float32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts the trips in float32, to divide them by a step: of 2**24 + 1, one is lost."""
    lower, upper = normalised(lower, upper)
    if not _is_wide(lower):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    trips = upper - lower
    odd = choose((trips > 2**24) & (trips < 2**25), trips & 1, trips - trips)
    return jax.lax.fori_loop(lower, upper - odd, body_fun, init_val, unroll=unroll)
