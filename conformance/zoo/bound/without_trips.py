"""Loops that are wrong only where there are no iterations."""

from __future__ import annotations

import jax

from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.bounds import is_traced


@wrong("structure", caught_by=("BOUND-16",))
def nodes_are_made_of_placeholders(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Builds the result's containers of placeholders first, if there are no iterations."""
    if not is_traced(lower) and not is_traced(upper) and int(upper) <= int(lower):
        leaves, structure = jax.tree.flatten(init_val)
        jax.tree.unflatten(structure, [object() for _ in leaves])
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
