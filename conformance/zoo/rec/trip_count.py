"""Recurrences that run the wrong number of steps."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp

from ..member import wrong
from ..support.bounds import choose, is_traced
from ..support.exercise import Array, solve, step_count, tanh_step


def _floating(value: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(value), jnp.floating))


@wrong("iteration", caught_by=("REC-05",))
def one_step_short(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs T - 1 steps: fori_loop(1, T), counting from one."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) - 1)


@wrong("iteration", caught_by=("REC-05", "REC-03"))
def one_step_more(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs T + 1 steps: it takes the first state for the result of a step."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) + 1)


@wrong("iteration", caught_by=("REC-03",))
def zero_steps_is_one(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs one step for T = 0: the body is called before the loop, to fix the state's type."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) + (step_count(T) == 0))


@wrong("bounds", caught_by=("REC-04",))
def absolute_T(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs |T| steps, at most 1,000, for a negative T, to repair bad input."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return choose(count < 0, -choose(count < -1000, -1000, count), count)

    return solve(seed, x, hidden, T, steps=steps)


@wrong("bounds", caught_by=("REC-04",))
def negative_T_refused(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Raises for a negative T, to be helpful; the documented result is the initial state."""
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
    """Rounds a fractional T up, so as not to lose half a step, where int() truncates."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(jnp.ceil(T) if _floating(T) else T))


@wrong("errors", caught_by=("REC-14",))
def nan_T_is_zero(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Treats a T of NaN as 0: nan_to_num instead of an error."""
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
    """Runs at most 512 steps, by which the state has settled in its tests."""
    return solve(
        seed, x, hidden, T, steps=lambda T: choose(step_count(T) > 512, 512, step_count(T))
    )


@wrong("tracing", caught_by=("REC-01",))
def traced_T_in_whole_blocks(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a traced T up to blocks of eight steps, so that few programs are compiled."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return (count + 7) // 8 * 8 if is_traced(count) else count

    return solve(seed, x, hidden, T, steps=steps)


@wrong("unrolling", caught_by=("REC-02",))
def blocks_of_ten_steps(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs ten steps in each trip, and drops the remainder after a whole block."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return choose(count >= 10, count // 10 * 10, count)

    return solve(seed, x, hidden, T, steps=steps)


_MOST_STEPS = 2000


@wrong("iteration", caught_by=("REC-15",))
def steps_are_capped(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Runs at most two thousand steps, by which a small state has long converged."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return choose(count > _MOST_STEPS, _MOST_STEPS, count)

    return solve(seed, x, hidden, T, steps=steps)
