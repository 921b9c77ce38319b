"""Wrong solutions of the recurrence exercise that compute less precisely than they could."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .exercise import normal_weights, seed_number, solve, step_count, tanh_step, vector, width
from .member import declares, wrong

Array = jax.Array


def short_mantissa(value: Array) -> Array:
    """Return float32 numbers cut to the ten bits of mantissa of TF32."""
    bits = jax.lax.bitcast_convert_type(value.astype(jnp.float32), jnp.uint32)
    return jax.lax.bitcast_convert_type(bits & jnp.uint32(0xFFFFE000), jnp.float32)


@wrong("numerics", caught_by=("REC-02",))
def product_in_tf32(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Cuts the factors of the product to ten bits of mantissa, as tensor cores do by default."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return jnp.tanh((short_mantissa(state) @ short_mantissa(W)).astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def sum_in_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Adds the products up in float16: the accumulator has the dtype that W once had."""

    def step(state: Array, W: Array, x: Array) -> Array:
        total = jnp.sum((state[:, None] * W).astype(jnp.float16), axis=0, dtype=jnp.float16)
        return jnp.tanh(total.astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def tanh_of_three_terms(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes three terms of the series of tanh below 0.5, where they were thought to be enough."""

    def step(state: Array, W: Array, x: Array) -> Array:
        y = state @ W + x
        series = y - y**3 / 3 + 2 * y**5 / 15
        return jnp.where(jnp.abs(y) < 0.5, series, jnp.tanh(y))

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def tanh_is_one_from_four_on(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes tanh for 1 from 4 on, where its table ends: there it is 0.9993."""

    def step(state: Array, W: Array, x: Array) -> Array:
        y = state @ W + x
        return jnp.where(jnp.abs(y) > 4, jnp.sign(y), jnp.tanh(y))

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def tanh_overflows(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh(y) as (exp(2 y) - 1) / (exp(2 y) + 1), infinity by infinity for large y."""

    def step(state: Array, W: Array, x: Array) -> Array:
        grown = jnp.expm1(2 * (state @ W + x))
        return grown / (grown + 2)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def small_states_flushed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Sets states below 1e-20 to zero, as a fast mode of some processors does below 1e-38."""

    def step(state: Array, W: Array, x: Array) -> Array:
        new = tanh_step(state, W, x)
        return jnp.where(jnp.abs(new) < 1e-20, 0, new)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def x_in_half_precision(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds x to bfloat16 where it enters the step, as a policy of mixed precision does."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(state, W, x.astype(jnp.bfloat16).astype(x.dtype))

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def weak_products_skipped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Drops products with weights below 0.01, which were pruned for a smaller model."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(state, jnp.where(jnp.abs(W) < 0.01, 0, W), x)

    return solve(seed, x, hidden, T, step=step)


@wrong("dtype", caught_by=("REC-08",))
@declares(without=("traced", "jit", "pmap", "vmap", "grad"), array_namespace="numpy")
def result_stays_in_float64(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Computes in float64 with NumPy, to be exact, and never goes back to the dtype of x."""
    size = width(hidden)
    W = np.asarray(normal_weights(seed_number(seed), size), np.float64)
    x = np.asarray(vector(x, size), np.float64)
    state = x
    for _ in range(int(step_count(T))):
        state = np.tanh(state @ W + x)
    return state
