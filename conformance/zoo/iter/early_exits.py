"""Loops that end, or skip trips, because of what the carry is."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import comparable, held, until


def _small_change(old: Carry, new: Carry) -> Any:
    pairs = zip(jax.tree.leaves(old), jax.tree.leaves(new), strict=True)
    moved = [jnp.any(~jnp.isclose(a, b, atol=0)) for a, b in pairs if jnp.size(a)]
    return ~jnp.any(jnp.asarray(moved, bool))


@wrong("numerics", caught_by=("ITER-08",))
def stops_when_nearly_still(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops when no element changes by more than 1e-5 of itself, as equation solvers do."""
    start = (init_val, jnp.asarray(False))
    body = until(_small_change, body_fun)
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


@wrong("iteration", caught_by=("ITER-04",))
def stops_in_a_cycle(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops when the carry equals the one two trips before, as if the index did not matter."""

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
@on_trip
def zeros_are_skipped(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Skips trips whose carry is all zero, as a sparse kernel skips empty blocks."""
    new = body_fun(i, carry)
    leaves = jax.tree.leaves(carry)
    if not leaves or not comparable(carry, new):
        return new
    empty = jnp.all(jnp.asarray([jnp.all(leaf == 0) for leaf in leaves], bool))
    return held(empty, carry, new)


@wrong("iteration", caught_by=("ITER-08",))
def stops_at_fixed_point(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops as soon as a trip leaves the carry as it was, but a later index may change it."""

    def body(i: Index, state: Carry) -> Carry:
        carry, done = state
        new = held(done, carry, body_fun(i, carry))
        return new, done | _same(carry, new)

    start = (init_val, jnp.asarray(False))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


def _same(old: Carry, new: Carry) -> Any:
    leaves = zip(jax.tree.leaves(old), jax.tree.leaves(new), strict=False)
    return jnp.all(jnp.asarray([jnp.array_equal(a, b) for a, b in leaves]))
