"""Loops whose leaves depend on each other: on their places, or on what stands beside them."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import down, normalised
from .iteration import alike, held, structure
from .member import Body, Bound, Carry, Index, Unroll, wrong


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
    """Stops once the first leaf of several does not change, where that was to be the residual."""
    if len(jax.tree.leaves(init_val)) < 2:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    body = unless(lambda old, new: rests(old[0], new[0]), body_fun)
    start = (init_val, jnp.asarray(False))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


@wrong("iteration", caught_by=("CARRY-13",))
def stops_when_any_leaf_rests(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops once one leaf of several does not change: any was written where all was meant."""
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
    """Returns the last of several leaves as it was a trip before: its store is not waited for."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    leaves, tree = jax.tree.flatten(result)
    if len(leaves) < 2:
        return result
    first, end = normalised(lower, upper)
    before = jax.lax.fori_loop(first, down(end, first < end), body_fun, init_val, unroll=unroll)
    return jax.tree.unflatten(tree, [*leaves[:-1], jax.tree.leaves(before)[-1]])


@wrong("dtype", caught_by=("CARRY-13",))
def integers_share_a_float_buffer(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Packs all leaves into one buffer: beside a float32, integers are rounded to 24 bits."""

    def packed(leaf: Any) -> Any:
        integer = jnp.issubdtype(jnp.result_type(leaf), jnp.integer)
        return jnp.asarray(leaf, jnp.float32).astype(leaf.dtype) if integer else leaf

    def body(i: Index, carry: Carry) -> Carry:
        return jax.tree.map(packed, body_fun(i, carry))

    dtypes = {jnp.result_type(leaf) for leaf in jax.tree.leaves(init_val)}
    mixed = jnp.dtype("float32") in dtypes and len(dtypes) > 1
    return jax.lax.fori_loop(lower, upper, body if mixed else body_fun, init_val, unroll=unroll)


@wrong("structure", caught_by=("CARRY-12",))
def leaves_of_a_dict_by_insertion(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hands the leaves, sorted by key, back to the keys of a dict as the body inserts them."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if not isinstance(result, dict) or structure(result) != structure(init_val):
        return result
    return dict(zip(init_val, (result[key] for key in sorted(result)), strict=True))


@wrong("structure", caught_by=("CARRY-08",))
def leaves_beyond_64_stay(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Tells which leaves the body changes in a mask of 64 bits, and forgets the others."""

    def body(i: Any, carry: Carry) -> Carry:
        new, tree = jax.tree.flatten(body_fun(i, carry))
        old = jax.tree.leaves(carry)
        kept = old[64:] if len(old) == len(new) else new[64:]
        return jax.tree.unflatten(tree, [*new[:64], *kept])

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("structure", caught_by=("CARRY-04",))
def nothing_to_carry_is_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes an initial carry of None for a forgotten argument."""
    if init_val is None:
        raise TypeError("init_val is missing")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
