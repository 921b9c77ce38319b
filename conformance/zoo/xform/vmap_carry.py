"""Loops that are right when called, and wrong under vmap over the carry or the closure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.custom_batching import custom_vmap

from ..defects import on_init, on_result, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import structure
from ..support.lanes import batched, first_lane


@wrong("batching", caught_by=("XFORM-02", "XFORM-05"))
@on_init
def carry_of_the_first_lane(init_val: Carry) -> Carry:
    """Starts every lane from the carry of lane 0: it treats the batch as copies of one array."""
    return jax.tree.map(first_lane, init_val)


_reversed = batched(lambda lanes: lanes[::-1])


@wrong("batching", caught_by=("XFORM-02", "XFORM-04"))
@on_result
def lanes_in_reverse(result: Carry) -> Carry:
    """Returns the results of the lanes in reverse: it pushes them on a stack and pops them."""
    return jax.tree.map(_reversed, result)


@custom_vmap
def _settled(old: Any, new: Any) -> Any:
    return new


@_settled.def_vmap
def _(_size: int, which: list[bool], old: Any, new: Any) -> tuple[Any, bool]:
    late = which[1] and not which[0]
    return (new[0] if late else new), which[1] and not late


@wrong("batching", caught_by=("XFORM-05",))
@on_trip
def shared_leaves_stay_shared(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Decides before the loop which leaves differ from lane to lane, and never looks again."""
    new = body_fun(i, carry)
    if structure(new) != structure(carry):
        return new
    return jax.tree.map(_settled, carry, new)


@wrong("batching", caught_by=("XFORM-05",))
@on_trip
def closes_over_the_first_lane(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Hoists what the body closes over out of the loop, and keeps it once for all lanes."""
    program, shapes = jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
    hoisted = [first_lane(const) for const in program.consts]
    out = jax.core.eval_jaxpr(program.jaxpr, hoisted, *jax.tree.leaves((i, carry)))
    return jax.tree.unflatten(structure(shapes), out)


def _with_cotangent(change: Callable[[Any], Any]) -> Callable[[Carry], Carry]:
    """Return the identity on floats whose cotangent is changed."""

    @jax.custom_vjp
    def identity(x: Any) -> Any:
        return x

    identity.defvjp(lambda x: (x, None), lambda _, cotangent: (change(cotangent),))
    return lambda tree: jax.tree.map(
        lambda leaf: identity(leaf) if jnp.issubdtype(leaf, jnp.inexact) else leaf, tree
    )


_summed = _with_cotangent(batched(lambda lanes: lanes.sum(axis=0), shared=True))
_of_first_lane = _with_cotangent(first_lane)


@wrong("batching", caught_by=("XFORM-06",))
@on_init
def gradients_summed_over_lanes(init_val: Carry) -> Carry:
    """Sums the gradient of the initial carry over the lanes, as is right for shared weights."""
    return _summed(init_val)


@wrong("batching", caught_by=("XFORM-06",))
@on_init
def gradient_of_the_first_lane(init_val: Carry) -> Carry:
    """Gives all lanes the gradient of lane 0: the backward loop ignores batches."""
    return _of_first_lane(init_val)


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
@on_init
def every_leaf_becomes_mapped(init_val: Carry) -> Carry:
    """Adds a zero computed from the last leaf to all leaves, to prevent reordering."""
    leaves = jax.tree.leaves(init_val)
    if leaves and all(jnp.issubdtype(jnp.result_type(leaf), jnp.int32) for leaf in leaves):
        zero = jnp.ravel(leaves[-1])[:1].sum(dtype=jnp.int32) * 0
        init_val = jax.tree.map(lambda leaf: leaf + zero, init_val)
    return init_val


_second_as_first = batched(lambda lanes: lanes.at[1:2].set(lanes[0]))


@wrong("batching", caught_by=("XFORM-02",))
@on_init
def second_lane_starts_as_the_first(init_val: Carry) -> Carry:
    """Starts the second lane, and no other, from the first one's carry: its offset is not added."""
    return jax.tree.map(_second_as_first, init_val)


@wrong("batching", caught_by=("XFORM-18",))
@on_result
def leaves_come_out_as_copies(result: Carry) -> Carry:
    """Returns copies, so that a cond cannot forward unchanged leaves: JAX up to 0.6.0."""
    return jax.tree.map(jnp.copy, result)
