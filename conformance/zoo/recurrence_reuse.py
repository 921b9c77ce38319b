"""Wrong solutions of the recurrence exercise that share too much: calls, programs, memory."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import choose, is_traced
from .exercise import normal_weights, seed_number, solve, step_count, tanh_step, vector, width
from .mapped import first_lane, longest, shortest
from .member import declares, wrong

Array = jax.Array
LACKS = ("traced", "jit", "pmap", "vmap", "grad")

_results: dict[Any, Array] = {}


@wrong("caching", caught_by=("REC-10",))
def result_cached_without_x(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps results by seed, hidden and T: an array cannot be a key, so x was left out."""
    state = solve(seed, x, hidden, T)
    if any(is_traced(value) for value in (seed, T, state)):
        return state
    return _results.setdefault((seed_number(seed), width(hidden), int(step_count(T))), state)


_counts: dict[int, Any] = {}


@wrong("caching", caught_by=("REC-01",))
def steps_cached_by_size(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs the first T of each size again: it is a constant of the program that is kept."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return count if is_traced(count) else _counts.setdefault(width(hidden), count)

    return solve(seed, x, hidden, T, steps=steps)


_decay: dict[int, float] = {}


@wrong("state", caught_by=("REC-09",))
def weights_decay_with_each_call(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Shrinks the weights of its module a little in each call: training was never switched off."""
    size = width(hidden)
    _decay[size] = factor = _decay.get(size, 1.0) * 0.999
    return solve(
        seed, x, hidden, T, weights=lambda seed, n: normal_weights(seed, n) * jnp.float32(factor)
    )


_calls: list[None] = []


@wrong("state", caught_by=("REC-09",))
def every_second_call_is_a_step_behind(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs a step less in every second call: of two buffers in turn, one is read too early."""
    _calls.append(None)
    behind = len(_calls) % 2 == 0 and not is_traced(T)
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) - behind)


@wrong("aliasing", caught_by=("REC-01",))
@declares(without=LACKS, array_namespace="numpy")
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
@declares(without=LACKS, array_namespace="numpy")
def state_overwritten_while_read(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Stores each new component at once, so that the next one is computed from new and old ones."""
    size = width(hidden)
    W = np.asarray(normal_weights(seed_number(seed), size))
    x = np.asarray(vector(x, size))
    state = x.copy()
    for _ in range(int(step_count(T))):
        for k in range(size):
            state[k] = np.tanh(state @ W[:, k] + x[k])
    return state


@wrong("tracing", caught_by=("REC-01",))
def traced_T_in_whole_blocks(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a traced T up to blocks of eight steps, so that few programs are compiled."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return (count + 7) // 8 * 8 if is_traced(count) else count

    return solve(seed, x, hidden, T, steps=steps)


@wrong("unrolling", caught_by=("REC-02",))
def blocks_of_ten_steps(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs ten steps in each trip, and no remainder where there is a whole block before it."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return choose(count >= 10, count // 10 * 10, count)

    return solve(seed, x, hidden, T, steps=steps)


@wrong("structure", caught_by=("REC-08",))
def history_comes_too(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Returns all states beside the last, as a scan does whose outputs one forgets to drop."""
    state = solve(seed, x, hidden, T)
    return state, jnp.stack([solve(seed, x, hidden, 0), state])


@wrong("structure", caught_by=("REC-08",))
def result_is_a_list(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Returns a list of numbers, which was easier to print and to compare."""
    return list(solve(seed, x, hidden, T))


@wrong("derivative", caught_by=("REC-12",))
def gradient_clipped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Clips the gradient that goes back through a step to 0.1, a cure for explosions left on."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(_with_small_gradient(state), W, x)

    return solve(seed, x, hidden, T, step=step)


@jax.custom_vjp
def _with_small_gradient(state: Array) -> Array:
    return state


_with_small_gradient.defvjp(
    lambda state: (state, None), lambda _, cotangent: (jnp.clip(cotangent, -0.1, 0.1),)
)


@wrong("batching", caught_by=("REC-17",))
def trips_of_the_longest_lane(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs all lanes of a batch for the largest T: one counter drives them all."""
    return solve(seed, x, hidden, T, steps=lambda T: longest(step_count(T)))


@wrong("batching", caught_by=("REC-17",))
def trips_of_the_shortest_lane(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops all lanes of a batch when the first is done: any() was meant, all() was written."""
    return solve(seed, x, hidden, T, steps=lambda T: shortest(step_count(T)))


@wrong("batching", caught_by=("REC-17",))
def weights_of_the_first_lane(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws the weights once for a whole batch, of the first lane's seed: they are parameters."""
    return solve(seed, x, hidden, T, number=lambda seed: first_lane(seed_number(seed)))
