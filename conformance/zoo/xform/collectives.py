"""Loops whose body does not see the lanes around it."""

from __future__ import annotations

import jax

from ..member import Body, Bound, Carry, Unroll, wrong


@wrong("batching", caught_by=("XFORM-20",))
def lanes_one_after_another(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the lanes of a vmap one after the other, where the body finds no axis to sum over."""
    loop = jax.custom_batching.sequential_vmap(
        lambda carry: jax.lax.fori_loop(lower, upper, body_fun, carry, unroll=unroll)
    )
    return loop(init_val)
