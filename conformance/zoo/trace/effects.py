"""Loops that trace the body, or run its effects, too often or not at all."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, declares, wrong
from ..support.bodies import held
from ..support.bounds import normalised
from ..support.programs import arrays, static_range


@wrong("numerics", caught_by=("TRACE-11",))
@declares(without=("unroll", "reverse", "one_while"))
def counts_down_unsigned(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Counts the remaining trips in an unsigned integer, which XLA treats as signed.

    With an effect in the body the loop then runs a single trip: the compiler's analysis of the
    trip count misreads ``left > 0`` where ``left`` has no sign.
    """
    lower, upper = normalised(lower, upper)
    lower, upper = jnp.asarray(lower), jnp.asarray(upper)
    unsigned = jnp.uint32 if lower.dtype.itemsize <= 4 else jnp.uint64
    left = jnp.where(lower < upper, upper.astype(unsigned) - lower.astype(unsigned), 0)
    return jax.lax.while_loop(
        lambda state: state[0] > 0,
        lambda state: (state[0] - 1, state[1] + 1, body_fun(*state[1:])),
        (left.astype(unsigned), lower, init_val),
    )[2]


@wrong("tracing", caught_by=("TRACE-11",))
@on_trip
def unordered_effects_are_dead_code(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Removes callbacks whose result nothing needs from the body, unless they are ordered."""
    closed, shapes = jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
    live = [equation for equation in closed.jaxpr.eqns if not _is_unordered(equation)]
    jaxpr = closed.jaxpr.replace(eqns=live)
    new = jax.core.eval_jaxpr(jaxpr, closed.consts, *jax.tree.leaves((i, carry)))
    return jax.tree.unflatten(jax.tree.structure(shapes), new)


def _is_unordered(equation: Any) -> bool:
    return equation.primitive.name == "io_callback" and not equation.params["ordered"]


@wrong("tracing", caught_by=("TRACE-02", "TRACE-11"))
@on_body
def trial_call(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Calls the body once before the loop to find the types of the carry, and drops the result."""
    body_fun(lower, init_val)
    return body_fun


@wrong("tracing", caught_by=("TRACE-02",))
def not_traced_without_trips(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns the initial carry of an empty static range at once, without tracing the body."""
    if static_range(lower, upper) == range(0):
        return arrays(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("TRACE-03", "TRACE-08"))
def runs_on_the_host(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs traced bounds in a host callback, where they are ints."""
    if static_range(lower, upper) is not None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def run(first: Any, end: Any, carry: Carry) -> Carry:
        carry = jax.tree.map(np.asarray, carry)
        for i in range(int(first), int(end)):
            carry = body_fun(i, carry)
        return carry

    types = jax.eval_shape(partial(body_fun, lower), init_val)
    return jax.pure_callback(run, types, lower, upper, init_val)


@wrong("tracing", caught_by=("TRACE-08",))
@on_trip
def tells_its_progress(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Sends each index to the host: a progress bar was left in, with its output switched off."""
    jax.debug.callback(lambda i: None, i)
    return body_fun(i, carry)


@wrong("tracing", caught_by=("TRACE-11",))
def last_trip_thrown_away(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs trips in pairs; for an odd count it runs one too many and drops its carry."""
    lower, upper = normalised(lower, upper)

    def pair(n: Index, carry: Carry) -> Carry:
        i = lower + 2 * n
        carry = body_fun(i, carry)
        return held(i + 1 >= upper, carry, body_fun(i + 1, carry))

    pairs = (upper - lower + 1) // 2
    return jax.lax.fori_loop(0, pairs, pair, init_val, unroll=unroll)
