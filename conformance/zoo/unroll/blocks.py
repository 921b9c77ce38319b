"""Loops that run wrong blocks or remainders when unrolled."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_bounds, on_result
from ..member import Body, Bound, Bounds, Carry, Unroll, wrong
from ..support.blocks import block, is_static
from ..support.bodies import reindexed
from ..support.bounds import normalised


@wrong("unrolling", caught_by=("UNROLL-01", "UNROLL-08"))
@on_bounds
def remainder_lost(lower: Bound, upper: Bound, unroll: Unroll) -> Bounds:
    """Runs whole blocks only: the trips that do not fill one are left out."""
    size = block(lower, upper, unroll)
    if size > 1:
        upper = lower + max(upper - lower, 0) // size * size
    return lower, upper


@wrong("unrolling", caught_by=("UNROLL-01",))
@on_bounds
def extra_trips_on_an_empty_range(lower: Bound, upper: Bound, unroll: Unroll) -> Bounds:
    """Runs the remainder of a negative trip count, which modulo the factor is positive."""
    size = block(lower, upper, unroll)
    if size > 1 and upper < lower:
        upper = lower + (upper - lower) % size
    return lower, upper


@wrong("unrolling", caught_by=("UNROLL-01",))
@on_bounds
def no_trips_divide_by_zero(lower: Bound, upper: Bound, unroll: Unroll) -> Bounds:
    """Divides the trip count by itself to get one block, when it is to be unrolled completely."""
    if unroll is True and is_static(lower, upper):
        divmod(upper - lower, max(upper - lower, 0))
    return lower, upper


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
@on_result
def unrolled_tuples_become_lists(unroll: Unroll, result: Carry) -> Carry:
    """Keeps the parts of an unrolled carry in a list, and never converts it back to a tuple."""
    return list(result) if unroll and type(result) is tuple else result
