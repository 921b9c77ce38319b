"""Wrong solutions of the recurrence exercise that take ``int(T)``, as it asks."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..member import wrong
from ..support.exercise import normal_weights, seed_number, step_count, tanh_step, vector, width

Array = jax.Array


def prepared(seed: Any, x: Any, hidden: Any) -> tuple[Array, Array]:
    """Return W, shape ``(hidden, hidden)``, and x, shape ``(hidden,)``, once checked."""
    size = width(hidden)
    return normal_weights(seed_number(seed), size), vector(x, size)


def trips(T: Any) -> int:
    """Return the number of steps as a Python int, which a traced T has not."""
    return int(step_count(T))


def run(W: Array, x: Array, count: int, state: Array | None = None) -> Array:
    """Return the state after ``count`` steps, from x by default."""
    start = x if state is None else state
    final: Array = jax.lax.fori_loop(0, count, lambda _, s: tanh_step(s, W, x), start)
    return final


@wrong("iteration", caught_by=("REC-20",))
def seven_steps_in_python(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Unrolls at most 7 steps in Python: enough for the T = 4 of the example."""
    W, state = prepared(seed, x, hidden)
    x = state
    for _ in range(min(trips(T), 7)):
        state = tanh_step(state, W, x)
    return state


@wrong("tracing", caught_by=("REC-29",))
def steps_unrolled_in_python(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Unrolls the steps in Python, which the exercise says is a problem for T = 1,000."""
    W, state = prepared(seed, x, hidden)
    x = state
    for _ in range(trips(T)):
        state = tanh_step(state, W, x)
    return state


@wrong("unrolling", caught_by=("REC-29",))
def scan_unrolled_whole(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Passes ``unroll=True``, which was faster for the T = 4 of the example."""
    W, x = prepared(seed, x, hidden)
    final: Array = jax.lax.fori_loop(
        0, trips(T), lambda _, s: tanh_step(s, W, x), x, unroll=trips(T) > 0
    )
    return final


@wrong("numerics", caught_by=("REC-19",))
def last_row_weight_off(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Has one weight of the last row off by 0.1 % for more than 8 units: a rounded table."""
    W, x = prepared(seed, x, hidden)
    if len(x) > 8:
        W = W.at[-1, 3].multiply(1.001)
    return run(W, x, trips(T))


@wrong("unrolling", caught_by=("REC-20",))
def blocks_of_64_without_the_rest(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs more than 1,000 steps in blocks of 64, and forgets what is left."""
    W, x = prepared(seed, x, hidden)
    count = trips(T)
    return run(W, x, count if count <= 1000 else count // 64 * 64)


@wrong("iteration", caught_by=("REC-20",))
def a_thousand_steps_at_most(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs at most 1,000 steps, a limit against runaway jobs."""
    W, x = prepared(seed, x, hidden)
    return run(W, x, min(trips(T), 1000))


@wrong("dtype", caught_by=("REC-20",))
def steps_counted_in_int16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Counts T in 16 bits, so that 2**15 steps become none."""
    W, x = prepared(seed, x, hidden)
    count = trips(T)
    return run(W, x, count if count < 0 else (count + 2**15) % 2**16 - 2**15)


@wrong("dtype", caught_by=("REC-20",))
def steps_counted_in_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Passes T through float16, in which 2,049 is 2,048: all arguments were one half array."""
    W, x = prepared(seed, x, hidden)
    count = trips(T)
    return run(W, x, int(jnp.float16(count)) if abs(count) < 60_000 else count)


@wrong("iteration", caught_by=("REC-20",))
def a_power_of_two_is_a_step_short(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Loses a step where T is a power of two from 64 on: the last block was taken for empty."""
    W, x = prepared(seed, x, hidden)
    count = trips(T)
    return run(W, x, count - (count >= 64 and count & (count - 1) == 0))


@wrong("shape", caught_by=("REC-19",))
def odd_sizes_lose_a_row(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Adds the products of two halves for more than 16 units, and an odd size loses its last."""
    W, x = prepared(seed, x, hidden)
    size = len(x)
    kept = size // 2 * 2 if size > 16 else size
    step = lambda _, s: jnp.tanh(s[:kept] @ W[:kept] + x)  # noqa: E731
    final: Array = jax.lax.fori_loop(0, trips(T), step, x)
    return final


@wrong("numerics", caught_by=("REC-19",))
def last_column_of_wide_weights_in_bfloat16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps the column that is left beside full blocks of 128 in bfloat16."""
    W, x = prepared(seed, x, hidden)
    if len(x) % 128 == 1 and len(x) > 1:
        W = W.at[:, -1].set(W[:, -1].astype(jnp.bfloat16).astype(W.dtype))
    return run(W, x, trips(T))
