"""Loops that keep bounds, trip counts or indices in a dtype too narrow for them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from ..defects import on_body, on_bounds, on_given_bounds
from ..member import Body, Bound, Bounds, Carry, Index, declares, wrong
from ..right.numpy_loops import LACKS, indices, numpy_loop
from ..support.bodies import reindexed
from ..support.bounds import (
    as_signed,
    choose,
    common_dtype,
    is_traced,
    is_wide,
    largest,
    normalised,
)


@wrong("dtype", caught_by=("BOUND-02", "BOUND-01"))
@on_given_bounds
def bounds_cast_to_int8(lower: Bound, upper: Bound) -> Bounds:
    """Stores the bounds in 8 bits, which its tests never exceed: 200 becomes -56."""
    lower, upper = (_through(np.int8, bound) for bound in normalised(lower, upper))
    return lower, upper


@wrong("dtype", caught_by=("BOUND-02", "ITER-05"))
@on_given_bounds
def bounds_cast_to_int16(lower: Bound, upper: Bound) -> Bounds:
    """Stores the bounds in 16 bits, as some hardware loop registers do."""
    lower, upper = (_through(np.int16, bound) for bound in normalised(lower, upper))
    return lower, upper


def _through(narrow: Any, bound: Bound) -> Bound:
    """Wrap a bound into a narrower integer, keeping its own dtype and weak type."""
    wide, bits = np.iinfo(jnp.result_type(bound)), np.iinfo(narrow).bits
    if wide.bits <= bits:
        return bound
    half = 2 ** (bits - 1) if wide.min < 0 else 0
    return ((bound + half) & (2**bits - 1)) - half


@wrong("dtype", caught_by=("BOUND-02",))
@on_given_bounds
def bounds_as_float32(lower: Bound, upper: Bound) -> Bounds:
    """Passes the bounds through float32, its one dtype of parameters: 2**24 + 1 is lost."""
    lower, upper = (_rounded_down(bound) for bound in normalised(lower, upper))
    return lower, upper


def _rounded_down(bound: Bound) -> Bound:
    for bits in range(24, 31) if np.iinfo(jnp.result_type(bound)).bits == 32 else ():
        cut = bound & ~(2 ** (bits - 23) - 1)
        bound = choose((bound >= 2**bits) | (-bound > 2**bits), cut, bound)
    return bound


@wrong("dtype", caught_by=("BOUND-02",))
@on_bounds
def unsigned_compared_as_signed(lower: Bound, upper: Bound) -> Bounds:
    """Compares unsigned bounds as signed: uint8 100 to 200 looks empty."""
    some = (lower < upper) & (as_signed(lower) < as_signed(upper))
    return lower, choose(some, upper, lower)


@wrong("bounds", caught_by=("BOUND-02", "ITER-03"))
@on_bounds
def last_index_underflows(lower: Bound, upper: Bound) -> Bounds:
    """Takes upper - 1 as the last index, which at the minimum of a narrow dtype is the maximum."""
    limits = np.iinfo(common_dtype(lower, upper))
    if limits.bits < 32:
        upper = choose(upper == limits.min, limits.max, upper)
    return lower, upper


@wrong("bounds", caught_by=("BOUND-02",))
@on_bounds
def keeps_room_for_increment(lower: Bound, upper: Bound) -> Bounds:
    """Loses the last trip when upper is the dtype's maximum: room is kept for i + 2."""
    at_top = upper == largest(upper)
    return lower, upper - (at_top & (lower < upper))


@wrong("bounds", caught_by=("BOUND-11",))
@on_given_bounds
def static_trip_count_in_own_dtype(lower: Bound, upper: Bound) -> Bounds:
    """Counts the trips of a static range in the bounds' dtype, where 127 - (-128) is -1."""
    own = np.asarray(lower).dtype
    first, end = normalised(lower, upper)
    if is_traced(first) or own != np.asarray(upper).dtype or own.itemsize > 2:
        return lower, upper
    trips = int(np.array(end - first).astype(own))
    return first, first + trips


@wrong("dtype", caught_by=("BOUND-02", "ITER-05"))
@on_body
def index_as_float32(body_fun: Body) -> Body:
    """Keeps 24 bits of the index, as a counter in float32 does, so odd ones vanish past 2**24."""

    def index(i: Index) -> Index:
        for bits in range(24, 31) if is_wide(i) else ():
            cut = i & ~(2 ** (bits - 23) - 1)
            i = jnp.where((i >= 2**bits) | (i < -(2**bits)), cut, i)
        return i

    return reindexed(body_fun, index)


@wrong("bounds", caught_by=("BOUND-13",))
@declares(without=LACKS, array_namespace="numpy")
def bounds_wrapped_to_32_bits(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Keeps the low 32 bits of 64-bit bounds, as a cast in C does."""
    indices(lower, upper)
    lower, upper = (_pressed(bound, np.uint32) for bound in (lower, upper))
    return numpy_loop(lower, upper, body_fun, init_val)


@wrong("bounds", caught_by=("BOUND-13",))
@declares(without=LACKS, array_namespace="numpy")
def bounds_saturated_at_32_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Clamps 64-bit bounds to the range of int32."""
    indices(lower, upper)
    if np.asarray(upper).dtype.itemsize == 8 and not isinstance(upper, int):
        lower, upper = (np.clip(int(b), -(2**31), 2**31 - 1) for b in (lower, upper))
    return numpy_loop(lower, upper, body_fun, init_val)


@wrong("bounds", caught_by=("BOUND-13",))
@declares(without=LACKS, array_namespace="numpy")
def python_bounds_wrapped_to_32_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Silently converts Python integers to 32-bit constants, as Keras does in a tf.function."""
    indices(lower, upper)
    lower, upper = (
        int(np.array(bound).astype(np.int32)) if isinstance(bound, int) else bound
        for bound in (lower, upper)
    )
    return numpy_loop(lower, upper, body_fun, init_val)


def _pressed(bound: Bound, unsigned: Any) -> Bound:
    wide = not isinstance(bound, int) and np.asarray(bound).dtype.itemsize == 8
    return int(np.asarray(bound).astype(unsigned).astype(np.int32)) if wide else bound


@wrong("bounds", caught_by=("BOUND-15",))
@on_given_bounds
def both_bounds_in_the_dtype_of_the_index(lower: Bound, upper: Bound) -> Bounds:
    """Converts a Python int to int32, even as upper, which no index reaches: JAX up to 0.4.35."""
    if isinstance(upper, int):
        upper = int(np.int32(upper))
    return lower, upper


@wrong("bounds", caught_by=("BOUND-12",))
@declares(without=LACKS, array_namespace="numpy")
def bounds_pressed_into_int32(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Keeps its bounds in 32 signed bits, which large unsigned bounds overflow."""
    for bound in (lower, upper):
        if np.ndim(bound) == 0 and int(bound) > np.iinfo(np.int32).max:
            raise OverflowError(f"{bound} does not fit int32")
    return numpy_loop(lower, upper, body_fun, init_val)


@wrong("dtype", caught_by=("BOUND-17",))
@on_body
def index_of_32_bits_always(body_fun: Body) -> Body:
    """Hands the body an int32 index, which is the usual one, even where JAX has 64 bits."""
    return lambda i, carry: body_fun(jnp.asarray(i).astype(jnp.int32) if is_wide(i) else i, carry)
