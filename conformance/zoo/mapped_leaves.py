"""Loops that are wrong under vmap for many lanes, or for leaves that no lane changes."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import normalised
from .iteration import structure
from .mapped import Lanes, batched
from .member import Body, Bound, Carry, Index, Unroll, wrong


def _at_16_bits(lanes: Lanes) -> Lanes:
    return lanes[np.arange(len(lanes)).astype(np.int16).astype(np.int32)]


def _whole_chunks(lanes: Lanes) -> Lanes:
    return lanes.at[len(lanes) // 2**10 * 2**10 :].set(0) if len(lanes) > 2**10 else lanes


_gathered, _chunked = batched(_at_16_bits), batched(_whole_chunks)


@wrong("batching", caught_by=("XFORM-13",))
def lanes_counted_in_16_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Looks the bounds of a lane up by a 16-bit number, which is another lane's from 2**15 on."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(_gathered(lower), _gathered(upper), body_fun, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-13",))
def lanes_in_whole_chunks(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Splits a large batch into chunks of 2**10 lanes and leaves the remainder with no bounds."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(_chunked(lower), _chunked(upper), body_fun, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-15",))
def carry_in_one_buffer(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Joins the leaves of the carry into one array, and so maps all leaves where one is mapped."""
    leaves = jax.tree.leaves(init_val)
    shapes = [jnp.shape(leaf) for leaf in leaves]
    if len({jnp.result_type(leaf) for leaf in leaves}) != 1:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]

    def joined(carry: Carry) -> Any:
        return jnp.concatenate([jnp.ravel(leaf) for leaf in jax.tree.leaves(carry)])

    def parted(buffer: Any) -> Carry:
        parts = zip(jnp.split(buffer, cuts), shapes, strict=True)
        return jax.tree.unflatten(
            structure(init_val), [part.reshape(shape) for part, shape in parts]
        )

    def body(i: Index, buffer: Any) -> Any:
        return joined(body_fun(i, parted(buffer)))

    return parted(jax.lax.fori_loop(lower, upper, body, joined(init_val), unroll=unroll))


@wrong("batching", caught_by=("XFORM-15",))
def every_leaf_becomes_mapped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Adds a zero made from the last leaf to all leaves, to keep the compiler from reordering."""
    leaves = jax.tree.leaves(init_val)
    if leaves and all(jnp.issubdtype(jnp.result_type(leaf), jnp.int32) for leaf in leaves):
        zero = jnp.ravel(leaves[-1])[:1].sum(dtype=jnp.int32) * 0
        init_val = jax.tree.map(lambda leaf: leaf + zero, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def _in_pairs(lanes: Lanes) -> Lanes:
    return lanes[np.arange(len(lanes)) // 2 * 2]


_paired = batched(_in_pairs)


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
def second_lane_follows_the_first(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives the second lane of each pair the first one's upper: a register holds two lanes."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(lower, _paired(upper), body_fun, init_val, unroll=unroll)


_second_as_first = batched(lambda lanes: lanes.at[1:2].set(lanes[0]))


@wrong("batching", caught_by=("XFORM-02",))
def second_lane_starts_as_the_first(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Starts the second lane, and no other, from the first one's carry: its offset is not added."""
    init_val = jax.tree.map(_second_as_first, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
