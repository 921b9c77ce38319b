"""Wrong solutions of the recurrence exercise: its arguments, its result, the gradient."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import is_traced
from .exercise import (
    solve,
    tanh_step,
    vector,
    width,
)
from .member import wrong

Array = jax.Array


@wrong("shape", caught_by=("REC-07",))
def hidden_rounded_up(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a fractional hidden up, to have room, and so refuses an x of the right length."""
    return solve(seed, x, hidden, T, size=lambda n: width(math.ceil(n) if math.isfinite(n) else n))


_last_state: dict[int, Array] = {}


@wrong("state", caught_by=("REC-09",))
def starts_from_last_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Starts from the state that the last call left, as a stateful cell does."""
    units = width(hidden)
    state = solve(seed, x, hidden, T, start=lambda x: _last_state.get(units, x).astype(x.dtype))
    if not is_traced(state):
        _last_state[units] = state
    return state


_noise = np.random.default_rng(0)


@wrong("randomness", caught_by=("REC-09",))
def noise_each_call(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies the result by 1 + 1e-6 of new noise: training-time regularisation stayed on."""
    factor = 1 + 1e-6 * _noise.uniform(0.5, 1.0)
    return jnp.multiply(solve(seed, x, hidden, T), jnp.float32(factor))


@wrong("shape", caught_by=("REC-08",))
def result_is_a_row(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Returns shape (1, hidden): the batch axis is not removed."""
    return solve(seed, x, hidden, T)[None]


@wrong("dtype", caught_by=("REC-08",))
def result_in_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Returns float16 for float32 x: mixed precision was left on."""
    return solve(seed, x, hidden, T).astype(jnp.float16)


@wrong("numerics", caught_by=("REC-03", "REC-01"))
def result_through_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds the result to float16 and returns it in float32: sent over a narrow wire."""
    state = solve(seed, x, hidden, T)
    return state.astype(jnp.float16).astype(state.dtype)


@wrong("derivative", caught_by=("REC-12",))
def gradient_skips_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops the gradient through the state: truncated backpropagation, with a window of one."""
    return solve(
        seed,
        x,
        hidden,
        T,
        step=lambda state, W, x: tanh_step(jax.lax.stop_gradient(state), W, x),
    )


@wrong("derivative", caught_by=("REC-12",))
def gradient_skips_initial_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops the gradient through the initial state, held for a constant; it is x as well."""
    return solve(seed, x, hidden, T, start=jax.lax.stop_gradient)


@wrong("derivative", caught_by=("REC-12",))
def gradient_of_tanh_not_squared(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes 1 - tanh for the derivative of tanh, the square having been forgotten."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: _tanh(state @ W + x))


@jax.custom_jvp
def _tanh(y: Array) -> Array:
    return jnp.tanh(y)


@_tanh.defjvp
def _tanh_jvp(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    out = jnp.tanh(primals[0])
    return out, (1 - out) * tangents[0]


@wrong("shape", caught_by=("REC-13",))
def short_x_padded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Pads an x that is too short with zeros, as batches of sequences are padded."""

    def read(x: Any, size: int) -> Array:
        missing = size - np.size(x) if np.ndim(x) == 1 else 0
        return vector(jnp.pad(jnp.asarray(x), (0, missing)) if missing > 0 else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("shape", caught_by=("REC-13",))
def long_x_cut(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Cuts an x that is too long, by a slice meant to be harmless."""

    def read(x: Any, size: int) -> Array:
        return vector(jnp.asarray(x)[:size] if np.ndim(x) == 1 else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("shape", caught_by=("REC-13",))
def x_broadcast(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Broadcasts an x of length 1 to the hidden size, by the addition in the step."""

    def read(x: Any, size: int) -> Array:
        return vector(jnp.broadcast_to(x, (size,)) if np.size(x) == 1 else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("numerics", caught_by=("REC-03",))
def x_clipped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Clips x to [-100, 100] against an overflow that tanh never has; T = 0 shows it."""
    return solve(seed, x, hidden, T, read=lambda x, n: jnp.clip(vector(x, n), -100, 100))


@wrong("numerics", caught_by=("REC-03",))
def negative_zero_of_x_lost(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Turns -0.0 in x into 0.0 by adding it to a buffer of zeros."""
    return solve(seed, x, hidden, T, start=lambda x: jnp.where(x == 0, jnp.abs(x), x))


@wrong("errors", caught_by=("REC-14",))
def x_of_strings_parsed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Parses an x of strings, since NumPy's conversion to float does."""

    def read(x: Any, size: int) -> Array:
        number = jnp.result_type(float)
        return vector(x if isinstance(x, jax.Array) else np.asarray(x, number), size)

    return solve(seed, x, hidden, T, read=read)
