"""Loops in which a leaf depends on its position, or on the other leaves."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import alike, held, structure
from ..support.bounds import down, normalised


@wrong("aliasing", caught_by=("CARRY-08",))
@on_trip
def updates_leaves_in_turn(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Assigns the leaves one after another, so that the second of a swap sees the new first."""
    out = body_fun(i, carry)
    old, tree = jax.tree.flatten(carry)
    if structure(out) != tree or not all(map(alike, old, jax.tree.leaves(out))):
        return out
    leaves = list(old)
    for k in range(len(leaves)):
        leaves[k] = jax.tree.leaves(body_fun(i, jax.tree.unflatten(tree, leaves)))[k]
    return jax.tree.unflatten(tree, leaves)


def unless(stopped: Any, body_fun: Body) -> Body:
    """Return a body over ``(carry, done)`` that stops for good once ``stopped(old, new)``."""

    def body(i: Index, state: Any) -> Any:
        carry, done = state
        new = body_fun(i, carry)
        return held(done, carry, new), done | stopped(jax.tree.leaves(carry), jax.tree.leaves(new))

    return body


def rests(old: Any, new: Any) -> Any:
    """Say whether a leaf has not changed."""
    return jnp.all(jnp.equal(old, new)) if alike(old, new) else jnp.asarray(False)


@wrong("iteration", caught_by=("CARRY-12",))
def stops_when_the_first_leaf_rests(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops once the first leaf of several does not change, taking that for the residual."""
    if len(jax.tree.leaves(init_val)) < 2:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    body = unless(lambda old, new: rests(old[0], new[0]), body_fun)
    start = (init_val, jnp.asarray(False))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


@wrong("iteration", caught_by=("CARRY-13",))
def stops_when_any_leaf_rests(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops once one leaf of several does not change: any() in place of all()."""
    if len(jax.tree.leaves(init_val)) < 2:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def any_rests(old: list[Any], new: list[Any]) -> Any:
        return jnp.any(jnp.stack([rests(a, b) for a, b in zip(old, new, strict=False)]))

    start = (init_val, jnp.asarray(False))
    body = unless(any_rests, body_fun)
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


@wrong("aliasing", caught_by=("CARRY-12", "CARRY-13"))
def last_leaf_is_a_trip_late(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns the last of several leaves as of the trip before, without waiting for the store."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    leaves, tree = jax.tree.flatten(result)
    if len(leaves) < 2:
        return result
    first, end = normalised(lower, upper)
    before = jax.lax.fori_loop(first, down(end, first < end), body_fun, init_val, unroll=unroll)
    return jax.tree.unflatten(tree, [*leaves[:-1], jax.tree.leaves(before)[-1]])


@wrong("structure", caught_by=("CARRY-08",))
@on_trip
def leaves_beyond_64_stay(body_fun: Body, i: Any, carry: Carry) -> Carry:
    """Records which leaves the body changes in a mask of 64 bits, and ignores the others."""
    new, tree = jax.tree.flatten(body_fun(i, carry))
    old = jax.tree.leaves(carry)
    kept = old[64:] if len(old) == len(new) else new[64:]
    return jax.tree.unflatten(tree, [*new[:64], *kept])


@wrong("iteration", caught_by=("CARRY-08",))
def constant_leaves_are_hoisted(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hoists leaves that the body sets to constants: without trips they are set too."""
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
