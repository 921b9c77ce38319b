"""Wrong solutions of the recurrence exercise: how x is read, and how arguments are passed."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foricheck.targets.jax.config import has_x64

from ..member import wrong
from ..support.bounds import is_traced
from ..support.exercise import (
    normal_weights,
    seed_number,
    solve,
    step_count,
    tanh_step,
    vector,
    width,
)

Array = jax.Array


@wrong("numerics", caught_by=("REC-24",))
def nan_in_x_becomes_zero(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes 0 for a NaN in the input of a step, as one cleans up the gaps of a series."""
    return solve(
        seed, x, hidden, T, step=lambda state, W, x: tanh_step(jnp.nan_to_num(state), W, x)
    )


@wrong("numerics", caught_by=("REC-24",))
def infinite_x_is_the_largest(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Clips the state to the finite numbers before the product, so no NaN comes of [inf, inf]."""
    top = np.finfo(np.float32).max
    return solve(
        seed, x, hidden, T, step=lambda state, W, x: tanh_step(jnp.clip(state, -top, top), W, x)
    )


@wrong("numerics", caught_by=("REC-24",))
def nan_is_kept_to_its_unit(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Leaves a NaN in its own unit: products with it are masked out of the others' sums."""

    def step(state: Array, W: Array, x: Array) -> Array:
        finite = jnp.where(jnp.isnan(state), 0, state)
        return jnp.where(jnp.isnan(state), jnp.nan, tanh_step(finite, W, x))

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-24",))
def subnormal_x_is_flushed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Flushes subnormal components of x to zero, so that even no steps change x."""
    tiny = np.finfo(np.float32).tiny
    return solve(seed, x, hidden, T, start=lambda x: jnp.where(jnp.abs(x) < tiny, x * 0, x))


@wrong("aliasing", caught_by=("REC-25",))
def strides_of_x_ignored(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Reads x from its first byte on, as a buffer of C does, whatever its strides."""

    def read(x: Any, size: int) -> Array:
        if isinstance(x, np.ndarray) and x.ndim == 1 and x.strides != (x.itemsize,):
            base = x if x.base is None else np.asarray(x.base)
            x = base.ravel()[:size] if base.size >= len(x) == size else x
        return vector(x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("aliasing", caught_by=("REC-25",))
def negative_strides_reversed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes the size of a stride and not its sign, so that a reversed x is turned around."""

    def read(x: Any, size: int) -> Array:
        if isinstance(x, np.ndarray) and x.ndim == 1 and x.strides[0] < 0:
            x = x[::-1]
        return vector(x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("aliasing", caught_by=("REC-25",))
def x_borrowed_as_a_buffer(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Writes into a NumPy x and restores it at the end, which a read-only x does not allow."""

    def read(x: Any, size: int) -> Array:
        if isinstance(x, np.ndarray) and x.shape == (size,) and size:
            kept = x[0]
            x[0] = 0
            x[0] = kept
        return vector(x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("aliasing", caught_by=("REC-25",))
def x_is_donated(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Donates x to the compiled loop, so that the caller's array is deleted."""
    size = width(hidden)
    W, state, count = normal_weights(seed_number(seed), size), vector(x, size), step_count(T)
    result: Array = _donating(W, state, count)
    return result


@partial(jax.jit, donate_argnums=1)
def _donating(W: Array, x: Array, count: Any) -> Array:
    final: Array = jax.lax.fori_loop(0, count, lambda _, state: tanh_step(state, W, x), x)
    return final


@wrong("dtype", caught_by=("REC-25",))
def float64_x_cut_to_bfloat16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Sends a NumPy x of float64 through bfloat16, the dtype of the device."""

    def read(x: Any, size: int) -> Array:
        wide = isinstance(x, np.ndarray) and x.dtype == np.float64
        narrow = wide and not has_x64()
        return vector(jnp.asarray(x, jnp.bfloat16).astype(jnp.float32) if narrow else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("errors", caught_by=("REC-26",))
def T_by_position_only(seed: Any, x: Any, hidden: Any, T: Any, /) -> Array:
    """Takes its arguments by position only: a port of a function in C."""
    return solve(seed, x, hidden, T)


@wrong("errors", caught_by=("REC-26",))
def keyword_T_is_another_option(
    seed: Any, x: Any, hidden: Any, steps: Any = None, T: Any = 4
) -> Array:
    """Has a default of 4 for a keyword T, which is read only where the fourth is missing."""
    return solve(seed, x, hidden, 4 if steps is None else steps)


@wrong("dtype", caught_by=("REC-18",))
def T_in_half_precision_is_rounded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a T that is a float of NumPy, as its array interface was read by rint."""

    def steps(T: Any) -> Any:
        narrow = isinstance(T, np.floating) and not is_traced(T) and np.isfinite(T)
        return step_count(np.rint(T) if narrow else T)

    return solve(seed, x, hidden, T, steps=steps)
