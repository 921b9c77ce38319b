"""Arithmetic on loop bounds that keeps their dtype, so that a member has one defect only.

The bounds are first brought to one form by :func:`normalised`, with the refusals of
``jax.lax.fori_loop``; members then move them.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.export import is_symbolic_dim

from ..member import Bound, Index

REACH = 1024
"""Most trips a defect may add, so that no member runs for hours on extreme bounds."""


def is_traced(value: Any) -> bool:
    """Say whether a value is known only when the compiled program runs."""
    return isinstance(value, jax.core.Tracer)


def is_weak(value: Any) -> bool:
    """Say whether a value is weakly typed, as a Python int is."""
    return isinstance(value, int | float | complex) or bool(getattr(value, "weak_type", False))


def common_dtype(lower: Bound, upper: Bound) -> Any:
    """Return the dtype of two bounds, by the rule of ``jax.lax.fori_loop``.

    Raises:
        TypeError: the dtypes differ, and not by one weakly typed signed integer.
    """
    types = (jnp.result_type(lower), jnp.result_type(upper))
    if types[0] == types[1]:
        return types[0]
    signed = all(np.issubdtype(dtype, np.signedinteger) for dtype in types)
    if signed and is_weak(lower) != is_weak(upper):
        return types[1] if is_weak(lower) else types[0]
    raise TypeError(f"bounds must have equal dtypes, got {types[0].name} and {types[1].name}")


def normalised(lower: Bound, upper: Bound) -> tuple[Bound, Bound]:
    """Return two concrete bounds as Python ints, others in their common dtype.

    Raises:
        TypeError: the dtypes differ, or a bound is not a scalar.
    """
    lower, upper = (jnp.asarray(x) if is_symbolic_dim(x) else x for x in (lower, upper))
    dtype = common_dtype(lower, upper)
    for name, bound in (("lower", lower), ("upper", upper)):
        if jnp.ndim(bound) != 0:
            raise TypeError(f"{name} must be a scalar, got shape {jnp.shape(bound)}")
    if is_traced(lower) or is_traced(upper):
        return _converted(lower, dtype), _converted(upper, dtype)
    return int(lower), int(upper)


def choose(condition: Any, yes: Bound, no: Bound) -> Bound:
    """Return ``yes`` where the condition holds, without tracing a concrete one."""
    return jnp.where(condition, yes, no) if is_traced(condition) else (yes if condition else no)


def largest(bound: Bound) -> Any:
    """Return the maximum of a bound's dtype, comparable with it."""
    dtype = jnp.result_type(bound)
    limit = int(np.iinfo(dtype).max)
    return limit if isinstance(bound, int) else dtype.type(limit)


def smallest(bound: Bound) -> Any:
    """Return the minimum of a bound's dtype, comparable with it."""
    dtype = jnp.result_type(bound)
    limit = int(np.iinfo(dtype).min)
    return limit if isinstance(bound, int) else dtype.type(limit)


def up(bound: Bound, when: Any = True) -> Bound:
    """Return ``bound + 1`` where ``when`` holds, but never past the dtype's maximum."""
    return bound + (when & (bound < largest(bound)))


def down(bound: Bound, when: Any = True) -> Bound:
    """Return ``bound - 1`` where ``when`` holds, but never past the dtype's minimum."""
    return bound - (when & (bound > smallest(bound)))


def middle(lower: Bound, upper: Bound) -> Bound:
    """Return ``(lower + upper) // 2`` without overflow.

    ``lower + upper = 2 (lower & upper) + (lower ^ upper)``: Warren, *Hacker's Delight*,
    section 2-5.
    """
    return (lower & upper) + ((lower ^ upper) >> 1)


def is_near(lower: Bound, upper: Bound) -> Any:
    """Say whether ``0 <= upper - lower <= REACH``, without overflow."""
    trips = upper - lower
    if is_traced(trips):
        distance = trips.astype(f"uint{8 * trips.dtype.itemsize}")
        trips = distance.astype(jnp.promote_types(distance.dtype, jnp.uint32))
    return (lower <= upper) & (trips <= REACH)


def _converted(bound: Bound, dtype: Any) -> Bound:
    if jnp.result_type(bound) == dtype:
        return bound
    return jax.lax.convert_element_type(bound, dtype)


def as_signed(value: Any) -> Any:
    """Return a traced value in the signed dtype of its width, another as it is."""
    return value.astype(f"int{8 * value.dtype.itemsize}") if is_traced(value) else value


def is_wide(index: Index) -> bool:
    """Say whether an index has more than 16 bits."""
    return jnp.result_type(index).itemsize > 2
