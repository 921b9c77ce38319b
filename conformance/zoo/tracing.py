"""Loops whose values are right, or nearly, but not the programs that they make."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import is_traced, normalised
from .iteration import held
from .member import Body, Bound, Carry, Index, Unroll, wrong

Loop = Callable[..., Carry]


def static_range(lower: Bound, upper: Bound) -> range | None:
    """Return the indices of a loop with static bounds, or None if a bound is traced."""
    lower, upper = normalised(lower, upper)
    return None if is_traced(lower) or is_traced(upper) else range(lower, upper)


def arrays(tree: Carry) -> Carry:
    """Return a carry whose leaves are arrays."""
    return jax.tree.map(jnp.asarray, tree)


@wrong("tracing", caught_by=("TRACE-02", "TRACE-11"))
def trial_call(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls the body once before the loop to learn the types of the carry, and drops the result."""
    body_fun(lower, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("TRACE-02",))
def not_traced_without_trips(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns the initial carry of an empty static range at once: the body is never looked at."""
    if static_range(lower, upper) == range(0):
        return arrays(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("TRACE-03", "TRACE-08"))
def runs_on_the_host(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs traced bounds in a callback, where Python can see them: the author needed an int."""
    if static_range(lower, upper) is not None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def run(first: Any, end: Any, carry: Carry) -> Carry:
        carry = jax.tree.map(np.asarray, carry)
        for i in range(int(first), int(end)):
            carry = body_fun(i, carry)
        return carry

    types = jax.eval_shape(partial(body_fun, lower), init_val)
    return jax.pure_callback(run, types, lower, upper, init_val)


_PADDED = 4096


@wrong("tracing", caught_by=("TRACE-03", "TRACE-11"))
def padded_maximum(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Scans 4096 trips with traced bounds, and holds the carry from upper on: a static shape."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def step(i: Index, carry: Carry) -> Carry:
        return held(lower + i >= upper, carry, body_fun(lower + i, carry))

    return jax.lax.fori_loop(0, _PADDED, step, init_val)


@wrong("tracing", caught_by=("TRACE-04",))
def a_loop_in_each_branch(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has one loop for long ranges and another for short ones, though they are the same."""
    run: Loop = partial(jax.lax.fori_loop, unroll=unroll)
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return run(lower, upper, body_fun, init_val)
    return jax.lax.cond(
        lower < upper // 2,
        lambda carry: run(lower, upper, body_fun, carry),
        lambda carry: run(lower, upper, body_fun, carry),
        init_val,
    )


@wrong("tracing", caught_by=("TRACE-04",))
def counts_the_trips_first(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Finds out by a first loop where a traced range ends, as if it were an iterator."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    upper = jax.lax.while_loop(lambda end: end < upper, lambda end: end + 1, lower)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val)


@wrong("iteration", caught_by=("TRACE-05",))
def capped_for_safety(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Ends after 2**30 trips, lest a wrong bound hang the device; no run lasts long enough."""
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
    """Unrolls a traced range by two and forgets that the last pair may have one trip too many."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.lax.while_loop(
        lambda state: state[0] < upper,
        lambda state: (state[0] + 2, body_fun(state[0] + 1, body_fun(state[0], state[1]))),
        (lower, init_val),
    )[1]


@wrong("tracing", caught_by=("TRACE-08",))
def tells_its_progress(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Tells the host each index: a progress bar that was left in, with its output switched off."""

    def body(i: Index, carry: Carry) -> Carry:
        jax.debug.callback(lambda i: None, i)
        return body_fun(i, carry)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


def _with_constants(
    change: Callable[[list[Any]], list[Any]], body_fun: Body, lower: Bound, init_val: Carry
) -> Body:
    """Return the body as a jaxpr, what it closes over being changed."""
    closed, shapes = jax.make_jaxpr(body_fun, return_shape=True)(lower, init_val)
    structure = jax.tree.structure(shapes)
    constants = change(list(closed.consts))

    def body(i: Index, carry: Carry) -> Carry:
        leaves = jax.core.eval_jaxpr(closed.jaxpr, constants, i, *jax.tree.leaves(carry))
        return jax.tree.unflatten(structure, leaves)

    return body


@wrong("structure", caught_by=("TRACE-09",))
def closed_over_in_reverse(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hands closed-over values of one shape over in reverse: popped from a stack."""

    def change(constants: list[Any]) -> list[Any]:
        alike = len({(jnp.shape(each), jnp.result_type(each)) for each in constants}) == 1
        return constants[::-1] if alike else constants

    body = _with_constants(change, body_fun, lower, init_val)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("tracing", caught_by=("TRACE-09",))
def closed_over_as_constants(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Makes NumPy constants of what the body closes over, which only concrete values can be."""
    bake = partial(jax.tree.map, np.asarray)
    body = _with_constants(bake, body_fun, lower, init_val)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


_static_outside: list[bool] = []


@wrong("tracing", caught_by=("TRACE-10",))
def static_as_the_loop_around(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks only the outermost loop whether bounds are static, and takes int() of all the others."""
    _static_outside.append(static_range(lower, upper) is not None)
    try:
        if _static_outside[0]:
            lower, upper = int(lower), int(upper)
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    finally:
        _static_outside.pop()


_indices: list[Index] = []


@wrong("state", caught_by=("TRACE-10",))
def two_index_registers(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the indices of nested loops in two registers: the third loop shows the first's."""

    def body(i: Index, carry: Carry) -> Carry:
        _indices.append(i)
        try:
            return body_fun(_indices[0] if len(_indices) == 3 else i, carry)
        finally:
            _indices.pop()

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("tracing", caught_by=("TRACE-11",))
def last_trip_thrown_away(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs trips in pairs, and one too many where their number is odd, whose carry is dropped."""
    lower, upper = normalised(lower, upper)

    def pair(n: Index, carry: Carry) -> Carry:
        i = lower + 2 * n
        carry = body_fun(i, carry)
        return held(i + 1 >= upper, carry, body_fun(i + 1, carry))

    pairs = (upper - lower + 1) // 2
    return jax.lax.fori_loop(0, pairs, pair, init_val, unroll=unroll)
