"""Loops that let a body change the type of the carry, or refuse it with the wrong error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body, on_init, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, declares, wrong
from ..right.numpy_loops import LACKS
from ..support.bodies import cast_back, mended, structure
from ..support.bounds import is_traced, is_weak, normalised


@wrong("dtype", caught_by=("CARRY-05",))
@on_body
def casts_body_result(body_fun: Body) -> Body:
    """Casts what the body returns to the carry's dtype, as a store into a typed buffer does."""
    return mended(body_fun, cast_back)


@wrong("dtype", caught_by=("CARRY-05",))
@on_trip
def checks_first_leaf_only(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Checks the dtype of the first leaf and casts the rest: the check returns in its loop."""
    new = body_fun(i, carry)
    if structure(carry) != structure(new):
        return new
    leaves, tree = jax.tree.flatten(new)
    rest = map(cast_back, jax.tree.leaves(carry)[1:], leaves[1:])
    return jax.tree.unflatten(tree, [*leaves[:1], *rest])


@wrong("errors", caught_by=("CARRY-23",))
def refuses_with_runtime_error(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses a changed carry with RuntimeError, the one error its compiled checks can raise."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except TypeError as error:
        if "carry input and carry output" not in str(error):
            raise
        raise RuntimeError(str(error)) from None


@wrong("errors", caught_by=("CARRY-11",))
def zero_trips_unchecked(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns at once for an empty static range, before the body was ever traced and checked."""
    first, end = normalised(lower, upper)
    if not (is_traced(first) or is_traced(end)) and first >= end:
        return jax.tree.map(jnp.asarray, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


Change = Callable[[Any, Any], Any]


def _like_the_result(body_fun: Body, lower: Bound, init_val: Carry, change: Change) -> Carry:
    """Return the initial carry, each leaf changed to be like the one that the body returns."""
    result = jax.eval_shape(body_fun, lower, init_val)
    if structure(result) != structure(init_val):
        return init_val
    return jax.tree.map(change, init_val, result)


def _cast(leaf: Any, like: Any) -> Any:
    same = is_weak(leaf) or jnp.result_type(leaf) == like.dtype
    return leaf if same else jnp.asarray(leaf, like.dtype)


def _spread(leaf: Any, like: Any) -> Any:
    fits = jnp.broadcast_shapes(jnp.shape(leaf), like.shape) == like.shape
    return jnp.broadcast_to(leaf, like.shape) if fits and jnp.shape(leaf) != like.shape else leaf


@wrong("dtype", caught_by=("CARRY-05",))
@on_init
def initial_carry_is_promoted(lower: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Promotes the initial carry to the dtype that the body returns, as for Python scalars."""
    return _like_the_result(body_fun, lower, init_val, _cast)


@wrong("shape", caught_by=("CARRY-06",))
@on_init
def initial_carry_is_broadcast(lower: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Broadcasts the initial carry to the shape that the body returns, so that 0 may stand for it.

    Zeros of the right shape were thought to be too long to write.
    """
    return _like_the_result(body_fun, lower, init_val, _spread)


@wrong("errors", caught_by=("CARRY-05", "CARRY-06", "CARRY-07"))
@declares(without=LACKS, array_namespace="numpy")
def nothing_is_checked(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Is the documented Python loop verbatim, which lets a carry change its type."""
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val
