"""Loops that hand the body the wrong index or the wrong carry."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body, on_result, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import finished, held, reindexed
from ..support.bounds import normalised


@wrong("dtype", caught_by=("ITER-04",))
@on_result
def integers_through_float32(result: Carry) -> Carry:
    """Rounds 32-bit integers to 24 bits: one float32 buffer holds all leaves."""
    return finished(
        lambda leaf: leaf.astype(jnp.float32).astype(leaf.dtype) if _is_wide(leaf) else leaf,
        result,
    )


def _is_wide(leaf: Any) -> bool:
    return bool(jnp.issubdtype(leaf.dtype, jnp.integer)) and leaf.dtype.itemsize >= 4


@wrong("iteration", caught_by=("ITER-01",))
def index_from_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Passes the trip number, from zero, to the body in place of lower + trip number."""
    lower, upper = normalised(lower, upper)
    body = reindexed(body_fun, lambda i: i - lower)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01",))
@on_body
def index_after_increment(body_fun: Body) -> Body:
    """Passes i + 1 to the body: the counter is incremented before the call and not after it."""
    return reindexed(body_fun, lambda i: i + 1)


@wrong("iteration", caught_by=("ITER-04",))
@on_body
def body_sees_initial_carry(body_fun: Body, init_val: Carry) -> Body:
    """Applies every iteration to the initial carry: the closure names the wrong variable."""
    return lambda i, _: body_fun(i, init_val)


@wrong("iteration", caught_by=("ITER-04", "ITER-01"))
@on_trip
def body_twice_each_trip(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Calls the body twice for each index: the first call, to find its type, is not discarded."""
    first = body_fun(i, carry)
    return body_fun(i, held(False, carry, first))


_running: list[tuple[Bound, Bound]] = []


@wrong("state", caught_by=("ITER-10",))
def inner_loop_takes_outer_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives a nested loop the bounds of the outermost: a module-level variable holds them."""
    _running.append((lower, upper))
    try:
        return jax.lax.fori_loop(*_running[0], body_fun, init_val, unroll=unroll)
    finally:
        _running.pop()
