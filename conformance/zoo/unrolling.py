"""Loops that run wrong blocks and remainders, or unroll by another factor than asked."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import is_traced, normalised
from .iteration import reindexed
from .member import Body, Bound, Carry, Unroll, wrong


def block(lower: Bound, upper: Bound, unroll: Unroll) -> int:
    """Return how many trips a block has: 1 where no factor above 1 is applied."""
    factor = isinstance(unroll, int) and not isinstance(unroll, bool) and unroll > 1
    return int(unroll or 1) if factor and is_static(lower, upper) else 1


def is_static(lower: Bound, upper: Bound) -> bool:
    """Say whether both bounds are known when the loop is traced."""
    return not (is_traced(lower) or is_traced(upper))


@wrong("unrolling", caught_by=("UNROLL-01", "UNROLL-08"))
def remainder_lost(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs whole blocks only: the trips that do not fill one are left out."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size > 1:
        upper = lower + max(upper - lower, 0) // size * size
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-01",))
def extra_trips_on_an_empty_range(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the remainder of a negative trip count, which modulo the factor is positive."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size > 1 and upper < lower:
        upper = lower + (upper - lower) % size
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-01",))
def no_trips_divide_by_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Divides the trip count by itself to get one block, when it is to be unrolled completely."""
    lower, upper = normalised(lower, upper)
    if unroll is True and is_static(lower, upper):
        divmod(upper - lower, max(upper - lower, 0))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-01",))
def blocks_run_backwards(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the trips of a block last to first, as composed functions are applied."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size == 1:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    whole = lower + max(upper - lower, 0) // size * size

    def index(i: Any) -> Any:
        place = (i - lower) % size
        return jnp.where(i < whole, i - place + (size - 1 - place), i)

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-01", "UNROLL-08"))
def index_stands_still_in_a_block(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Advances the index once a block, so that all its trips see the first one's."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size == 1:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    body = reindexed(body_fun, lambda i: i - (i - lower) % size)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-01", "UNROLL-08"))
def remainder_starts_at_lower(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the remainder with the first indices of the range instead of the last."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    whole = lower + max(upper - lower, 0) // size * size if size > 1 else upper
    carry = jax.lax.fori_loop(lower, whole, body_fun, init_val, unroll=unroll)
    if size == 1:
        return carry
    body = reindexed(body_fun, lambda i: i - whole + lower)
    return jax.lax.fori_loop(whole, upper, body, carry)


@wrong("structure", caught_by=("UNROLL-08",))
def unrolled_tuples_become_lists(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the parts of an unrolled carry in a list, and forgets to make it a tuple again."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return list(result) if unroll and type(result) is tuple else result


@wrong("unrolling", caught_by=("UNROLL-06",))
def true_is_one(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes True for the integer 1, which it equals, and so leaves the loop rolled."""
    unroll = 1 if unroll is True and is_static(lower, upper) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-06",))
def short_loops_unrolled_unasked(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls up to 16 trips even if it is told not to, since that is faster."""
    lower, upper = normalised(lower, upper)
    short = is_static(lower, upper) and upper - lower <= 16
    unroll = True if short and (unroll is None or unroll is False) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-07",))
def factor_ignored(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks the factor and forgets it: the value is right, the program is the rolled one."""
    unroll = None if block(lower, upper, unroll) > 1 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-07",))
def factor_clamped_to_four(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls by at most four, to keep programs small."""
    unroll = 4 if block(lower, upper, unroll) > 4 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-07",))
def factor_rounded_to_a_power_of_two(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls by the power of two below the factor, as hardware likes it."""
    size = block(lower, upper, unroll)
    unroll = 1 << (size.bit_length() - 1) if size > 1 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-13",), as_jax=True)
def single_trip_stays_rolled(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns True into the trip count, as JAX does, and then takes the factor 1 for rolled."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-07",))
def factor_of_16_at_most(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps programs small: larger factors are cut to 16 without a word."""
    if type(unroll) is int:
        unroll = min(unroll, 16)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
