"""Loops that break what only some versions of JAX do: right by the documents, but no copies."""

from __future__ import annotations

import operator

import jax
import jax.numpy as jnp

from .bound_arithmetic import is_traced, normalised
from .iteration import reindexed
from .member import Body, Bound, Carry, Unroll, wrong


@wrong("dtype", caught_by=("BOUND-10",))
def index_has_the_dtype_of_its_bound(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives the body an index of the dtype of lower, where JAX's static index is weakly typed."""
    dtype = jnp.result_type(normalised(lower, upper)[0])
    body = reindexed(body_fun, lambda i: jax.lax.convert_element_type(i, dtype))
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("bounds", caught_by=("ERROR-14",))
def float_bounds_are_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks static bounds to be integers, as range does, where JAX cuts floats to integers."""
    for bound in (lower, upper):
        if not is_traced(bound):
            operator.index(bound)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
