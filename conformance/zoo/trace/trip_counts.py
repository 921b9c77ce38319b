"""Loops whose programs run too few or too many trips when there are very many."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_given_bounds
from ..member import Body, Bound, Bounds, Carry, Unroll, wrong
from ..support.bounds import is_traced, normalised

_CAP = 10**7


@wrong("iteration", caught_by=("TRACE-13",))
@on_given_bounds
def static_trips_are_capped(lower: Bound, upper: Bound) -> Bounds:
    """Runs at most ten million trips if the bounds are static: a guard from a test was left in."""
    if isinstance(lower, int) and isinstance(upper, int):
        upper = min(upper, max(lower + _CAP, lower))
    return lower, upper


@wrong("iteration", caught_by=("TRACE-13",))
@on_given_bounds
def static_length_is_a_float(lower: Bound, upper: Bound) -> Bounds:
    """Keeps the trip count in a float32, which is exact up to 2**24."""
    if type(lower) is int and type(upper) is int and upper - lower > 2**24:
        upper = lower + int(np.float32(upper - lower)) - 1
    return lower, upper


@wrong("iteration", caught_by=("TRACE-05",))
def capped_for_safety(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops after 2**30 trips, so that no wrong bound hangs the device; no test runs that long."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.lax.while_loop(
        lambda state: (state[0] < upper) & (state[1] < 2**30),
        lambda state: (state[0] + 1, state[1] + 1, body_fun(state[0], state[2])),
        (lower, jnp.int32(0), init_val),
    )[2]


@wrong("unrolling", caught_by=("TRACE-05", "ITER-01"))
def two_at_a_time(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls a traced range by two and ignores that the last pair may have one trip too many."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.lax.while_loop(
        lambda state: state[0] < upper,
        lambda state: (state[0] + 2, body_fun(state[0] + 1, body_fun(state[0], state[1]))),
        (lower, init_val),
    )[1]
