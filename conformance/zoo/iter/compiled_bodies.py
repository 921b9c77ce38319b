"""Loops that corrupt what compiled bodies compute: layouts, narrow integers, buffers, windows."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body
from ..member import Body, Bound, Carry, Index, Unroll, declares, wrong
from ..right.numpy_loops import LACKS, numpy_loop
from ..support.bodies import mended, reindexed, structure
from ..support.bounds import normalised


@wrong("shape", caught_by=("ITER-11", "ITER-12", "ITER-13", "ITER-14", "ITER-18"))
@on_body
def square_leaves_in_column_order(body_fun: Body) -> Body:
    """Stores matrices by columns and reads them by rows, which only square ones allow."""

    def stored(_: Any, new: Any) -> Any:
        square = jnp.ndim(new) == 2 and new.shape[0] == new.shape[1]
        return new.T if square else new

    return mended(body_fun, stored)


@wrong("dtype", caught_by=("ITER-12", "ITER-11", "ITER-14"))
@on_body
def narrow_leaves_in_a_byte(body_fun: Body) -> Body:
    """Keeps 16-bit leaves in 8 bits between iterations: one branch handles all narrow dtypes."""

    def stored(_: Any, new: Any) -> Any:
        byte = {"int16": jnp.int8, "uint16": jnp.uint8}.get(jnp.result_type(new).name)
        return new.astype(byte).astype(new.dtype) if byte and jnp.ndim(new) else new

    return mended(body_fun, stored)


@wrong("unrolling", caught_by=("ITER-13",))
@on_body
def unrolled_trips_forget_a_leaf(
    lower: Bound, body_fun: Body, init_val: Carry, unroll: Unroll
) -> Body:
    """Fuses two trips where it unrolls: the second one leaves the last of several leaves stale."""
    if unroll in (None, False, 1) or len(jax.tree.leaves(init_val)) < 2:
        return body_fun

    def body(i: Index, carry: Carry) -> Carry:
        new, tree = jax.tree.flatten(body_fun(i, carry))
        if tree != structure(carry):
            return jax.tree.unflatten(tree, new)
        old = jax.tree.leaves(carry)[-1]
        last = jnp.where((i - lower) % 2 == 1, old, new[-1])
        return jax.tree.unflatten(tree, [*new[:-1], last.astype(new[-1].dtype)])

    return body


@wrong("unrolling", caught_by=("ITER-13",))
@on_body
def unrolled_completely_in_8_elements(body_fun: Body, unroll: Unroll) -> Body:
    """Keeps leaves in registers when unrolled completely: 8 elements fit, the rest is spilled.

    Spilled elements are not read again: they keep their value of the iteration before.
    """

    def stored(old: Any, new: Any) -> Any:
        if jnp.size(new) <= 8 or jnp.shape(old) != jnp.shape(new):
            return new
        fits = jnp.arange(new.size).reshape(new.shape) < 8
        return jnp.where(fits, new, old).astype(new.dtype)

    return mended(body_fun, stored) if unroll is True else body_fun


@wrong("dtype", caught_by=("ITER-14", "ITER-17"))
@on_body
def sign_of_a_narrow_index_lost(body_fun: Body) -> Body:
    """Passes an index of one byte without its sign bit to the body, as if it were an address."""

    def index(i: Index) -> Index:
        return i & 0x7F if jnp.result_type(i) == jnp.int8 else i

    return reindexed(body_fun, index)


@wrong("dtype", caught_by=("ITER-17", "ITER-14"))
def narrow_index_counted_from_lower(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Passes the offset from lower to the body where the index has one byte."""
    lower, upper = normalised(lower, upper)

    def index(i: Index) -> Index:
        return i - lower if jnp.result_type(i) == jnp.int8 else i

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong("shape", caught_by=("ITER-11", "ITER-15", "ITER-16"))
@declares(without=LACKS, array_namespace="numpy")
def copies_one_element_too_few(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Copies long leaves into the buffer of the carry, except the last element of each row."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        return _leafwise(_stored_short, carry, new)

    return numpy_loop(lower, upper, body, init_val)


@wrong("shape", caught_by=("ITER-11", "ITER-15", "ITER-16"))
@declares(without=LACKS, array_namespace="numpy")
def large_leaves_come_back_at_the_end(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Stores long leaves reversed, as a copy that iterates from the end does."""

    def body(i: Index, carry: Carry) -> Carry:
        return _leafwise(_stored_backwards, carry, body_fun(i, carry))

    return numpy_loop(lower, upper, body, init_val)


@wrong("numerics", caught_by=("ITER-19",))
@on_body
def zeros_lose_their_sign(body_fun: Body) -> Body:
    """Clears the sign of float32 zeros between iterations, so that runs compare equal."""

    def stored(_: Any, new: Any) -> Any:
        return jnp.where(new == 0, 0, new) if jnp.result_type(new) == jnp.float32 else new

    return mended(body_fun, stored)


@wrong("numerics", caught_by=("ITER-20", "ITER-22", "ITER-19"))
@declares(without=LACKS, array_namespace="numpy")
def nan_is_taken_for_zero(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Hands the body zeros in the place of NaN, as a guard against a loop that diverges."""

    def body(i: Index, carry: Carry) -> Carry:
        return body_fun(i, _leafwise(_without_nan, carry, carry))

    return numpy_loop(lower, upper, body, init_val)


@wrong("numerics", caught_by=("ITER-21", "ITER-19"))
@declares(without=LACKS, array_namespace="numpy")
def writes_only_what_changed(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Writes back only elements that differ from the old ones: 0.0 equals -0.0."""

    def body(i: Index, carry: Carry) -> Carry:
        return _leafwise(_stored_changes, carry, body_fun(i, carry))

    return numpy_loop(lower, upper, body, init_val)


@wrong("dtype", caught_by=("ITER-23",))
@declares(without=LACKS, array_namespace="numpy")
def body_runs_on_wider_integers(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Runs the body on 64-bit integers and truncates the result: nothing overflows."""

    def body(i: Index, carry: Carry) -> Carry:
        return _leafwise(_cut, carry, body_fun(i, _leafwise(_widened, carry, carry)))

    return numpy_loop(lower, upper, body, init_val)


def _leafwise(stored: Any, old: Carry, new: Carry) -> Carry:
    if isinstance(new, tuple) and isinstance(old, tuple) and len(old) == len(new):
        parts = [_leafwise(stored, *pair) for pair in zip(old, new, strict=True)]
        return type(new)(*parts) if hasattr(new, "_fields") else type(new)(parts)
    alike = isinstance(new, np.ndarray) and new.shape == np.shape(old)
    return stored(old, new) if alike else new


def _stored_short(old: Any, new: Any) -> Any:
    if new.size <= 8:
        return new
    buffer = np.array(old)
    buffer[..., :-1] = new[..., :-1]
    return buffer.astype(new.dtype)


def _stored_backwards(_: Any, new: Any) -> Any:
    return new[..., ::-1] if new.size > 8 else new


def _without_nan(_: Any, new: Any) -> Any:
    return np.where(np.isnan(new), 0, new).astype(new.dtype) if new.dtype.kind == "f" else new


def _stored_changes(old: Any, new: Any) -> Any:
    return np.where(new == old, old, new).astype(new.dtype)


def _widened(_: Any, new: Any) -> Any:
    return new.astype(np.int64) if new.dtype.kind == "i" else new


def _cut(old: Any, new: Any) -> Any:
    return new.astype(old.dtype) if old.dtype.kind == new.dtype.kind == "i" else new
