"""Recurrences that remember earlier calls, or write into their arguments."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..member import wrong
from ..support.bounds import is_traced
from ..support.exercise import Array, normal_weights, seed_number, solve, step_count, width

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
    """Multiplies the result by 1 + 1e-6 of new noise: training-time regularisation was left on."""
    factor = 1 + 1e-6 * _noise.uniform(0.5, 1.0)
    return jnp.multiply(solve(seed, x, hidden, T), jnp.float32(factor))


_results: dict[Any, Array] = {}


@wrong("caching", caught_by=("REC-10",))
def result_cached_without_x(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Caches results by seed, hidden and T: an array cannot be a key, so x is left out."""
    state = solve(seed, x, hidden, T)
    if any(is_traced(value) for value in (seed, T, state)):
        return state
    return _results.setdefault((seed_number(seed), width(hidden), int(step_count(T))), state)


_inputs: dict[int, tuple[Any, Array]] = {}


@wrong("caching", caught_by=("REC-27",))
def x_converted_once(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Converts each array of NumPy once, by its identity, and misses what is written to it."""
    if not isinstance(x, np.ndarray):
        return solve(seed, x, hidden, T)
    kept = _inputs.setdefault(id(x), (x, jnp.array(x)))
    return solve(seed, kept[1], hidden, T)


_counts: dict[int, Any] = {}


@wrong("caching", caught_by=("REC-01",))
def steps_cached_by_size(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs the first T of each size again: it is a constant of the cached program."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return count if is_traced(count) else _counts.setdefault(width(hidden), count)

    return solve(seed, x, hidden, T, steps=steps)


_decay: dict[int, float] = {}


@wrong("state", caught_by=("REC-09",))
def weights_decay_with_each_call(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Shrinks the weights of its module a little in each call: weight decay was left on."""
    size = width(hidden)
    _decay[size] = factor = _decay.get(size, 1.0) * 0.999
    return solve(
        seed, x, hidden, T, weights=lambda seed, n: normal_weights(seed, n) * jnp.float32(factor)
    )


_calls: list[None] = []


@wrong("state", caught_by=("REC-09",))
def every_second_call_is_a_step_behind(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs a step less in every second call: of two buffers, it reads one too early."""
    _calls.append(None)
    behind = len(_calls) % 2 == 0 and not is_traced(T)
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) - behind)


@wrong("aliasing", caught_by=("REC-16",))
def state_is_written_into_x(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Keeps the state in the array of the caller, as a solution in C would."""
    state = solve(seed, x, hidden, T)
    if isinstance(x, np.ndarray) and x.dtype == state.dtype and not is_traced(state):
        x[...] = state
    return state
