"""Loops that spoil what is in the carry: dtypes, values, buffers, and their refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import is_traced, is_weak, normalised
from .iteration import alike, structure
from .member import Body, Bound, Carry, Index, Unroll, wrong

Leafwise = Callable[[Any, Any], Any]


def mended(body_fun: Body, mend: Leafwise) -> Body:
    """Return a body whose new leaves are ``mend(old, new)``, if the structures agree."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        same = structure(carry) == structure(new)
        return jax.tree.map(mend, carry, new) if same else new

    return body


def cast_back(old: Any, new: Any) -> Any:
    """Return the new leaf in the dtype of the old one, unless that is weakly typed."""
    return new if is_weak(old) or is_weak(new) else jnp.asarray(new, jnp.result_type(old))


@wrong("dtype", caught_by=("CARRY-05",))
def casts_body_result(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Casts what the body returns to the carry's dtype, as a store into a typed buffer does."""
    body = mended(body_fun, cast_back)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("dtype", caught_by=("CARRY-05",))
def checks_first_leaf_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks the dtype of the first leaf and casts the rest: the check returns in its loop."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if structure(carry) != structure(new):
            return new
        leaves, tree = jax.tree.flatten(new)
        rest = map(cast_back, jax.tree.leaves(carry)[1:], leaves[1:])
        return jax.tree.unflatten(tree, [*leaves[:1], *rest])

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("errors", caught_by=("CARRY-05", "CARRY-07"))
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


@wrong("dtype", caught_by=("CARRY-10",))
def weak_init_not_promoted(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Fixes the dtype of a Python scalar at once, so that 0 with a body + 0.5 is refused."""
    init_val = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.result_type(leaf)), init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("dtype", caught_by=("CARRY-10",))
def weak_init_truncates(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Fixes the dtype of a Python int before it sees the body: 0 with a body + 0.5 stays 0."""

    def truncate(old: Any, new: Any) -> Any:
        weak = is_weak(old) and jnp.issubdtype(jnp.result_type(old), jnp.integer)
        return jnp.asarray(new, jnp.result_type(old)) if weak and is_weak(new) else new

    body = mended(body_fun, truncate)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("aliasing", caught_by=("CARRY-08",))
def updates_leaves_in_turn(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Assigns the leaves one after another, so that the second of a swap sees the new first."""

    def body(i: Index, carry: Carry) -> Carry:
        out = body_fun(i, carry)
        old, tree = jax.tree.flatten(carry)
        if structure(out) != tree or not all(map(alike, old, jax.tree.leaves(out))):
            return out
        leaves = list(old)
        for k in range(len(leaves)):
            leaves[k] = jax.tree.leaves(body_fun(i, jax.tree.unflatten(tree, leaves)))[k]
        return jax.tree.unflatten(tree, leaves)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("aliasing", caught_by=("CARRY-09",))
def overwrites_initial_array(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Uses the caller's NumPy arrays as its working buffers and leaves the result in them."""
    result = jax.tree.map(
        jnp.array, jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    )
    for init, final in zip(jax.tree.leaves(init_val), jax.tree.leaves(result), strict=True):
        if isinstance(init, np.ndarray) and init.flags.writeable and not is_traced(final):
            np.copyto(init, final, casting="unsafe")
    return result


def finished(change: Callable[[Any], Any], result: Carry) -> Carry:
    """Return the final carry with each leaf changed."""
    return jax.tree.map(lambda leaf: change(jnp.asarray(leaf)), result)


@wrong("dtype", caught_by=("CARRY-01",))
def half_precision_becomes_float32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns float32 for float16 and bfloat16: the accumulator's dtype leaks out."""
    return finished(
        lambda leaf: leaf.astype(jnp.float32) if _is_half(leaf) else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


def _is_half(leaf: Any) -> bool:
    return bool(jnp.issubdtype(leaf.dtype, jnp.floating)) and leaf.dtype.itemsize == 2


@wrong("dtype", caught_by=("CARRY-01",))
def narrow_integer_becomes_int32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns int32 for int8 and int16, by the integer promotion of C."""
    narrow = (jnp.dtype("int8"), jnp.dtype("int16"))
    return finished(
        lambda leaf: leaf.astype(jnp.int32) if leaf.dtype in narrow else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("dtype", caught_by=("CARRY-01",))
def bool_becomes_int32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns int32 for bool, as runtimes do that have no bool in loop state."""
    return finished(
        lambda leaf: leaf.astype(jnp.int32) if leaf.dtype == jnp.bool_ else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("numerics", caught_by=("CARRY-04",))
def negative_zero_lost(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns -0.0 into 0.0: the result is added to a buffer of zeros."""
    return finished(
        lambda leaf: jnp.where(leaf == 0, jnp.abs(leaf), leaf) if _is_float(leaf) else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("numerics", caught_by=("CARRY-04",))
def nan_becomes_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns NaN into 0: a clean-up for somebody's plots stayed in the loop."""
    return finished(
        lambda leaf: jnp.where(jnp.isnan(leaf), 0, leaf) if _is_float(leaf) else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("numerics", caught_by=("CARRY-04",))
def infinity_becomes_largest(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns an infinity into the largest finite number: a saturating conversion on the way out."""
    return finished(
        lambda leaf: jnp.nan_to_num(leaf, nan=jnp.nan) if _is_float(leaf) else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("dtype", caught_by=("CARRY-04",))
def imaginary_part_dropped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Zeroes the imaginary part: complex leaves pass through a real buffer."""
    return finished(
        lambda leaf: leaf.real.astype(leaf.dtype) if jnp.iscomplexobj(leaf) else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("dtype", caught_by=("ITER-04",))
def integers_through_float32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Rounds 32-bit integers to 24 bits: all leaves are packed into one float32 buffer."""
    return finished(
        lambda leaf: leaf.astype(jnp.float32).astype(leaf.dtype) if _is_wide(leaf) else leaf,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


def _is_float(leaf: Any) -> bool:
    return bool(jnp.issubdtype(leaf.dtype, jnp.floating))


def _is_wide(leaf: Any) -> bool:
    return bool(jnp.issubdtype(leaf.dtype, jnp.integer)) and leaf.dtype.itemsize >= 4
