"""Loops that are wrong for leaves of one dtype alone, or for one kind of value in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import is_traced, is_weak
from .carry import finished, mended
from .iteration import structure
from .member import Body, Bound, Carry, Unroll, wrong

Change = Callable[[Any, Any], Any]


def of_dtype(name: str, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that changes the leaves of one dtype."""
    return lambda leaf: change(leaf) if jnp.result_type(leaf) == jnp.dtype(name) else leaf


@wrong("dtype", caught_by=("CARRY-04",))
def uint32_clipped_at_int32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Clips uint32 at 2**31 - 1: the host language has no unsigned integers, and saturates."""
    clip = of_dtype("uint32", lambda leaf: jnp.minimum(leaf, 2**31 - 1))
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return finished(clip, result)


@wrong("dtype", caught_by=("CARRY-04",))
def uint8_clipped_at_int8(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Clips uint8 at 127, since bytes are signed where the result is handed over."""
    clip = of_dtype("uint8", lambda leaf: jnp.minimum(leaf, 127))
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return finished(clip, result)


@wrong("dtype", caught_by=("CARRY-17",))
def bfloat16_through_float16(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes bfloat16 for the other 16-bit float on its way out: large numbers become infinity."""
    cast = of_dtype("bfloat16", lambda leaf: leaf.astype(jnp.float16).astype(leaf.dtype))
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return finished(cast, result)


@wrong("dtype", caught_by=("CARRY-04",))
def last_bools_not_packed(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Packs bools eight to a byte, and loses those that do not fill one, unless there are few."""

    def packed(leaf: Any) -> Any:
        flat = jnp.ravel(leaf)
        whole = flat.size // 8 * 8 or flat.size
        return jnp.where(jnp.arange(flat.size) < whole, flat, False).reshape(leaf.shape)

    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return finished(of_dtype("bool", packed), result)


@wrong("numerics", caught_by=("CARRY-04",))
def float32_kept_in_bfloat16(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps float32 leaves in bfloat16 between trips, to halve what a loop moves in memory."""

    def stored(_: Any, new: Any) -> Any:
        if jnp.result_type(new) != jnp.float32 or isinstance(new, float):
            return new
        return new.astype(jnp.bfloat16).astype(jnp.float32)

    return jax.lax.fori_loop(lower, upper, mended(body_fun, stored), init_val, unroll=unroll)


@wrong("dtype", caught_by=("CARRY-18",))
def weak_type_lost(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns a Python scalar's leaf strongly typed: the value is right, and wins promotions."""
    return finished(
        lambda leaf: jax.lax.convert_element_type(leaf, leaf.dtype),
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("dtype", caught_by=("CARRY-18",))
def scalars_become_weak(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns scalars by way of item(), to wait for them, so that they are weakly typed."""

    def weak(leaf: Any) -> Any:
        plain = leaf.dtype in (jnp.result_type(float), jnp.result_type(int))
        return jnp.asarray(leaf.item()) if plain and not leaf.ndim and not is_traced(leaf) else leaf

    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return finished(weak, result)


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
def initial_carry_is_promoted(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Promotes the initial carry to what the body returns, as one does for Python's scalars."""
    return jax.lax.fori_loop(
        lower, upper, body_fun, _like_the_result(body_fun, lower, init_val, _cast), unroll=unroll
    )


@wrong("shape", caught_by=("CARRY-06",))
def initial_carry_is_broadcast(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Broadcasts the initial carry to the shape that the body returns, so that 0 may stand for it.

    Zeros of the right shape were thought to be too long to write.
    """
    return jax.lax.fori_loop(
        lower, upper, body_fun, _like_the_result(body_fun, lower, init_val, _spread), unroll=unroll
    )
