"""Wrong solutions of the recurrence exercise: the number of steps, the state, the step."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import choose, is_traced
from .exercise import (
    solve,
    step_count,
    tanh_step,
)
from .member import wrong

Array = jax.Array


def _floating(value: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(value), jnp.floating))


# The number of steps.


@wrong("iteration", caught_by=("REC-05",))
def one_step_short(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs T - 1 steps: fori_loop(1, T), counting from one."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) - 1)


@wrong("iteration", caught_by=("REC-05", "REC-03"))
def one_step_more(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs T + 1 steps: the first state was meant to be the result of a step."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) + 1)


@wrong("iteration", caught_by=("REC-03",))
def zero_steps_is_one(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs one step for T = 0: the body is called before the loop, to fix the state's type."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) + (step_count(T) == 0))


@wrong("bounds", caught_by=("REC-04",))
def absolute_T(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs |T| steps, at most 1,000, for a negative T: bad input was to be mended."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return choose(count < 0, -choose(count < -1000, -1000, count), count)

    return solve(seed, x, hidden, T, steps=steps)


@wrong("bounds", caught_by=("REC-04",))
def negative_T_refused(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Raises for a negative T, meant as a courtesy; documented is the initial state."""
    if not is_traced(T) and step_count(T) < 0:
        raise ValueError(f"T must not be negative, got {T}")
    return solve(seed, x, hidden, T)


@wrong("bounds", caught_by=("REC-04",))
def negative_T_gives_zeros(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Returns zeros for a negative T: the output buffer of an empty loop is never written."""
    state = solve(seed, x, hidden, T)
    return jnp.where(step_count(T) < 0, jnp.zeros_like(state), state)


@wrong("bounds", caught_by=("REC-07",))
def T_rounded_up(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a fractional T up, lest half a step be lost, where int() truncates."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(jnp.ceil(T) if _floating(T) else T))


@wrong("errors", caught_by=("REC-14",))
def nan_T_is_zero(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes a T that is not a number for 0: nan_to_num instead of an error."""
    missing = not is_traced(T) and math.isnan(T)
    return solve(seed, x, hidden, 0 if missing else T)


@wrong("tracing", caught_by=("REC-11",))
def traced_T_stops_at_4(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs at most 4 steps when T is traced: unrolled and masked, with room for 4."""
    return solve(seed, x, hidden, jnp.minimum(T, 4) if is_traced(T) else T)


@wrong("iteration", caught_by=("REC-02",))
def stops_when_settled(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops when a step moves the state by less than 1e-3, taking that for the fixed point."""

    def step(state: Array, W: Array, x: Array) -> Array:
        new = tanh_step(state, W, x)
        return jnp.where(jnp.max(jnp.abs(new - state)) < 1e-3, state, new)

    return solve(seed, x, hidden, T, step=step)


@wrong("iteration", caught_by=("REC-02",))
def stops_at_512_steps(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs at most 512 steps, since by then the state was always settled in the author's tests."""
    return solve(
        seed, x, hidden, T, steps=lambda T: choose(step_count(T) > 512, 512, step_count(T))
    )


# The state and the step.


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
def product_in_bfloat16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies in bfloat16, which an accelerator's default precision may do."""

    def step(state: Array, W: Array, x: Array) -> Array:
        product = state.astype(jnp.bfloat16) @ W.astype(jnp.bfloat16)
        return jnp.tanh(product.astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def last_block_dropped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies in blocks of 128 and drops the last, partial block when there is a full one."""

    def step(state: Array, W: Array, x: Array) -> Array:
        whole_blocks = state.size // 128 * 128 or state.size
        return jnp.tanh(state[:whole_blocks] @ W[:whole_blocks] + x)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def state_in_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stores each new state in float16 to save memory, and returns float32."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(state, W, x).astype(jnp.float16).astype(x.dtype)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02",))
def tanh_off_by_1e4(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Has a relative error of 1e-4 in tanh, as a table with interpolation has."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: tanh_step(state, W, x) * (1 - 1e-4))


@wrong("numerics", caught_by=("REC-02",))
def tanh_pade(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Replaces tanh(y) by y (27 + y^2) / (27 + 9 y^2), clipped at |y| = 3, a fast Pade form."""

    def step(state: Array, W: Array, x: Array) -> Array:
        y = jnp.clip(state @ W + x, -3, 3)
        return y * (27 + y * y) / (27 + 9 * y * y)

    return solve(seed, x, hidden, T, step=step)


@wrong("numerics", caught_by=("REC-02", "REC-10"))
def tanh_by_sigmoid(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh(y) as 2 sigmoid(2 y) - 1, which cancels for small y and is not odd."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return 2 / (1 + jnp.exp(-2 * (state @ W + x))) - 1

    return solve(seed, x, hidden, T, step=step)


# The weights and the seed.


# The result and its gradient.


# The argument x and other bad input.
