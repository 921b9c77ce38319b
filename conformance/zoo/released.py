"""Loops that are wrong as released versions of JAX were."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import is_traced, normalised
from .member import Body, Bound, Carry, Unroll, wrong


@wrong("bounds", caught_by=("BOUND-15",))
def both_bounds_in_the_dtype_of_the_index(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Makes a Python int an int32, also as upper, which no index reaches: JAX up to 0.4.35."""
    if isinstance(upper, int):
        upper = int(np.int32(upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-17",))
def a_mapped_bound_maps_every_leaf(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Selects all leaves by whether the lane still runs, those that pass through too.

    So did JAX up to 0.5.3 where each lane has its own bounds.
    """
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    lower, upper = normalised(lower, upper)
    start = jax.tree.map(lambda leaf: jnp.where(lower < upper, leaf, leaf), init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, start, unroll=unroll)


@wrong("batching", caught_by=("XFORM-18",))
def leaves_come_out_as_copies(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives back copies, so that a cond cannot see what passed through: JAX up to 0.6.0."""
    return jax.tree.map(
        jnp.copy, jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    )
