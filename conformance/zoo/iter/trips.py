"""Loops that run the wrong number of trips, or trips at the wrong indices."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ..defects import on_bounds
from ..member import Body, Bound, Bounds, Carry, Unroll, wrong
from ..support.bodies import reindexed
from ..support.bounds import as_signed, choose, down, is_near, middle, normalised, up


@wrong("bounds", caught_by=("ITER-03", "BOUND-02"))
@on_bounds
def trip_count_overflows(lower: Bound, upper: Bound) -> Bounds:
    """Takes upper - lower in the bounds' signed dtype, where 100 - (-100) is -56: no iteration."""
    some = (lower < upper) & (as_signed(upper - lower) > 0)
    return lower, choose(some, upper, lower)


@wrong("iteration", caught_by=("ITER-01",))
@on_bounds
def starts_at_one(lower: Bound, upper: Bound) -> Bounds:
    """Skips the first index: the author counts from one and starts at lower + 1."""
    return up(lower, lower < upper), upper


@wrong("iteration", caught_by=("ITER-01",))
@on_bounds
def one_trip_short(lower: Bound, upper: Bound) -> Bounds:
    """Stops before upper - 1: an exclusive bound was made exclusive twice."""
    return lower, down(upper, lower < upper)


@wrong("iteration", caught_by=("ITER-01", "ITER-02"))
@on_bounds
def inclusive_upper(lower: Bound, upper: Bound) -> Bounds:
    """Runs for upper as well: written after a language whose ranges include their end."""
    return lower, up(upper, lower <= upper)


@wrong("iteration", caught_by=("ITER-01",))
def runs_backwards(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts down from upper - 1 to lower, as a loop optimised to compare with zero does."""
    lower, upper = normalised(lower, upper)
    body = reindexed(body_fun, lambda i: lower + (upper - 1 - i))
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-02",))
@on_bounds
def do_while(lower: Bound, upper: Bound) -> Bounds:
    """Runs the body at least once: the test stands at the end of the loop."""
    end = choose(lower < upper, upper, up(lower))
    return lower, end


@wrong("iteration", caught_by=("ITER-02",))
@on_bounds
def absolute_trip_count(lower: Bound, upper: Bound) -> Bounds:
    """Runs |upper - lower| times: bounds in the wrong order are swapped instead of empty."""
    swap = is_near(upper, lower)
    first, end = choose(swap, upper, lower), choose(swap, lower, upper)
    return first, end


@wrong("iteration", caught_by=("ITER-02",))
def empty_range_gives_zeros(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns zeros for an empty range: only the body writes the output buffer."""
    lower, upper = normalised(lower, upper)
    out = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.tree.map(lambda leaf: jnp.where(lower < upper, leaf, jnp.zeros_like(leaf)), out)


@wrong("iteration", caught_by=("ITER-01",))
def step_of_two(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Advances the index by two: the increment stands both in the body and in the header."""
    lower, upper = normalised(lower, upper)
    end = middle(lower, upper) + ((lower < upper) & ((lower ^ upper) & 1))
    body = reindexed(body_fun, lambda i: 2 * i - lower)
    return jax.lax.fori_loop(lower, end, body, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01", "ITER-07"))
@on_bounds
def ignores_lower(lower: Bound, upper: Bound) -> Bounds:
    """Runs from zero whatever lower is, since every example the author tried began at zero."""
    first = choose(is_near(0, upper), lower - lower, lower)
    return first, upper


@wrong("iteration", caught_by=("ITER-01",))
def repeats_last_index(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the last index twice: an epilogue peeled off the loop was not taken out of it."""
    lower, upper = normalised(lower, upper)
    body = reindexed(body_fun, lambda i: jnp.minimum(i, upper - 1))
    return jax.lax.fori_loop(lower, up(upper, lower < upper), body, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("ITER-01", "ITER-06"))
@on_bounds
def unrolled_without_remainder(lower: Bound, upper: Bound) -> Bounds:
    """Runs whole chunks of four trips and forgets the remainder."""
    end = choose(lower < upper, upper - ((upper - lower) & 3), upper)
    return lower, end


@wrong("unrolling", caught_by=("ITER-01", "ITER-06"))
@on_bounds
def unrolled_rounding_up(lower: Bound, upper: Bound) -> Bounds:
    """Runs as many chunks of four trips as cover the range, without masking the trips past it."""
    end = upper
    for extra in range(3):
        end = up(
            end, (lower < upper) & (((upper - lower) & 3) != 0) & (-(upper - lower) & 3 > extra)
        )
    return lower, end


@wrong("aliasing", caught_by=("ITER-06", "ITER-01"))
@on_bounds
def wrong_buffer_after_odd_count(lower: Bound, upper: Bound) -> Bounds:
    """Loses the last trip of an odd count: of two buffers, it always returns the same one."""
    end = choose(lower < upper, upper - ((upper - lower) & 1), upper)
    return lower, end
