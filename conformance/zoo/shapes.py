"""Loops that change the shapes of leaves, or let a body change them."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .carry import finished, mended
from .member import Body, Bound, Carry, Unroll, wrong


@wrong("shape", caught_by=("CARRY-06",))
def broadcasts_body_result(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Broadcasts what the body returns to the carry's shape, as assignment into a buffer does."""

    def broadcast(old: Any, new: Any) -> Any:
        fits = np.ndim(new) <= np.ndim(old) and _broadcasts(jnp.shape(new), jnp.shape(old))
        return jnp.broadcast_to(new, jnp.shape(old)) if fits else new

    body = mended(body_fun, broadcast)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


def _broadcasts(shape: tuple[int, ...], onto: tuple[int, ...]) -> bool:
    pairs = zip(reversed(shape), reversed(onto), strict=False)
    return shape != onto and all(size in (1, target) for size, target in pairs)


@wrong("shape", caught_by=("CARRY-06",))
def reshapes_body_result(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Reshapes what the body returns to the carry's shape: only the number of bytes is checked."""

    def reshape(old: Any, new: Any) -> Any:
        differs = jnp.shape(new) != jnp.shape(old) and jnp.size(new) == jnp.size(old)
        return jnp.reshape(new, jnp.shape(old)) if differs else new

    body = mended(body_fun, reshape)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("shape", caught_by=("CARRY-02",))
def scalar_becomes_vector(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns shape (1,) for a scalar: the loop state has at least one dimension."""
    return finished(
        jnp.atleast_1d, jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    )


@wrong("shape", caught_by=("CARRY-02",))
def unit_axes_squeezed(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns shape () for (1,): the batch axis that was added is taken off by squeezing."""
    return finished(jnp.squeeze, jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll))


@wrong("shape", caught_by=("CARRY-02",))
def empty_array_comes_back_flat(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns shape (0,) for an empty array such as (2, 0): no elements, so no shape was kept."""
    return finished(
        lambda leaf: leaf if leaf.size else leaf.reshape(0),
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
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
