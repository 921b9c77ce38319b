"""Loops that differentiate the wrong trips, or at the wrong index or carry."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ..defects import on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import reindexed
from ..support.bounds import choose, is_traced, normalised
from ..support.derivatives import alike_everywhere, graft, loop_of_values, stopped

_LAST_TRIPS = 8


@wrong("derivative", caught_by=("GRAD-01", "GRAD-02", "GRAD-04", "GRAD-05"))
def through_the_last_trips_alone(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates the last eight trips only: truncated backpropagation was left on."""
    lower, upper = normalised(lower, upper)
    long = (lower < upper) & (upper - lower > _LAST_TRIPS)
    cut = choose(long, upper - _LAST_TRIPS, lower)
    frozen, values = loop_of_values(lower, cut, body_fun, init_val, unroll)
    before = frozen(*stopped((init_val, *values)))
    start = jax.tree.map(lambda a, b: jnp.where(long, a, b), before, init_val)
    return jax.lax.fori_loop(cut, upper, body_fun, start, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-03",))
def no_derivative_without_trips(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has a zero derivative without trips: an early return copies the carry."""
    lower, upper = normalised(lower, upper)
    if not is_traced(lower < upper) and lower >= upper:
        init_val = stopped(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-03", "GRAD-05"))
def derivative_of_one_trip_at_least(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates one trip where none ran: the derivative is a separate loop, a do-while."""
    lower, upper = normalised(lower, upper)
    value = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    end = choose(lower < upper, upper, lower + 1)
    return graft(value, jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll))


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04"))
def derivative_of_one_trip_too_few(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Omits the first trip from the derivative: the backward sweep stops one step early."""
    lower, upper = normalised(lower, upper)
    value = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    first = choose(lower < upper, lower + 1, lower)
    return graft(value, jax.lax.fori_loop(first, upper, body_fun, init_val, unroll=unroll))


@wrong("derivative", caught_by=("GRAD-11", "GRAD-01"))
def derivative_forgets_the_index(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates the body at the first index in every trip: it does not save the index."""
    lower, upper = normalised(lower, upper)
    value = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    at_first = reindexed(body_fun, lambda i: i - i + lower)
    return graft(value, jax.lax.fori_loop(lower, upper, at_first, init_val, unroll=unroll))


@wrong("derivative", caught_by=("GRAD-01",))
@on_trip
def derivative_at_the_new_carry(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Differentiates each trip at the carry that it returned: residuals are saved one step late."""
    new = body_fun(i, carry)
    if not alike_everywhere(carry, new):
        return new
    return graft(new, body_fun(i, graft(stopped(new), carry)))
