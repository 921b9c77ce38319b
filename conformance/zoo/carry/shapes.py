"""Loops that change the shapes of leaves, or let a body change them."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body, on_result
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.bodies import finished, mended

_COUNTED = 2**16
_AXES = 4


@wrong("shape", caught_by=("CARRY-19",))
@on_result
def elements_counted_in_16_bits(init_val: Carry, result: Carry) -> Carry:
    """Leaves the elements of a leaf past 2**16 unchanged: it counts them in 16 bits."""

    def first(new: Any, old: Any) -> Any:
        if getattr(new, "size", 0) <= _COUNTED or new.shape != jnp.shape(old):
            return new
        return jnp.where(jnp.arange(new.size).reshape(new.shape) < _COUNTED, new, old)

    return jax.tree.map(first, result, init_val)


@wrong("shape", caught_by=("CARRY-02",))
@on_result
def many_axes_are_rearranged(result: Carry) -> Carry:
    """Folds the first two axes of a leaf of many, and unfolds them in the other order."""

    def unfolded(leaf: Any) -> Any:
        if getattr(leaf, "ndim", 0) <= _AXES:
            return leaf
        first, second, *others = leaf.shape
        return leaf.reshape(second, first, *others).swapaxes(0, 1)

    return jax.tree.map(unfolded, result)


@wrong("shape", caught_by=("CARRY-06",))
@on_body
def broadcasts_body_result(body_fun: Body) -> Body:
    """Broadcasts what the body returns to the carry's shape, as assignment into a buffer does."""

    def broadcast(old: Any, new: Any) -> Any:
        fits = np.ndim(new) <= np.ndim(old) and _broadcasts(jnp.shape(new), jnp.shape(old))
        return jnp.broadcast_to(new, jnp.shape(old)) if fits else new

    return mended(body_fun, broadcast)


def _broadcasts(shape: tuple[int, ...], onto: tuple[int, ...]) -> bool:
    pairs = zip(reversed(shape), reversed(onto), strict=False)
    return shape != onto and all(size in (1, target) for size, target in pairs)


@wrong("shape", caught_by=("CARRY-06",))
@on_body
def reshapes_body_result(body_fun: Body) -> Body:
    """Reshapes what the body returns to the carry's shape: only the number of bytes is checked."""

    def reshape(old: Any, new: Any) -> Any:
        differs = jnp.shape(new) != jnp.shape(old) and jnp.size(new) == jnp.size(old)
        return jnp.reshape(new, jnp.shape(old)) if differs else new

    return mended(body_fun, reshape)


@wrong("shape", caught_by=("CARRY-02",))
@on_result
def scalar_becomes_vector(result: Carry) -> Carry:
    """Returns shape (1,) for a scalar: the loop state has at least one dimension."""
    return finished(jnp.atleast_1d, result)


@wrong("shape", caught_by=("CARRY-02",))
@on_result
def unit_axes_squeezed(result: Carry) -> Carry:
    """Returns shape () for (1,): the batch axis that was added is taken off by squeezing."""
    return finished(jnp.squeeze, result)


@wrong("shape", caught_by=("CARRY-02",))
@on_result
def empty_array_comes_back_flat(result: Carry) -> Carry:
    """Returns shape (0,) for an empty array such as (2, 0): no elements, so no shape was kept."""
    return finished(
        lambda leaf: leaf if leaf.size else leaf.reshape(0),
        result,
    )


@wrong("shape", caught_by=("CARRY-02",))
def empty_leaf_skips_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns the initial carry if any leaf is empty, taking that for nothing to do."""
    leaves = jax.tree.leaves(init_val)
    if any(jnp.size(leaf) == 0 for leaf in leaves):
        return jax.tree.map(jnp.asarray, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
