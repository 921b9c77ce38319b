"""Wrong solutions of the recurrence exercise: under transformations, and in what came before."""

from __future__ import annotations

import time
from typing import Any

import jax
import jax.numpy as jnp

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
from ..support.lanes import first_lane, longest

Array = jax.Array


@wrong("batching", caught_by=("REC-21",))
def x_of_the_first_lane(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Adds the x of lane 0 in every lane, where x is mapped: it was held for a constant."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: tanh_step(state, W, first_lane(x)))


@wrong("batching", caught_by=("REC-21",))
def mapped_T_alone_runs_the_longest(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs all lanes for the largest T where T is mapped and seed and x are not."""
    alone = not is_traced(seed) and not is_traced(x)
    return solve(
        seed, x, hidden, T, steps=lambda T: longest(step_count(T)) if alone else step_count(T)
    )


@wrong("batching", caught_by=("REC-21",))
def mapped_seed_alone_draws_once(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws the weights of lane 0 for all lanes where the seed is mapped and x is not."""
    alone = not is_traced(x)
    number = lambda seed: first_lane(seed_number(seed)) if alone else seed_number(seed)  # noqa: E731
    return solve(seed, x, hidden, T, number=number)


@jax.custom_jvp
def _halved(state: Array) -> Array:
    return state


@_halved.defjvp
def _halved_jvp(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    return primals[0], tangents[0] / 2


@wrong("derivative", caught_by=("REC-22",))
def forward_derivative_halved(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Halves the derivative of the state for more than 16 units: a symmetrised product."""
    return solve(
        seed,
        x,
        hidden,
        T,
        step=lambda state, W, x: tanh_step(_halved(state) if len(state) > 16 else state, W, x),
    )


@jax.custom_vjp
def _reverse_only(state: Array, W: Array, x: Array) -> Array:
    return tanh_step(state, W, x)


def _forward(state: Array, W: Array, x: Array) -> tuple[Array, tuple[Array, Array]]:
    after = tanh_step(state, W, x)
    return after, (after, W)


def _backward(kept: tuple[Array, Array], g: Array) -> tuple[Array, Array, Array]:
    after, W = kept
    d = g * (1 - after * after)
    return d @ W.T, jnp.zeros_like(W), d


_reverse_only.defvjp(_forward, _backward)


@wrong("derivative", caught_by=("REC-22",))
def no_forward_derivative(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Has a reverse rule of its own for the step, and so no forward mode, even with a static T."""
    return solve(seed, x, hidden, T, step=_reverse_only)


@jax.custom_vjp
def _truncated(state: Array, cut: Array) -> Array:
    return state


_truncated.defvjp(lambda state, cut: (state, cut), lambda cut, g: (jnp.where(cut, 0, g), None))


@wrong("derivative", caught_by=("REC-22",))
def gradient_window_of_four(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Cuts the gradient through the state after every fourth step: a window against explosion."""
    size = width(hidden)
    W, x = normal_weights(seed_number(seed), size), vector(x, size)

    def body(i: Any, state: Array) -> Array:
        cut = jnp.logical_and(i > 0, i % 4 == 0)
        return tanh_step(jnp.where(cut, jax.lax.stop_gradient(state), state), W, x)

    final: Array = jax.lax.fori_loop(0, step_count(T), body, x)
    return final


@wrong("derivative", caught_by=("REC-22",))
def gradient_in_blocks_of_16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Loses the derivative of the units that are left beside full blocks of 16."""

    def step(state: Array, W: Array, x: Array) -> Array:
        whole = len(state) // 16 * 16 or len(state)
        kept = jnp.arange(len(state)) < whole
        return tanh_step(jnp.where(kept, state, jax.lax.stop_gradient(state)), W, x)

    return solve(seed, x, hidden, T, step=step)


@wrong("derivative", caught_by=("REC-23",))
def traced_T_stops_the_tangent(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs a traced T on a state whose derivative is stopped: no reverse mode was to be had."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(jax.lax.stop_gradient(state) if is_traced(T) else state, W, x)

    return solve(seed, x, hidden, T, step=step)


_matrices: dict[int, Array] = {}


@wrong("caching", caught_by=("REC-27",))
def weights_cached_while_tracing(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps the last weights, also those that are drawn under jit, which end with the trace."""

    def weights(seed: Any, n: int) -> Array:
        if is_traced(seed):
            return normal_weights(seed, n)
        place = seed * 2048 + n
        if place not in _matrices:
            _matrices.clear()
            _matrices[place] = normal_weights(seed, n)
        return _matrices[place]

    return solve(seed, x, hidden, T, weights=weights)


_largest: dict[int, int] = {}


@wrong("caching", caught_by=("REC-27",))
def weights_cut_from_the_largest_so_far(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Cuts W from the largest that this seed had before: the larger buffer is used again."""

    def weights(seed: Any, n: int) -> Array:
        if is_traced(seed):
            return normal_weights(seed, n)
        _largest[seed] = max(_largest.get(seed, 0), n)
        return normal_weights(seed, _largest[seed])[:n, :n]

    return solve(seed, x, hidden, T, weights=weights)


_pending: list[int] = []


@wrong("state", caught_by=("REC-27",))
def a_refused_x_is_made_up_for(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs one more step after a call that raised: its entry in the queue was not taken out."""
    size = width(hidden)
    late = len(_pending)
    _pending.append(size)
    vector(x, size)
    _pending.clear()
    return solve(
        seed, x, hidden, T, steps=lambda T: step_count(T) + (late if not is_traced(T) else 0)
    )


_scratch: dict[str, Any] = {}


@wrong("state", caught_by=("REC-28",))
def threads_share_the_seed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Leaves the seed in a global while it draws, so that two threads take each other's."""

    def weights(seed: Any, n: int) -> Array:
        _scratch["seed"] = seed
        if not is_traced(seed):
            time.sleep(0.002)  # as long as another layer takes
        return normal_weights(_scratch["seed"], n)

    return solve(seed, x, hidden, T, weights=weights)


@wrong("tracing", caught_by=("REC-18",))
def jitted_x_is_cast(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes in half precision under jit: mixed precision was switched on for programs."""

    def step(state: Array, W: Array, x: Array) -> Array:
        product = state @ W
        if is_traced(seed) or not is_traced(x):
            return jnp.tanh(product + x)
        return jnp.tanh(product.astype(jnp.bfloat16).astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)
