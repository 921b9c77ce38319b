"""Recurrences that compute less precisely than they could."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..member import wrong
from ..support.exercise import Array, solve, tanh_step


@wrong("numerics", caught_by=("REC-02",))
def product_in_bfloat16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies in bfloat16, which an accelerator's default precision may do."""

    def step(state: Array, W: Array, x: Array) -> Array:
        product = state.astype(jnp.bfloat16) @ W.astype(jnp.bfloat16)
        return jnp.tanh(product.astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def state_in_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stores each new state in float16 to save memory, and returns float32."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(state, W, x).astype(jnp.float16).astype(x.dtype)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def tanh_off_by_1e4(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Has a relative error of 1e-4 in tanh, as a table with interpolation has."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: tanh_step(state, W, x) * (1 - 1e-4))


@wrong("numerics", caught_by=("REC-02",))
def tanh_pade(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Replaces tanh(y) by y (27 + y^2) / (27 + 9 y^2), clipped at |y| = 3, a fast Pade form."""

    def step(state: Array, W: Array, x: Array) -> Array:
        y = jnp.clip(state @ W + x, -3, 3)
        return y * (27 + y * y) / (27 + 9 * y * y)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02", "REC-10"))
def tanh_by_sigmoid(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh(y) as 2 sigmoid(2 y) - 1, which cancels for small y and is not odd."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return 2 / (1 + jnp.exp(-2 * (state @ W + x))) - 1

    return solve(seed, x, hidden, T, step=step)


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
    """Accumulates the products in float16, a former dtype of W."""

    def step(state: Array, W: Array, x: Array) -> Array:
        total = jnp.sum((state[:, None] * W).astype(jnp.float16), axis=0, dtype=jnp.float16)
        return jnp.tanh(total.astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def tanh_of_three_terms(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Uses three terms of the series of tanh below 0.5, which are too few."""

    def step(state: Array, W: Array, x: Array) -> Array:
        y = state @ W + x
        series = y - y**3 / 3 + 2 * y**5 / 15
        return jnp.where(jnp.abs(y) < 0.5, series, jnp.tanh(y))

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def tanh_is_one_from_four_on(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Uses 1 for tanh from 4 on, where its table ends; the value at 4 is 0.9993."""

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


@wrong("numerics", caught_by=("REC-31",))
def weights_of_the_dtype_of_x(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Converts the weights to the dtype of x, so that an x of half precision is computed in it."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return jnp.tanh(state @ W.astype(x.dtype) + x)

    return solve(seed, x, hidden, T, read=lambda x, _: jnp.asarray(x), step=step)
