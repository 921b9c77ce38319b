"""Right solutions of the recurrence exercise, written in several ways."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from foricheck.rules.docstrings import docstring

from ..member import declares, right, right_object
from ..support.exercise import (
    PLAIN,
    first_key,
    normal_weights,
    seed_number,
    step_count,
    tanh_step,
    vector,
    width,
)

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
    """Computes W.T @ state by einsum: the same sums, added in another order."""
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


@right
def checkpointed_steps(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Wraps the step in ``jax.checkpoint``, which changes what is stored and no value."""
    W, x = prepared(seed, x, hidden)
    step = jax.checkpoint(lambda _, state: tanh_step(state, W, x))
    return jax.lax.fori_loop(0, step_count(T), step, x)


@right
def batch_of_one(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Runs under ``jax.vmap`` over a batch of one x, and takes its only lane."""
    W, x = prepared(seed, x, hidden)

    def run(x: jax.Array) -> State:
        return jax.lax.fori_loop(0, step_count(T), lambda _, state: tanh_step(state, W, x), x)

    return jax.vmap(run)(x[None])[0]


@right
def sum_in_two_halves(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Adds the products of either half of the state by themselves: the sums of a blocked product.

    Where they are rounded otherwise, it is within the same bound.
    """
    W, x = prepared(seed, x, hidden)
    half = (x.size + 1) // 2

    def step(_: Any, state: State) -> State:
        return jnp.tanh((state[:half] @ W[:half] + state[half:] @ W[half:]) + x)

    return jax.lax.fori_loop(0, step_count(T), step, x)


@right
@declares(without=("grad",))  # the derivative of |y| at 0 is 0, and so is that of this tanh
def tanh_by_expm1(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Computes tanh(y) as -e / (e + 2) with e = expm1(-2 |y|), which neither cancels nor overflows.

    Its relative error is a few units in the last place, as is that of the tanh it stands for.
    """
    W, x = prepared(seed, x, hidden)

    def step(_: Any, state: State) -> State:
        y = state @ W + x
        e = jnp.expm1(-2 * jnp.abs(y))
        return jnp.copysign(-e / (e + 2), y)

    return jax.lax.fori_loop(0, step_count(T), step, x)


@right
@declares(without=("traced",))
def unrolled_by_four(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Unrolls the loop by four, which leaves a remainder for most T."""
    W, x = prepared(seed, x, hidden)
    count = int(step_count(T))
    return jax.lax.fori_loop(0, count, lambda _, state: tanh_step(state, W, x), x, unroll=4)


@right
@declares(without=("traced",))
def module_in_the_carry(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Carries the module itself through ``flax.nnx.fori_loop``."""
    size = width(hidden)
    model = Recurrence(size, rngs=nnx.Rngs(seed_number(seed)))
    x = vector(x, size)

    def step(_: Any, carry: tuple[Recurrence, State]) -> tuple[Recurrence, State]:
        module, state = carry
        return module, tanh_step(state, module.W[...], x)

    _, state = nnx.fori_loop(0, int(step_count(T)), step, (model, x))
    return state


@right
def scale_as_a_keyword(
    seed: Any, x: Any, hidden: Any, T: Any, *, scale: float = 0.1, unroll: int | None = None
) -> State:
    """Takes two keywords more than the exercise asks for, with its values as defaults."""
    W, x = prepared(seed, x, hidden)
    W = W if scale == 0.1 else W / 0.1 * scale
    step = lambda _, state: tanh_step(state, W, x)  # noqa: E731
    return jax.lax.fori_loop(0, step_count(T), step, x, unroll=unroll)


@right
@declares(without=PLAIN, array_namespace="numpy")
def float64_inside(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Computes each step in float64 with NumPy, and casts every state back to the dtype of x."""
    size, x = width(hidden), np.asarray(vector(x, width(hidden)))
    low = np.uint32(seed_number(seed) & 0xFFFFFFFF)  # of 64 bits where JAX has x64 on
    W = jax.random.normal(first_key(low), (size, size), x.dtype) * 0.1
    wide, state = np.asarray(W, np.float64), x
    for _ in range(int(step_count(T))):
        state = np.tanh(state.astype(np.float64) @ wide + x).astype(x.dtype)
    return state


@right
@declares(without=PLAIN)
def numpy_result(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Computes with JAX and returns a NumPy array, to be plotted."""
    W, x = prepared(seed, x, hidden)
    step = lambda _, state: tanh_step(state, W, x)  # noqa: E731
    return np.asarray(jax.lax.fori_loop(0, int(step_count(T)), step, x))


@partial(jax.jit, static_argnames=("seed", "hidden", "T"))
@declares(without=("traced",))
def jitted_solution(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Is compiled as a whole for each seed, hidden and T, which are static arguments."""
    W, x = prepared(seed, x, hidden)
    return jax.lax.fori_loop(0, step_count(T), lambda _, state: tanh_step(state, W, x), x)


right_object(jitted_solution, f"{__name__}:jitted_solution", docstring(jitted_solution))


class Solver:
    """A solution as an object, with its initial scale as an attribute."""

    def __init__(self, *, scale: float) -> None:
        self.scale = scale

    def __call__(self, seed: Any, x: Any, hidden: Any, T: Any) -> State:
        """Return the state after T steps."""
        size = width(hidden)
        W = jax.random.normal(first_key(seed_number(seed)), (size, size)) * self.scale
        x = vector(x, size)
        return jax.lax.fori_loop(0, step_count(T), lambda _, state: tanh_step(state, W, x), x)


solver_object = Solver(scale=0.1)
right_object(solver_object, f"{__name__}:solver_object", "Is an object of a class with a __call__.")


partial_solution: Any = partial(scale_as_a_keyword, unroll=None)
right_object(
    partial_solution, f"{__name__}:partial_solution", "Is a functools.partial with a keyword set."
)
