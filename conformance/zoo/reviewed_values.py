"""Loops and recurrences that a review found uncaught: rare keys, constants, many trips, rare x."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import choose, is_traced
from .exercise import solve, step_count
from .member import Body, Bound, Carry, Index, Unroll, wrong

_MOST_STEPS = 2000


@wrong("structure", caught_by=("CARRY-08",))
def integer_keys_sorted_as_text(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Puts the leaves of a dict back in the order of its keys as text, where 10 is before 9."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if not (isinstance(result, dict) and all(isinstance(key, int) for key in result)):
        return result
    values = [result[key] for key in sorted(result)]
    return dict(zip(sorted(result, key=str), values, strict=True))


@wrong("iteration", caught_by=("CARRY-08",))
def constant_leaves_are_hoisted(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes leaves that the body sets to constants out of the loop: without trips they are set."""
    made: list[Any] = []

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        made[:] = jax.tree.leaves(new)
        return new

    body = body if callable(body_fun) else body_fun
    result = jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)
    leaves, tree = jax.tree.flatten(result)
    if len(made) != len(leaves):
        return result
    hoisted = [
        jnp.asarray(new) if isinstance(new, np.ndarray) else leaf
        for new, leaf in zip(made, leaves, strict=True)
    ]
    return jax.tree.unflatten(tree, hoisted)


@wrong("dtype", caught_by=("CARRY-10",))
def only_python_numbers_are_weak(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks for Python's numbers where it means weak types, which arrays have as well."""

    def strengthened(leaf: Any) -> Any:
        weak = isinstance(leaf, jax.Array) and leaf.weak_type
        return jax.lax.convert_element_type(leaf, leaf.dtype) if weak else leaf

    init_val = jax.tree.map(strengthened, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("REC-15",))
def steps_are_capped(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Runs at most two thousand steps, after which a small state has long come to rest."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return choose(count > _MOST_STEPS, _MOST_STEPS, count)

    return solve(seed, x, hidden, T, steps=steps)


@wrong("numerics", caught_by=("REC-03",))
def x_is_cleaned(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Replaces what is no number in x, so that one bad component does not spoil the rest."""
    cleaned = jnp.nan_to_num(x) if isinstance(x, jax.Array) else x
    return solve(seed, cleaned, hidden, T)


@wrong("aliasing", caught_by=("REC-16",))
def state_is_written_into_x(seed: Any, x: Any, hidden: Any, T: Any) -> jax.Array:
    """Keeps the state in the caller's array, as a solution in C does with its argument."""
    state = solve(seed, x, hidden, T)
    if isinstance(x, np.ndarray) and x.dtype == state.dtype and not is_traced(state):
        x[...] = state
    return state
