"""Loops that return leaves of one dtype in another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body, on_result
from ..member import Body, Bound, Carry, Index, Unroll, declares, wrong
from ..support.bodies import finished, mended


@wrong("dtype", caught_by=("CARRY-01",))
@on_result
def half_precision_becomes_float32(result: Carry) -> Carry:
    """Returns float32 for float16 and bfloat16: the accumulator's dtype leaks out."""
    return finished(
        lambda leaf: leaf.astype(jnp.float32) if _is_half(leaf) else leaf,
        result,
    )


def _is_half(leaf: Any) -> bool:
    return bool(jnp.issubdtype(leaf.dtype, jnp.floating)) and leaf.dtype.itemsize == 2


@wrong("dtype", caught_by=("CARRY-01",))
@on_result
def narrow_integer_becomes_int32(result: Carry) -> Carry:
    """Returns int32 for int8 and int16, by the integer promotion of C."""
    narrow = (jnp.dtype("int8"), jnp.dtype("int16"))
    return finished(
        lambda leaf: leaf.astype(jnp.int32) if leaf.dtype in narrow else leaf,
        result,
    )


@wrong("dtype", caught_by=("CARRY-01",))
@on_result
def bool_becomes_int32(result: Carry) -> Carry:
    """Returns int32 for bool, as runtimes do that have no bool in loop state."""
    return finished(
        lambda leaf: leaf.astype(jnp.int32) if leaf.dtype == jnp.bool_ else leaf,
        result,
    )


@wrong("dtype", caught_by=("CARRY-04",))
@on_result
def imaginary_part_dropped(result: Carry) -> Carry:
    """Zeroes the imaginary part: complex leaves pass through a real buffer."""
    return finished(
        lambda leaf: leaf.real.astype(leaf.dtype) if jnp.iscomplexobj(leaf) else leaf,
        result,
    )


@wrong("dtype", caught_by=("CARRY-13",))
@on_body
def integers_share_a_float_buffer(body_fun: Body, init_val: Carry) -> Body:
    """Packs all leaves into one buffer: beside a float32, integers are rounded to 24 bits."""

    def packed(leaf: Any) -> Any:
        integer = jnp.issubdtype(jnp.result_type(leaf), jnp.integer)
        return jnp.asarray(leaf, jnp.float32).astype(leaf.dtype) if integer else leaf

    def body(i: Index, carry: Carry) -> Carry:
        return jax.tree.map(packed, body_fun(i, carry))

    dtypes = {jnp.result_type(leaf) for leaf in jax.tree.leaves(init_val)}
    mixed = jnp.dtype("float32") in dtypes and len(dtypes) > 1
    return body if mixed else body_fun


