"""Loops that mistake their bounds: dtypes, extremes, static against traced, refusals."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import choose, common_dtype, is_near, is_traced, is_weak, largest, normalised
from .iteration import reindexed
from .member import Body, Bound, Carry, Index, Unroll, wrong


@wrong("dtype", caught_by=("BOUND-02", "BOUND-01"))
def bounds_cast_to_int8(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stores the bounds in 8 bits, enough for all its author's tests: 200 becomes -56."""
    lower, upper = (_through(np.int8, bound) for bound in normalised(lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-02", "ITER-05"))
def bounds_cast_to_int16(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stores the bounds in 16 bits, as some hardware loop registers do."""
    lower, upper = (_through(np.int16, bound) for bound in normalised(lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def _through(narrow: Any, bound: Bound) -> Bound:
    """Wrap a bound into a narrower integer, keeping its own dtype and weak type."""
    wide, bits = np.iinfo(jnp.result_type(bound)), np.iinfo(narrow).bits
    if wide.bits <= bits:
        return bound
    half = 2 ** (bits - 1) if wide.min < 0 else 0
    return ((bound + half) & (2**bits - 1)) - half


@wrong("dtype", caught_by=("BOUND-02",))
def bounds_as_float32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Passes the bounds through float32, its one dtype of parameters: 2**24 + 1 is lost."""
    lower, upper = (_rounded_down(bound) for bound in normalised(lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def _rounded_down(bound: Bound) -> Bound:
    for bits in range(24, 31) if np.iinfo(jnp.result_type(bound)).bits == 32 else ():
        cut = bound & ~(2 ** (bits - 23) - 1)
        bound = choose((bound >= 2**bits) | (-bound > 2**bits), cut, bound)
    return bound


@wrong("bounds", caught_by=("ITER-03", "BOUND-02"))
def trip_count_overflows(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes upper - lower in the bounds' signed dtype, where 100 - (-100) is -56: no iteration."""
    lower, upper = normalised(lower, upper)
    some = (lower < upper) & (_as_signed(upper - lower) > 0)
    return jax.lax.fori_loop(lower, choose(some, upper, lower), body_fun, init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-02",))
def unsigned_compared_as_signed(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Compares unsigned bounds by its only, signed comparison: uint8 100 to 200 looks empty."""
    lower, upper = normalised(lower, upper)
    some = (lower < upper) & (_as_signed(lower) < _as_signed(upper))
    return jax.lax.fori_loop(lower, choose(some, upper, lower), body_fun, init_val, unroll=unroll)


def _as_signed(value: Any) -> Any:
    return value.astype(f"int{8 * value.dtype.itemsize}") if is_traced(value) else value


@wrong("bounds", caught_by=("BOUND-02", "ITER-03"))
def last_index_underflows(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes upper - 1 as the last index, which at the minimum of a narrow dtype is the maximum."""
    lower, upper = normalised(lower, upper)
    limits = np.iinfo(common_dtype(lower, upper))
    if limits.bits < 32:
        upper = choose(upper == limits.min, limits.max, upper)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("BOUND-02",))
def keeps_room_for_increment(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Loses the last trip when upper is the dtype's maximum: room is kept for i + 2."""
    lower, upper = normalised(lower, upper)
    at_top = upper == largest(upper)
    return jax.lax.fori_loop(
        lower, upper - (at_top & (lower < upper)), body_fun, init_val, unroll=unroll
    )


@wrong("tracing", caught_by=("BOUND-03", "ITER-01"))
def traced_lower_is_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Begins at zero when lower is traced: only the static path was taught about lower."""
    lower, upper = normalised(lower, upper)
    if is_traced(lower):
        lower = choose(is_near(0, upper), lower - lower, lower)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("BOUND-03", "BOUND-04"))
def static_bounds_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls int on both bounds, to hand them to range, so that a traced one is an error."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(int(lower), int(upper), body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("BOUND-04",))
def static_lower_is_zero_beside_traced_upper(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Begins at zero when only upper is traced: the mixed case falls through to a default."""
    mixed = is_traced(upper) and not is_traced(lower)
    lower, upper = normalised(lower, upper)
    first = choose(is_near(0, upper), lower - lower, lower) if mixed else lower
    return jax.lax.fori_loop(first, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("BOUND-04",))
def refuses_one_traced_bound(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Raises when one bound is static and the other traced: only the two pure cases are known."""
    if is_traced(lower) != is_traced(upper):
        raise TypeError("lower and upper must both be static or both be traced")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-01",))
def signed_bounds_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses unsigned bounds, since the author's language has none."""
    if jnp.issubdtype(common_dtype(lower, upper), jnp.unsignedinteger):
        raise TypeError("lower and upper must be signed integers")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-05",))
def traced_index_is_int32(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts in int32 whatever the traced bounds are, as a loop does with one kind of counter."""

    def index(i: Index) -> Index:
        narrow = not is_weak(i) and i.dtype.itemsize < 4
        return i.astype(jnp.int32) if narrow else i

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-05",))
def traced_index_is_unsigned(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts in the unsigned dtype of the same width: an index is never negative, it was said."""

    def index(i: Index) -> Index:
        signed = not is_weak(i) and jnp.issubdtype(i.dtype, jnp.signedinteger)
        return i.astype(f"uint{8 * i.dtype.itemsize}") if signed else i

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-06",))
def python_int_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses a Python int next to int16, having compared dtypes and forgotten weak types."""
    types = (jnp.result_type(lower), jnp.result_type(upper))
    if types[0] != types[1]:
        raise TypeError(f"bounds must have equal dtypes, got {types[0].name} and {types[1].name}")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-06",))
def python_int_wins(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns both bounds into int32 when one is a Python int, where the other's dtype must win."""
    mixed = jnp.result_type(lower) != jnp.result_type(upper)
    lower, upper = normalised(lower, upper)
    if mixed and (is_traced(lower) or is_traced(upper)):
        lower, upper = jnp.asarray(lower, jnp.int32), jnp.asarray(upper, jnp.int32)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("dtype", caught_by=("BOUND-07",))
def mixed_dtypes_accepted(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Promotes bounds of two dtypes to a common one, as the arithmetic on them does by itself."""
    if not (is_weak(lower) or is_weak(upper)):
        dtype = jnp.promote_types(jnp.result_type(lower), jnp.result_type(upper))
        lower, upper = (jax.lax.convert_element_type(bound, dtype) for bound in (lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("BOUND-07",))
def mixed_dtypes_refused_without_names(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses bounds of two dtypes by the one ValueError it has, which names neither."""
    try:
        common_dtype(lower, upper)
    except TypeError:
        raise ValueError("bad bounds") from None
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("shape", caught_by=("BOUND-08",))
def first_element_of_bound(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes the first element of a bound that is not a scalar, as a view of its memory does."""
    lower, upper = (
        bound if jnp.ndim(bound) == 0 or jnp.size(bound) == 0 else bound.ravel()[0]
        for bound in (lower, upper)
    )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("BOUND-09",))
def numpy_scalar_loses_sign(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the low seven bits of a NumPy scalar, a mask meant for ASCII: -3 becomes 125."""
    common_dtype(lower, upper)
    lower, upper = (
        type(bound)(int(bound) & 0x7F) if isinstance(bound, np.integer) else bound
        for bound in (lower, upper)
    )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("BOUND-09",))
def zero_dimensional_array_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses a NumPy array of no dimensions, having asked for int, np.integer or jax.Array."""
    if isinstance(lower, np.ndarray) or isinstance(upper, np.ndarray):
        raise TypeError("lower and upper must be integers, got an array")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("BOUND-11",))
def static_trip_count_in_own_dtype(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts the trips of a static range in the bounds' dtype, where 127 - (-128) is -1."""
    own = np.asarray(lower).dtype
    first, end = normalised(lower, upper)
    if is_traced(first) or own != np.asarray(upper).dtype or own.itemsize > 2:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    trips = int(np.array(end - first).astype(own))
    return jax.lax.fori_loop(first, first + trips, body_fun, init_val, unroll=unroll)
