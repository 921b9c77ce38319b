"""Recurrences that return the right state in the wrong form."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from ..member import declares, wrong
from ..support.exercise import Array, normal_weights, seed_number, solve, step_count, vector, width


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
    """Rounds the result to float16 and returns it in float32: it was transferred in float16."""
    state = solve(seed, x, hidden, T)
    return state.astype(jnp.float16).astype(state.dtype)


@wrong("dtype", caught_by=("REC-08",))
@declares(without=("traced", "jit", "pmap", "vmap", "grad"), array_namespace="numpy")
def result_stays_in_float64(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Computes in float64 with NumPy, to be exact, and never converts back to the dtype of x."""
    size = width(hidden)
    W = np.asarray(normal_weights(seed_number(seed), size), np.float64)
    x = np.asarray(vector(x, size), np.float64)
    state = x
    for _ in range(int(step_count(T))):
        state = np.tanh(state @ W + x)
    return state


@wrong("structure", caught_by=("REC-08",))
def history_comes_too(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Returns all states besides the last, like a scan whose outputs are not dropped."""
    state = solve(seed, x, hidden, T)
    return state, jnp.stack([solve(seed, x, hidden, 0), state])


@wrong("structure", caught_by=("REC-08",))
def result_is_a_list(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Returns a list of numbers, which was easier to print and to compare."""
    return list(solve(seed, x, hidden, T))
