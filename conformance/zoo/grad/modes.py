"""Loops that lack a mode of differentiation, or have one with the wrong derivative."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_init
from ..member import Body, Bound, Carry, Index, Unroll, declares, wrong
from ..support.bodies import held
from ..support.bounds import is_traced, normalised
from ..support.derivatives import loop_of_values, stopped

_LONG = 1000


@wrong("derivative", caught_by=("GRAD-01",))
def static_only_python_ints(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Treats bounds as traced unless both are of type int: arrays have no reverse mode."""
    if (type(lower) is int and type(upper) is int) or unroll not in (None, False):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def run(lower: Any, upper: Any, init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init)

    return jax.jit(run)(lower, upper, init_val)


@wrong("derivative", caught_by=("GRAD-01",))
def long_static_is_while(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Uses a while_loop, which has no reverse mode, for more than 1000 trips, to save memory."""
    ints = type(lower) is int and type(upper) is int
    if unroll is not None or not ints or upper - lower <= _LONG:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def step(state: tuple[Any, Carry]) -> tuple[Any, Carry]:
        i, carry = state
        return i + 1, body_fun(i, carry)

    start = (jnp.int32(lower), init_val)
    return jax.lax.while_loop(lambda state: state[0] < upper, step, start)[1]


_MOST_TRIPS = 64


@wrong("derivative", caught_by=("GRAD-01", "GRAD-02", "GRAD-12"))
def while_loop_for_static_bounds_too(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no reverse mode at all: static bounds take the only path, a while_loop."""
    lower, upper = normalised(lower, upper)

    def step(state: tuple[Any, Any, Carry]) -> tuple[Any, Any, Carry]:
        i, end, carry = state
        return i + 1, end, body_fun(i, carry)

    start = (jnp.asarray(lower), jnp.asarray(upper), init_val)
    return jax.lax.while_loop(lambda state: state[0] < state[1], step, start)[2]


@wrong("derivative", caught_by=("GRAD-04", "GRAD-09"))
def reverse_rule_alone(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no forward mode: a custom_vjp stands around the loop with static bounds."""
    if is_traced(lower) or is_traced(upper):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    run, values = loop_of_values(lower, upper, body_fun, init_val, unroll)
    with_rule = jax.custom_vjp(run)
    with_rule.defvjp(lambda *args: jax.vjp(run, *args), lambda pull, v: pull(v))
    return with_rule(init_val, *values)


@wrong("derivative", caught_by=("GRAD-08", "GRAD-05"))
@on_init
def zeros_with_traced_bounds(lower: Bound, upper: Bound, init_val: Carry) -> Carry:
    """Suppresses the refusal of reverse mode with traced bounds: the derivative is zero."""
    if is_traced(lower) or is_traced(upper):
        init_val = stopped(init_val)
    return init_val


@wrong("derivative", caught_by=("GRAD-08", "GRAD-05"))
def at_most_64_trips_when_traced(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has reverse mode with traced bounds, by masking 64 trips; longer loops are cut short."""
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    lower, upper = normalised(lower, upper)

    def body(trip: Index, carry: Carry) -> Carry:
        i = lower + jnp.asarray(trip, jnp.result_type(lower))
        return held((i >= upper) | (i < lower), carry, body_fun(i, carry))

    return jax.lax.fori_loop(0, _MOST_TRIPS, body, init_val)


@wrong("derivative", caught_by=("GRAD-06",))
def second_derivative_is_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Treats the primals of its derivative rule as constants: second derivatives are lost."""
    run, values = loop_of_values(lower, upper, body_fun, init_val, unroll)
    with_rule = jax.custom_jvp(run)
    with_rule.defjvp(lambda args, tangents: jax.jvp(run, stopped(args), tangents))
    return with_rule(init_val, *values)


_FEW_TRIPS = 10**5


@wrong("derivative", caught_by=("GRAD-01",))
def long_static_ranges_are_whiles(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs very long static ranges in a While, to save memory, and so lacks reverse mode there."""
    static = isinstance(lower, int) and isinstance(upper, int)
    if static and upper - lower > _FEW_TRIPS and unroll is None:
        lower, upper = jnp.asarray(lower), jnp.asarray(upper)
        return jax.jit(lambda low, high: jax.lax.fori_loop(low, high, body_fun, init_val))(
            lower, upper
        )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-04", "GRAD-05"))
@declares(without=("unroll", "reverse"))
def tangents_stop_at_the_while(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Claims forward mode only, but no tangent enters its While."""
    lower, upper = normalised(lower, upper)
    return jax.lax.while_loop(
        lambda state: state[0] < upper,
        lambda state: (state[0] + 1, body_fun(*state)),
        (lower, stopped(init_val)),
    )[1]
