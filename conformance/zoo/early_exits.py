"""Loops that end, or skip trips, because of what the carry is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from .iteration import alike, held, structure
from .member import Body, Bound, Carry, Index, Unroll, wrong


def until(ends: Callable[[Carry, Carry], Any], body_fun: Body) -> Callable[[Index, Carry], Carry]:
    """Return a body on a pair: the carry, and whether ``ends(old, new)`` held after a trip."""

    def body(i: Index, state: tuple[Carry, Any]) -> tuple[Carry, Any]:
        carry, done = state
        result = body_fun(i, carry)
        if not comparable(carry, result):
            return result, done
        new = held(done, carry, result)
        return new, done | ends(carry, new)

    return body


def comparable(one: Carry, other: Carry) -> bool:
    """Say whether two carries have the same structure, dtypes and shapes."""
    leaves = (jax.tree.leaves(one), jax.tree.leaves(other))
    return structure(one) == structure(other) and all(map(alike, *leaves))


def any_of(test: Callable[[Any], Any], tree: Carry) -> Any:
    """Say whether a test holds for an element of a float leaf."""
    floats = [leaf for leaf in jax.tree.leaves(tree) if _is_float(leaf)]
    return jnp.any(jnp.asarray([jnp.any(test(leaf)) for leaf in floats], bool))


def _is_float(leaf: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(leaf), jnp.floating))


@wrong("iteration", caught_by=("CARRY-04",))
def stops_at_nan(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops where a NaN appears, a guard of training runs: the trips after it are not run."""
    body = until(lambda _, new: any_of(jnp.isnan, new), body_fun)
    start = (init_val, any_of(jnp.isnan, init_val))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


@wrong("iteration", caught_by=("CARRY-04",))
def stops_at_infinity(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops where a float overflows, since nothing good is thought to come after."""
    body = until(lambda _, new: any_of(jnp.isinf, new), body_fun)
    start = (init_val, jnp.asarray(False))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


def _small_change(old: Carry, new: Carry) -> Any:
    pairs = zip(jax.tree.leaves(old), jax.tree.leaves(new), strict=True)
    moved = [jnp.any(~jnp.isclose(a, b, atol=0)) for a, b in pairs if jnp.size(a)]
    return ~jnp.any(jnp.asarray(moved, bool))


@wrong("numerics", caught_by=("ITER-08",))
def stops_when_nearly_still(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops when no element moves by more than 1e-5 of itself: solvers of equations do so."""
    start = (init_val, jnp.asarray(False))
    body = until(_small_change, body_fun)
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


@wrong("iteration", caught_by=("ITER-04",))
def stops_in_a_cycle(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops when the carry is as it was two trips before: a cycle, if the index did not matter."""

    def body(i: Index, state: tuple[Carry, Carry, Any]) -> tuple[Carry, Carry, Any]:
        before, carry, done = state
        result = body_fun(i, carry)
        if not comparable(carry, result):
            return carry, result, done
        new = held(done, carry, result)
        moved = ~_equal(carry, new)
        return carry, new, done | (moved & _equal(before, new))

    start = (init_val, init_val, jnp.asarray(False))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[1]


def _equal(one: Carry, other: Carry) -> Any:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return jnp.all(jnp.asarray([jnp.array_equal(a, b) for a, b in pairs], bool))


@wrong("iteration", caught_by=("ITER-01",))
def zeros_are_skipped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Skips trips whose carry is all zero, as a sparse kernel skips empty blocks."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        leaves = jax.tree.leaves(carry)
        if not leaves or not comparable(carry, new):
            return new
        empty = jnp.all(jnp.asarray([jnp.all(leaf == 0) for leaf in leaves], bool))
        return held(empty, carry, new)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)
