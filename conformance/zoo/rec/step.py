"""Recurrences whose step or initial state is wrong."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from ..member import declares, wrong
from ..support.exercise import (
    PLAIN,
    Array,
    normal_weights,
    seed_number,
    solve,
    step_count,
    vector,
    width,
)


@wrong("state", caught_by=("REC-03", "REC-01"))
def starts_from_zeros(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Starts from zeros, as recurrent networks mostly do, and not from x."""
    return solve(seed, x, hidden, T, start=jnp.zeros_like)


@wrong("numerics", caught_by=("REC-01",))
def x_not_added(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Leaves x out of the step, as an autonomous network does; it is the initial state only."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(state @ W))


@wrong("numerics", caught_by=("REC-01",))
def x_inside_product(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh((state + x) @ W): the brackets are in the wrong place."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh((state + x) @ W))


@wrong("numerics", caught_by=("REC-01",))
def x_outside_tanh(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh(state @ W) + x: the brackets are in the wrong place."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(state @ W) + x)


@wrong("shape", caught_by=("REC-01",))
def product_from_left(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes W @ state, the column convention, in place of state @ W."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(W @ state + x))


@wrong("numerics", caught_by=("REC-10", "REC-02"))
def tiny_bias(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Adds a bias of 1e-7, an epsilon against division by zero that is not needed here."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(state @ W + x + 1e-7))


@wrong("numerics", caught_by=("REC-02",))
def last_block_dropped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies in blocks of 128 and drops a partial block after a full one."""

    def step(state: Array, W: Array, x: Array) -> Array:
        whole_blocks = state.size // 128 * 128 or state.size
        return jnp.tanh(state[:whole_blocks] @ W[:whole_blocks] + x)

    return solve(seed, x, hidden, T, step=step)


@wrong("aliasing", caught_by=("REC-01",))
@declares(without=PLAIN, array_namespace="numpy")
def state_and_x_are_one_array(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Starts with state = x and assigns into the state, which changes the x that is added too."""
    size = width(hidden)
    W = np.asarray(normal_weights(seed_number(seed), size))
    x = np.array(vector(x, size))
    state = x
    for _ in range(int(step_count(T))):
        state[...] = np.tanh(state @ W + x)
    return state


@wrong("aliasing", caught_by=("REC-01",))
@declares(without=PLAIN, array_namespace="numpy")
def state_overwritten_while_read(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Stores each new component at once, so that the next one depends on new and old ones."""
    size = width(hidden)
    W = np.asarray(normal_weights(seed_number(seed), size))
    x = np.asarray(vector(x, size))
    state = x.copy()
    for _ in range(int(step_count(T))):
        for k in range(size):
            state[k] = np.tanh(state @ W[:, k] + x[k])
    return state