def of_dtype(name: str, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that changes the leaves of one dtype."""
    return lambda leaf: change(leaf) if jnp.result_type(leaf) == jnp.dtype(name) else leaf


@wrong("dtype", caught_by=("CARRY-04",))
@on_result
def uint32_clipped_at_int32(result: Carry) -> Carry:
    """Clips uint32 at 2**31 - 1: the host language has no unsigned integers, and saturates."""
    clip = of_dtype("uint32", lambda leaf: jnp.minimum(leaf, 2**31 - 1))
    return finished(clip, result)


@wrong("dtype", caught_by=("CARRY-04",))
@on_result
def uint8_clipped_at_int8(result: Carry) -> Carry:
    """Clips uint8 at 127, since bytes are signed in the language of the caller."""
    clip = of_dtype("uint8", lambda leaf: jnp.minimum(leaf, 127))
    return finished(clip, result)


@wrong("dtype", caught_by=("CARRY-17",))
@on_result
def bfloat16_through_float16(result: Carry) -> Carry:
    """Converts bfloat16 through float16 on its way out: large numbers become infinity."""
    cast = of_dtype("bfloat16", lambda leaf: leaf.astype(jnp.float16).astype(leaf.dtype))
    return finished(cast, result)


@wrong("dtype", caught_by=("CARRY-04",))
@on_result
def last_bools_not_packed(result: Carry) -> Carry:
    """Packs bools eight to a byte, and loses an incomplete byte after a complete one."""

    def packed(leaf: Any) -> Any:
        flat = jnp.ravel(leaf)
        whole = flat.size // 8 * 8 or flat.size
        return jnp.where(jnp.arange(flat.size) < whole, flat, False).reshape(leaf.shape)

    return finished(of_dtype("bool", packed), result)


@wrong("numerics", caught_by=("CARRY-04",))
@on_body
def float32_kept_in_bfloat16(body_fun: Body) -> Body:
    """Keeps float32 leaves in bfloat16 between trips, to halve memory traffic."""

    def stored(_: Any, new: Any) -> Any:
        if jnp.result_type(new) != jnp.float32 or isinstance(new, float):
            return new
        return new.astype(jnp.bfloat16).astype(jnp.float32)

    return mended(body_fun, stored)


def _cast(tree: Carry, wider: dict[str, Any]) -> Carry:
    """Return a carry whose leaves of some dtypes, by name, have others."""

    def cast(leaf: Any) -> Any:
        name = getattr(getattr(leaf, "dtype", None), "name", "")
        return leaf.astype(wider[name]) if name in wider else leaf

    return jax.tree.map(cast, tree)


def _looped_in(wider: dict[str, Any], lower: Bound, upper: Bound, body: Body, init: Carry) -> Carry:
    """Run a loop whose carry has other dtypes inside than outside."""
    result = jax.lax.fori_loop(
        lower, upper, lambda i, carry: _cast(body(i, carry), wider), _cast(init, wider)
    )
    return jax.tree.map(lambda new, old: jnp.asarray(new, jnp.result_type(old)), result, init)


@wrong("dtype", caught_by=("CARRY-17",))
@declares(without=("unroll", "refuse"))
def four_bits_kept_in_eight(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Keeps 4-bit integers in bytes while the loop runs, and cuts them at its end alone."""
    wider = {"int4": jnp.int8, "uint4": jnp.uint8}
    if not any(np.dtype(jnp.result_type(x)).name in wider for x in _plain_leaves(init_val)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val)
    return _looped_in(wider, lower, upper, body_fun, init_val)


@wrong("dtype", caught_by=("CARRY-17",))
@declares(without=("unroll", "refuse"))
def eight_bits_computed_in_32(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Runs floats of 8 bits in float32, as a backend without arithmetic for them does."""
    wider = {"float8_e4m3fn": jnp.float32, "float8_e5m2": jnp.float32}
    if not any(np.dtype(jnp.result_type(x)).name in wider for x in _plain_leaves(init_val)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val)
    return _looped_in(wider, lower, upper, body_fun, init_val)


def _plain_leaves(tree: Carry) -> list[Any]:
    """Return the leaves that are numbers, and no keys."""
    return [leaf for leaf in jax.tree.leaves(tree) if _is_plain(leaf)]


def _is_plain(leaf: Any) -> bool:
    dtype = getattr(leaf, "dtype", None)
    return dtype is None or not jnp.issubdtype(dtype, jax.dtypes.extended)


@wrong("randomness", caught_by=("CARRY-17",))
def keys_of_the_default_kind(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Carries the bits of keys, and makes them keys again without saying of which kind."""
    is_key = [not _is_plain(leaf) for leaf in jax.tree.leaves(init_val)]
    if not any(is_key):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def packed(carry: Carry) -> Carry:
        return jax.tree.map(lambda x: x if _is_plain(x) else jax.random.key_data(x), carry)

    def unpacked(carry: Carry) -> Carry:
        leaves, tree = jax.tree.flatten(carry)
        pairs = zip(leaves, is_key, strict=True)
        keys = [jax.random.wrap_key_data(x) if key else x for x, key in pairs]
        return jax.tree.unflatten(tree, keys)

    result = jax.lax.fori_loop(
        lower, upper, lambda i, c: packed(body_fun(i, unpacked(c))), packed(init_val), unroll=unroll
    )
    return unpacked(result)
