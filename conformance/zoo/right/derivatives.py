"""A right loop that does more than it must: reverse mode with traced bounds too."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..member import Body, Bound, Carry, Index, Unroll, declares, right
from ..support.bounds import is_traced, normalised
from ..support.derivatives import hoisted

State = tuple[Index, Carry]


@right
@declares(without=("one_trace",))
def reverse_mode_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates traced bounds by scans over the base-256 digits of the trip count.

    Where JAX refuses reverse mode, it gives the derivative.
    """
    lower, upper = normalised(lower, upper)
    traced = is_traced(lower) or is_traced(upper)
    if traced and unroll is True:
        raise ValueError("unroll=True needs static bounds")
    rolled = unroll is None or unroll is False or unroll == 1
    if not (traced and rolled and callable(body_fun)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    body, values = hoisted(body_fun, lower, init_val)

    def run(lower: Bound, upper: Bound, init: Carry, *values: Any) -> Carry:
        return jax.lax.fori_loop(lower, upper, lambda i, c: body(i, c, *values), init)

    def by_digits(lower: Bound, upper: Bound, init: Carry, *values: Any) -> Carry:
        return digit_by_digit(lower, upper, lambda i, c: body(i, c, *values), init)

    with_rule = jax.custom_jvp(run)
    with_rule.defjvp(lambda args, tangents: jax.jvp(by_digits, args, tangents))
    return with_rule(lower, upper, init_val, *values)


def digit_by_digit(lower: Any, upper: Any, body_fun: Body, init_val: Carry) -> Carry:
    """Run a loop as scans of static lengths, which have a reverse mode: 255 blocks a digit."""
    lower, upper = jnp.asarray(lower), jnp.asarray(upper)
    state = (lower, jax.lax.fori_loop(lower, lower, body_fun, init_val))
    trips = unsigned_trips(lower, upper)
    for digit in reversed(range(lower.dtype.itemsize)):
        count, size = (trips >> (8 * digit)) & 0xFF, 256**digit
        state = jax.lax.fori_loop(0, 255, blocks(count, size, body_fun), state)
    return state[1]


def blocks(count: Any, size: int, body_fun: Body) -> Body:
    """Return a body that runs ``size`` trips in each of its first ``count`` iterations."""

    def one(_: Index, state: State) -> State:
        i, carry = state
        return i + 1, body_fun(i, carry)

    @jax.checkpoint
    def body(k: Index, state: State) -> State:
        block = lambda state: jax.lax.fori_loop(0, size, one, state)  # noqa: E731
        result: State = jax.lax.cond(k < count, block, lambda state: state, state)
        return result

    return body


def unsigned_trips(lower: Any, upper: Any) -> Any:
    """Return the number of trips, in the unsigned dtype of the bounds' width."""
    unsigned = f"uint{8 * lower.dtype.itemsize}"
    distance = upper.astype(unsigned) - lower.astype(unsigned)
    return jnp.where(lower < upper, distance, jnp.zeros_like(distance))
