"""Loops that refuse, promote or index with the wrong dtype of the bounds."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ..defects import on_body, on_given_bounds
from ..member import Body, Bound, Bounds, Index, wrong
from ..support.bodies import reindexed
from ..support.bounds import common_dtype, is_traced, is_weak, normalised


@wrong("dtype", caught_by=("BOUND-01",))
@on_given_bounds
def signed_bounds_only(lower: Bound, upper: Bound) -> Bounds:
    """Refuses unsigned bounds, since the author's language has none."""
    if jnp.issubdtype(common_dtype(lower, upper), jnp.unsignedinteger):
        raise TypeError("lower and upper must be signed integers")
    return lower, upper


@wrong("dtype", caught_by=("BOUND-05",))
@on_body
def traced_index_is_int32(body_fun: Body) -> Body:
    """Counts in int32 whatever the traced bounds are, as a loop does with one kind of counter."""

    def index(i: Index) -> Index:
        narrow = not is_weak(i) and i.dtype.itemsize < 4
        return i.astype(jnp.int32) if narrow else i

    return reindexed(body_fun, index)


@wrong("dtype", caught_by=("BOUND-05",))
@on_body
def traced_index_is_unsigned(body_fun: Body) -> Body:
    """Counts in the unsigned dtype of the same width, as if an index were never negative."""

    def index(i: Index) -> Index:
        signed = not is_weak(i) and jnp.issubdtype(i.dtype, jnp.signedinteger)
        return i.astype(f"uint{8 * i.dtype.itemsize}") if signed else i

    return reindexed(body_fun, index)


@wrong("dtype", caught_by=("BOUND-06",))
@on_given_bounds
def python_int_refused(lower: Bound, upper: Bound) -> Bounds:
    """Refuses a Python int next to int16: it compares dtypes and ignores weak types."""
    types = (jnp.result_type(lower), jnp.result_type(upper))
    if types[0] != types[1]:
        raise TypeError(f"bounds must have equal dtypes, got {types[0].name} and {types[1].name}")
    return lower, upper


@wrong("dtype", caught_by=("BOUND-06",))
@on_given_bounds
def python_int_wins(lower: Bound, upper: Bound) -> Bounds:
    """Converts both bounds to int32 when one is a Python int, where the other dtype must win."""
    mixed = jnp.result_type(lower) != jnp.result_type(upper)
    lower, upper = normalised(lower, upper)
    if mixed and (is_traced(lower) or is_traced(upper)):
        lower, upper = jnp.asarray(lower, jnp.int32), jnp.asarray(upper, jnp.int32)
    return lower, upper


@wrong("dtype", caught_by=("BOUND-07",))
@on_given_bounds
def mixed_dtypes_accepted(lower: Bound, upper: Bound) -> Bounds:
    """Promotes bounds of two dtypes to a common one, as arithmetic on them does."""
    if not (is_weak(lower) or is_weak(upper)):
        dtype = jnp.promote_types(jnp.result_type(lower), jnp.result_type(upper))
        lower, upper = (jax.lax.convert_element_type(bound, dtype) for bound in (lower, upper))
    return lower, upper


@wrong("errors", caught_by=("BOUND-07",))
@on_given_bounds
def mixed_dtypes_refused_without_names(lower: Bound, upper: Bound) -> Bounds:
    """Refuses bounds of two dtypes with a generic ValueError that names neither."""
    try:
        common_dtype(lower, upper)
    except TypeError:
        raise ValueError("bad bounds") from None
    return lower, upper


@wrong("dtype", caught_by=("BOUND-10",))
@on_body
def index_has_the_dtype_of_its_bound(lower: Bound, upper: Bound, body_fun: Body) -> Body:
    """Passes the body an index of the dtype of lower, where JAX's static index is weakly typed."""
    dtype = jnp.result_type(normalised(lower, upper)[0])
    return reindexed(body_fun, lambda i: jax.lax.convert_element_type(i, dtype))
