"""Loops that are right for traced bounds that are close together."""

from __future__ import annotations

import jax.numpy as jnp

from ..defects import on_bounds
from ..member import Bound, Bounds, wrong
from ..support.bounds import is_traced


@wrong("bounds", caught_by=("BOUND-16",))
@on_bounds
def traced_trips_beyond_25_bits_are_cut(lower: Bound, upper: Bound) -> Bounds:
    """Counts iterations in a float32, which has no 2**25 + 1."""
    if not is_traced(upper):
        return lower, upper
    trips = (upper - lower).astype(jnp.float32).astype(upper.dtype)
    small = (upper - lower) < 2**24
    return lower, jnp.where(small, upper, lower + trips)


@wrong("bounds", caught_by=("BOUND-16",))
@on_bounds
def traced_trips_are_static_after_the_first(lower: Bound, upper: Bound) -> Bounds:
    """Runs at most 2**16 iterations of traced length: a scan of that length, with a mask."""
    return lower, jnp.minimum(upper, lower + 2**16) if is_traced(upper) else upper
