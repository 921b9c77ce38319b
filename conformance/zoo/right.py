"""Right loops, written another way than ``jax.lax.fori_loop``."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax
from flax import nnx

from .bound_arithmetic import middle, normalised
from .member import Body, Bound, Carry, Unroll, declares, right


@right
@declares(without=("unroll", "grad"))
def while_loop(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Counts by hand in ``jax.lax.while_loop``, which has no reverse mode."""
    lower, upper = normalised(lower, upper)
    _, _, result = jax.lax.while_loop(
        lambda state: state[0] < state[1],
        lambda state: (state[0] + 1, state[1], body_fun(state[0], state[2])),
        (lower, upper, init_val),
    )
    return result


@right
@declares(without=("traced",))
def static_scan(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Scans over a static number of trips with the index in the carry."""
    lower, upper = map(int, normalised(lower, upper))
    length = max(upper - lower, 0)
    config: Any = jax.config
    if config.jax_disable_jit and length == 0:
        return init_val  # jax.lax.scan refuses length 0 under disable_jit

    def step(state: tuple[Any, Carry], _: None) -> tuple[tuple[Any, Carry], None]:
        i, carry = state
        return (i + 1, body_fun(i, carry)), None

    unroll = False if unroll is None else unroll
    (_, result), _ = jax.lax.scan(step, (lower, init_val), None, length=length, unroll=unroll)
    return result


@right
@declares(without=("one_trace",))
def nnx_fori_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls ``flax.nnx.fori_loop``, which also takes modules in the carry."""
    return nnx.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@right
@declares(without=("one_while",))
def three_chunks(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the range in three loops, the first quarter, the second and the last half."""
    lower, upper = normalised(lower, upper)
    half = middle(lower, upper)
    cuts = (lower, middle(lower, half), half, upper)
    for first, end in pairwise(cuts):
        init_val = jax.lax.fori_loop(first, end, body_fun, init_val, unroll=unroll)
    return init_val


@right
def checkpointed_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Wraps the body in ``jax.checkpoint``, which changes what is stored and no value."""
    body = jax.checkpoint(body_fun) if callable(body_fun) else body_fun
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)
