"""Right solutions of the recurrence exercise in unusual styles: none of them may be accused."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from ..member import declares, right
from ..support.bounds import is_traced
from ..support.exercise import (
    PLAIN,
    first_key,
    seed_number,
    step_count,
    tanh_step,
    vector,
    width,
)
from .recurrences import Recurrence, State, prepared


@right
@declares(without=("traced",))
def jit_around_an_int_T(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Compiles the loop of a static T, with weights and x as arguments."""
    W, x = prepared(seed, x, hidden)
    return _compiled(W, x, int(step_count(T)))


@partial(jax.jit, static_argnums=2)
def _compiled(W: jax.Array, x: jax.Array, count: int) -> State:
    return jax.lax.fori_loop(0, count, lambda _, state: tanh_step(state, W, x), x)


@right
@declares(without=("traced",))
def checkpoint_around_all(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Wraps the whole loop, and not the step, in ``jax.checkpoint``."""
    W, x = prepared(seed, x, hidden)
    count = int(step_count(T))
    loop = lambda x: jax.lax.fori_loop(0, count, lambda _, s: tanh_step(s, W, x), x)  # noqa: E731
    return jax.checkpoint(loop)(x)


@right
@declares(without=("traced",))
def scan_over_copies_of_x(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Scans over T copies of x, the inputs of a recurrent network, and keeps the last state."""
    W, x = prepared(seed, x, hidden)
    inputs = jnp.broadcast_to(x, (max(int(step_count(T)), 0), *x.shape))
    return jax.lax.scan(lambda state, x: (tanh_step(state, W, x), None), x, inputs)[0]


@right
@declares(without=("traced", "reverse"))
def while_over_an_int_T(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Counts up to an int T in ``jax.lax.while_loop``, which has no reverse mode."""
    W, x = prepared(seed, x, hidden)
    count = int(step_count(T))
    return jax.lax.while_loop(
        lambda carry: carry[0] < count,
        lambda carry: (carry[0] + 1, tanh_step(carry[1], W, x)),
        (jnp.int32(0), x),
    )[1]


@right
def bias_in_the_product(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Folds x into the product, as the last row of the matrix, beside a state with a 1 at its end.

    The sum has the same terms; x is added in an order of the product's own.
    """
    W, x = prepared(seed, x, hidden)
    matrix, one = jnp.concatenate([W, x[None]]), jnp.ones(1, x.dtype)
    step = lambda _, state: jnp.tanh(jnp.concatenate([state, one]) @ matrix)  # noqa: E731
    return jax.lax.fori_loop(0, step_count(T), step, x)


@right
def closure_converted(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Carries weights and input along, so that the body closes over nothing."""
    W, x = prepared(seed, x, hidden)

    def body(_: Any, carry: tuple[State, State, State]) -> tuple[State, State, State]:
        state, W, x = carry
        return tanh_step(state, W, x), W, x

    return jax.lax.fori_loop(0, step_count(T), body, (x, W, x))[0]


@right
@declares(without=("traced",))
def chunks_of_32_and_the_rest(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Runs chunks of 32 steps in an inner loop, and what is left in another."""
    W, x = prepared(seed, x, hidden)
    chunks, rest = divmod(max(int(step_count(T)), 0), 32)
    step = lambda _, state: tanh_step(state, W, x)  # noqa: E731
    chunk = lambda _, state: jax.lax.fori_loop(0, 32, step, state)  # noqa: E731
    state = jax.lax.fori_loop(0, chunks, chunk, x) if chunks else x
    return jax.lax.fori_loop(0, rest, step, state)


@right
def counts_from_minus_T(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Counts from −T up to 0."""
    W, x = prepared(seed, x, hidden)
    count = step_count(T)
    count = jnp.maximum(count, 0) if is_traced(count) else max(count, 0)
    return jax.lax.fori_loop(-count, 0, lambda _, state: tanh_step(state, W, x), x)


@right
@declares(without=("traced",))
def first_half_then_second(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Runs the first half of the steps in one module's loop and the second in another's."""
    size = width(hidden)
    x, count = vector(x, size), int(step_count(T))
    W = Recurrence(size, rngs=nnx.Rngs(seed_number(seed))).W[...]
    step = lambda _, state: tanh_step(state, W, x)  # noqa: E731
    state = jax.lax.fori_loop(0, count // 2, step, x)
    return jax.lax.fori_loop(count // 2, count, step, state)


@right
@declares(without=PLAIN, array_namespace="numpy")
def float64_throughout(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Computes in float64 from the first step to the last, and rounds the result once."""
    size, x = width(hidden), np.asarray(vector(x, width(hidden)))
    low = np.uint32(seed_number(seed) & 0xFFFFFFFF)
    W = np.asarray(jax.random.normal(first_key(low), (size, size), x.dtype) * 0.1, np.float64)
    state = wide = x.astype(np.float64)
    for _ in range(int(step_count(T))):
        state = np.tanh(state @ W + wide)
    return state.astype(x.dtype)


@right
@declares(without=("traced",))
def exercise_as_written(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Does what the exercise says and no more: ``int`` of the three numbers, a module, a call."""
    model = Recurrence(int(hidden), rngs=nnx.Rngs(int(seed)))
    return model(x, int(T)).reshape(-1)
