"""Loops that are right when called, and wrong under vmap.

:func:`batched` is how they notice it: its function is called with all lanes of an array at once,
and only where the lanes differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.custom_batching import custom_vmap

from .bound_arithmetic import is_traced, normalised
from .iteration import alike, structure
from .member import Body, Bound, Carry, Index, Unroll, declares, right, wrong

Lanes = Any
"""An array whose first axis is that of vmap."""


def batched(change: Callable[[Lanes], Lanes], *, shared: bool = False) -> Callable[[Any], Any]:
    """Return a function that gives an array back, except that under vmap ``change`` is applied.

    Args:
        change: from all lanes to all lanes; or to one value, if ``shared``.
        shared: whether the result is the same for all lanes.
    """

    @custom_vmap
    def through(x: Any) -> Any:
        return x

    @through.def_vmap
    def _(_size: int, _batched: list[bool], x: Lanes) -> tuple[Any, bool]:
        return change(x), not shared

    return lambda x: through(x) if is_traced(x) else x


first_lane = batched(lambda lanes: lanes[0], shared=True)
longest = batched(lambda lanes: lanes.max(axis=0), shared=True)
shortest = batched(lambda lanes: lanes.min(axis=0), shared=True)


@custom_vmap
def _inside(outside: Any, old: Any, new: Any) -> Any:
    return new


@_inside.def_vmap
def _(size: int, which: list[bool], outside: Lanes, old: Any, new: Any) -> tuple[Any, bool]:
    if not which[0]:
        return new, which[2]
    old, new = (
        leaf if mapped else jnp.broadcast_to(leaf, (size, *jnp.shape(leaf)))
        for leaf, mapped in zip((old, new), which[1:], strict=True)
    )
    return jax.vmap(jnp.where)(outside, old, new), True


def masked(body_fun: Body, lower: Bound, upper: Bound, *, leaves: int | None = None) -> Body:
    """Return a body that keeps the first ``leaves`` leaves, or all, outside of a lane's range."""

    def body(i: Index, carry: Carry) -> Carry:
        result = body_fun(i, carry)
        old, new = jax.tree.leaves(carry), jax.tree.leaves(result)
        if structure(carry) != structure(result) or not all(map(alike, old, new)):
            return result
        outside = (i < lower) | (i >= upper)
        kept = [_inside(outside, *pair) for pair in zip(old, new, strict=True)][:leaves]
        return jax.tree.unflatten(structure(carry), kept + new[len(kept) :])

    return body


@right
@declares(without=("grad",))  # custom_vmap cannot be linearized
def lanes_in_step(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs from the first to the last index of any lane, and holds each lane outside its range."""
    lower, upper = normalised(lower, upper)
    start, end = shortest(lower), longest(upper)
    body = masked(body_fun, lower, upper) if is_traced(lower) or is_traced(upper) else body_fun
    return jax.lax.fori_loop(start, end, body, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-02", "XFORM-05"))
def carry_of_the_first_lane(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Starts every lane from the carry of lane 0: the batch was taken for copies of one array."""
    init_val = jax.tree.map(first_lane, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


_reversed = batched(lambda lanes: lanes[::-1])


@wrong("batching", caught_by=("XFORM-02", "XFORM-04"))
def lanes_in_reverse(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives the results of the lanes in reverse: they were pushed on a stack and popped."""
    out = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.tree.map(_reversed, out)


@wrong("batching", caught_by=("XFORM-03", "XFORM-04", "XFORM-13"))
def all_lanes_run_the_longest(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs every lane until the last has ended: the carry of those that have is not held."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(lower, longest(upper), body_fun, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
def all_lanes_stop_with_the_shortest(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops as soon as one lane is done: the conditions were joined with all instead of any."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(lower, shortest(upper), body_fun, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
def bounds_of_the_first_lane(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes the bounds of lane 0 for all lanes: a scalar was read from an array of bounds."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(
        first_lane(lower), first_lane(upper), body_fun, init_val, unroll=unroll
    )


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
def lanes_start_together(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Starts all lanes at the least lower bound: only their ends are masked, not their starts."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(shortest(lower), upper, body_fun, init_val, unroll=unroll)


_once_or_more = batched(lambda trips: jnp.maximum(trips, 1))


@wrong("batching", caught_by=("XFORM-03", "XFORM-04"))
def empty_lanes_run_once(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Tests a lane's condition after its body, so that a lane without iterations has one."""
    lower, upper = normalised(lower, upper)
    end = lower + _once_or_more(jnp.maximum(upper, lower) - lower)
    end = end if is_traced(end) else upper
    return jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-04",))
def holds_the_first_leaf_alone(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Holds one leaf of a lane that has ended: the mask was written for a carry of one array."""
    lower, upper = normalised(lower, upper)
    start, end = shortest(lower), longest(upper)
    if is_traced(lower) or is_traced(upper):
        body_fun = masked(body_fun, lower, upper, leaves=1)
    return jax.lax.fori_loop(start, end, body_fun, init_val, unroll=unroll)


_of_one_axis = batched(batched(lambda lanes: lanes[0], shared=True))


@wrong("batching", caught_by=("XFORM-04",))
def knows_one_axis_of_lanes(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes bounds that two vmaps map from the first slice of the outer one."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(
        _of_one_axis(lower), _of_one_axis(upper), body_fun, init_val, unroll=unroll
    )


@custom_vmap
def _settled(old: Any, new: Any) -> Any:
    return new


@_settled.def_vmap
def _(_size: int, which: list[bool], old: Any, new: Any) -> tuple[Any, bool]:
    late = which[1] and not which[0]
    return (new[0] if late else new), which[1] and not late


@wrong("batching", caught_by=("XFORM-05",))
def shared_leaves_stay_shared(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Decides before the loop which leaves differ from lane to lane, and never looks again."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if structure(new) != structure(carry):
            return new
        return jax.tree.map(_settled, carry, new)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("batching", caught_by=("XFORM-05",))
def closes_over_the_first_lane(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hoists what the body closes over out of the loop, and keeps it once for all lanes."""

    def body(i: Index, carry: Carry) -> Carry:
        program, shapes = jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
        hoisted = [first_lane(const) for const in program.consts]
        out = jax.core.eval_jaxpr(program.jaxpr, hoisted, *jax.tree.leaves((i, carry)))
        return jax.tree.unflatten(structure(shapes), out)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


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
def gradients_summed_over_lanes(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Sums the gradient of the initial carry over the lanes, as is right for shared weights."""
    return jax.lax.fori_loop(lower, upper, body_fun, _summed(init_val), unroll=unroll)


@wrong("batching", caught_by=("XFORM-06",))
def gradient_of_the_first_lane(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives all lanes the gradient of lane 0: the backward loop was not written for batches."""
    return jax.lax.fori_loop(lower, upper, body_fun, _of_first_lane(init_val), unroll=unroll)
