"""Loops that are right for a few small leaves."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body, on_init, on_result
from ..member import Body, Bound, Carry, Unroll, wrong


@wrong("structure", caught_by=("CARRY-22",))
@on_body
def leaves_beyond_128_stay(body_fun: Body, init_val: Carry) -> Body:
    """Leaves every leaf after the first 128 as it is: their places are kept in a signed byte."""
    if len(jax.tree.leaves(init_val)) <= 128:
        return body_fun

    def body(i: Any, carry: Carry) -> Carry:
        old, structure = jax.tree.flatten(carry)
        new = jax.tree.leaves(body_fun(i, carry))
        return jax.tree.unflatten(structure, [*new[:128], *old[128:]])

    return body


@wrong("shape", caught_by=("CARRY-22",))
@on_result
def elements_beyond_a_mebi_are_zero(result: Carry) -> Carry:
    """Returns zeros after the first 2**20 elements of a leaf: it is moved in one block."""

    def cut(leaf: Any) -> Any:
        if np.size(leaf) <= 2**20:
            return leaf
        kept = jnp.arange(np.size(leaf)).reshape(np.shape(leaf)) < 2**20
        return jnp.where(kept, leaf, jnp.zeros_like(leaf))

    return jax.tree.map(cut, result)


@wrong("shape", caught_by=("CARRY-22",))
@on_result
def wide_rows_are_wrapped(result: Carry) -> Carry:
    """Turns the last element of a row of more than 128 to the front: a row is padded to 128."""

    def wrapped(leaf: Any) -> Any:
        wide = jnp.ndim(leaf) > 1 and leaf.shape[-1] > 128
        return jnp.roll(leaf, 1, axis=-1) if wide else leaf

    return jax.tree.map(wrapped, result)


@wrong("shape", caught_by=("CARRY-22",))
@on_result
def odd_ranks_are_transposed(result: Carry) -> Carry:
    """Swaps the last two axes of leaves of five axes or more where they are of one length."""

    def swapped(leaf: Any) -> Any:
        fits = jnp.ndim(leaf) >= 5 and leaf.shape[0] == leaf.shape[-1]
        return jnp.swapaxes(leaf, 0, -1) if fits else leaf

    return jax.tree.map(swapped, result)


@wrong("aliasing", caught_by=("CARRY-22",))
def one_object_is_one_leaf(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Carries an array that is in two leaves once: leaves are told apart by their identity."""
    leaves, structure = jax.tree.flatten(init_val)
    first = {id(leaf): place for place, leaf in reversed(list(enumerate(leaves)))}
    places = [first[id(leaf)] for leaf in leaves]
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    new = jax.tree.leaves(result)
    return jax.tree.unflatten(structure, [new[place] for place in places])


@wrong("structure", caught_by=("CARRY-22",))
@on_result
def a_leading_none_is_dropped(result: Carry) -> Carry:
    """Drops a None at the start of a tuple, as if it were a missing argument."""
    if type(result) is tuple and result and result[0] is None:
        return result[1:]
    return result


@wrong("aliasing", caught_by=("CARRY-22",))
@on_body
def forwarded_leaves_are_read_late(body_fun: Body) -> Body:
    """Gives a forwarded leaf its new value: leaves are written one by one, and read after that."""

    def body(i: Any, carry: Carry) -> Carry:
        old, structure = jax.tree.flatten(carry)
        new = jax.tree.leaves(body_fun(i, carry))
        if len(new) != len(old):
            return body_fun(i, carry)
        late = list(new)
        for place, leaf in enumerate(new):
            for source, before in enumerate(old[:place]):
                if leaf is before and source != place:
                    late[place] = new[source]
        return jax.tree.unflatten(structure, late)

    return body


@wrong("dtype", caught_by=("CARRY-22",))
@on_init
def many_leaves_are_packed_in_float32(init_val: Carry) -> Carry:
    """Rounds integers to 24 bits where there are more than 16 leaves: one buffer of float32."""
    leaves = jax.tree.leaves(init_val)
    if len(leaves) <= 16:
        return init_val

    def packed(leaf: Any) -> Any:
        leaf = jnp.asarray(leaf)
        if leaf.dtype not in (jnp.int32, jnp.uint32):
            return leaf
        return jax.lax.reduce_precision(leaf.astype(jnp.float32), 8, 23).astype(leaf.dtype)

    return jax.tree.map(packed, init_val)
