"""Recurrences that accept arguments which they must refuse, or change valid ones."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..member import wrong
from ..support.exercise import Array, solve, vector, width


@wrong("shape", caught_by=("REC-07",))
def hidden_rounded_up(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a fractional hidden up, and so refuses an x of the right length."""
    return solve(seed, x, hidden, T, size=lambda n: width(math.ceil(n) if math.isfinite(n) else n))


@wrong("shape", caught_by=("REC-13",))
def short_x_padded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Pads an x that is too short with zeros, as batches of sequences are padded."""

    def read(x: Any, size: int) -> Array:
        missing = size - np.size(x) if np.ndim(x) == 1 else 0
        return vector(jnp.pad(jnp.asarray(x), (0, missing)) if missing > 0 else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong("shape", caught_by=("REC-13",))
def long_x_cut(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Truncates an x that is too long, by a slice that seemed harmless."""

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


@wrong("numerics", caught_by=("REC-03",))
def x_is_cleaned(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Replaces NaN in x, so that one bad component does not affect the rest."""
    cleaned = jnp.nan_to_num(x) if isinstance(x, jax.Array) else x
    return solve(seed, cleaned, hidden, T)
