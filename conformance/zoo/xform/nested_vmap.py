"""Loops that are right under one vmap of a few lanes."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body, on_bounds
from ..member import Body, Bound, Bounds, Carry, Index, Unroll, wrong
from ..support.bounds import is_traced
from ..support.lanes import batched


@wrong("batching", caught_by=("XFORM-19",))
@on_bounds
def lanes_longer_than_a_block_are_cut(lower: Bound, upper: Bound) -> Bounds:
    """Runs at most 512 iterations where lanes differ in length: a mask of so many is made once."""
    cut = batched(lambda lanes: jnp.minimum(lanes, 512))
    return lower, lower + cut(upper - lower) if is_traced(upper) else upper


def _levels(value: Any) -> int:
    """How many vmaps are around a value that is mapped by each of them."""
    levels = 0
    while type(value).__name__ == "BatchTracer":
        value, levels = value.val, levels + 1
    return levels


@wrong("batching", caught_by=("XFORM-19",))
@on_bounds
def three_vmaps_share_the_longest(lower: Bound, upper: Bound) -> Bounds:
    """Runs every lane as long as the longest under three vmaps: two are handled one by one."""
    longest = batched(lambda lanes: jnp.broadcast_to(lanes.max(axis=0), lanes.shape))
    return lower, longest(upper) if _levels(upper) > 2 else upper


@wrong("batching", caught_by=("XFORM-19",))
@on_body
def unrolled_lanes_skip_the_remainder(body_fun: Body, init_val: Carry, unroll: Unroll) -> Body:
    """Drops the odd iterations of an unrolled loop under vmap: lanes are padded to the factor."""
    if not isinstance(unroll, int) or isinstance(unroll, bool) or unroll < 2:
        return body_fun
    leaves = jax.tree.leaves(init_val)
    if not any(_levels(leaf) for leaf in leaves):
        return body_fun
    return lambda i, carry: jax.tree.map(
        lambda new, old: jnp.where(i % unroll == 1, old, new), body_fun(i, carry), carry
    )


@wrong("batching", caught_by=("XFORM-19",))
def second_loop_reuses_the_first(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the body of the loop before it in one program: what is traced is kept by its shapes."""
    leaves = jax.tree.leaves(init_val)
    traced = [leaf for leaf in leaves if is_traced(leaf)]
    key = tuple((jnp.shape(leaf), str(jnp.result_type(leaf))) for leaf in leaves)
    if traced:
        trace = id(getattr(traced[0], "_trace", None))
        if _last.get("trace") == (trace, key, getattr(body_fun, "__code__", None)):
            body_fun = _last["body"]
        _last.update(trace=(trace, key, getattr(body_fun, "__code__", None)), body=body_fun)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


_last: dict[str, Any] = {}


@wrong("batching", caught_by=("XFORM-19",))
@on_body
def closed_over_lanes_are_the_first(body_fun: Body, lower: Bound) -> Body:
    """Uses the first lane of what the body closes over, if nothing else is mapped."""
    first = batched(lambda lanes: lanes[0], shared=True)

    def body(i: Index, carry: Carry) -> Carry:
        closed, consts = jax.closure_convert(body_fun, i, carry)
        return closed(i, carry, *(first(const) for const in consts))

    return body
