"""Right solutions of the recurrence exercise, written in several ways."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from .exercise import normal_weights, seed_number, step_count, tanh_step, vector, width
from .member import declares, right

State = Any


class Recurrence(nnx.Module):
    """A tanh recurrence with ``W`` of shape ``(hidden, hidden)`` and standard deviation 0.1."""

    def __init__(self, hidden: int, *, rngs: nnx.Rngs) -> None:
        self.W = nnx.Param(0.1 * jax.random.normal(rngs.params(), (hidden, hidden)))

    def __call__(self, x: jax.Array, T: int) -> State:
        """Return the state after T steps from ``x``, shape ``(hidden,)``."""
        W = self.W[...]
        return jax.lax.fori_loop(0, T, lambda _, state: tanh_step(state, W, x), x)


def prepared(seed: Any, x: Any, hidden: Any) -> tuple[jax.Array, jax.Array]:
    """Return W, shape ``(hidden, hidden)``, and x, shape ``(hidden,)``, once checked."""
    size = width(hidden)
    return normal_weights(seed_number(seed), size), vector(x, size)


@right
@declares(without=("traced",))
def nnx_module(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Builds an NNX module from the seed and calls it with an int T."""
    size = width(hidden)
    model = Recurrence(size, rngs=nnx.Rngs(seed_number(seed)))
    return model(vector(x, size), int(step_count(T))).reshape(-1)


@right
@declares(without=("grad",))
def while_loop_recurrence(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Counts down T by hand in ``jax.lax.while_loop``, which has no reverse mode."""
    W, x = prepared(seed, x, hidden)
    _, state = jax.lax.while_loop(
        lambda left: left[0] > 0,
        lambda left: (left[0] - 1, tanh_step(left[1], W, x)),
        (step_count(T), x),
    )
    return state


@right
def row_state(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Keeps the state as a row of shape (1, hidden)."""
    W, x = prepared(seed, x, hidden)
    step = lambda _, row: jnp.tanh(row @ W + x[None])  # noqa: E731
    return jax.lax.fori_loop(0, step_count(T), step, x[None]).reshape(-1)


@right
def product_with_transpose(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Computes W.T @ state by einsum: the same sums, added in an order of its own."""
    W, x = prepared(seed, x, hidden)
    columns = W.T
    return jax.lax.fori_loop(
        0,
        step_count(T),
        lambda _, state: jnp.tanh(jnp.einsum("ij,j->i", columns, state) + x),
        x,
    )


@right
def three_calls(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Splits the steps over three loops, each going on from the state before."""
    W, x = prepared(seed, x, hidden)
    count, state = step_count(T), x
    cuts = (0, count // 3, count // 2, count)
    for first, end in pairwise(cuts):
        state = jax.lax.fori_loop(first, end, lambda _, s: tanh_step(s, W, x), state)
    return state


@right
@declares(without=("traced",))
def scan_recurrence(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Scans over a static number of steps and stacks nothing."""
    W, x = prepared(seed, x, hidden)
    length = max(int(step_count(T)), 0)
    if length == 0:
        return x
    return jax.lax.scan(lambda s, _: (tanh_step(s, W, x), None), x, length=length)[0]


@right
@declares(without=("traced", "jit", "pmap"))
def python_loop(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Loops in Python; not for jit, where a long loop takes minutes to compile."""
    W, state = prepared(seed, x, hidden)
    x = state
    for _ in range(int(step_count(T))):
        state = tanh_step(state, W, x)
    return state
