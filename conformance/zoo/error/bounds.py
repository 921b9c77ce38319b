"""Loops that accept bounds which they must refuse, or refuse them with the wrong error."""

from __future__ import annotations

import operator

import jax.numpy as jnp
import numpy as np

from ..defects import on_given_bounds
from ..member import Bound, Bounds, wrong
from ..support.bounds import is_traced


@wrong("bounds", caught_by=("ERROR-09",))
@on_given_bounds
def bounds_go_through_int(lower: Bound, upper: Bound) -> Bounds:
    """Calls int on a bound, to accept numbers of other libraries, and so parses strings too."""
    lower, upper = (int(bound) if isinstance(bound, str) else bound for bound in (lower, upper))
    return lower, upper


@wrong("bounds", caught_by=("ERROR-09",))
@on_given_bounds
def none_is_zero(lower: Bound, upper: Bound) -> Bounds:
    """Starts at 0 if lower is None, as a slice does."""
    lower = 0 if lower is None else lower
    return lower, upper


@wrong("bounds", caught_by=("ERROR-09",))
@on_given_bounds
def float_beside_int_is_truncated(lower: Bound, upper: Bound) -> Bounds:
    """Truncates a float next to an int, since callers write len(x) / 2 for a count."""
    if isinstance(lower, int) and isinstance(upper, float):
        upper = int(upper)
    return lower, upper


@wrong("errors", caught_by=("ERROR-09",))
@on_given_bounds
def none_fails_inside(lower: Bound, upper: Bound) -> Bounds:
    """Reads the dtype of a bound, so that None raises AttributeError."""
    for bound in (lower, upper):
        if not isinstance(bound, int | float):
            bound.dtype  # noqa: B018  # the defect
    return lower, upper


def index_range() -> tuple[int, int]:
    """Return the least and the greatest index that a Python int may become."""
    limits = np.iinfo(jnp.result_type(int))
    return int(limits.min), int(limits.max)


@wrong("bounds", caught_by=("ERROR-10",))
@on_given_bounds
def large_bounds_wrap(lower: Bound, upper: Bound) -> Bounds:
    """Keeps the low bits of a bound, as a cast in C does.

    So that 2**31 is a large negative number.
    """
    least, most = index_range()

    def low_bits(bound: Bound) -> Bound:
        return (bound - least) % (most - least + 1) + least if type(bound) is int else bound

    return low_bits(lower), low_bits(upper)


@wrong("bounds", caught_by=("ERROR-10",))
@on_given_bounds
def large_bounds_saturate(lower: Bound, upper: Bound) -> Bounds:
    """Clamps a bound to the dtype of the index, to be safe, and silently runs fewer trips."""
    least, most = index_range()
    lower, upper = (
        min(max(bound, least), most) if type(bound) is int else bound for bound in (lower, upper)
    )
    return lower, upper


@wrong("bounds", caught_by=("ERROR-14",))
@on_given_bounds
def float_bounds_are_refused(lower: Bound, upper: Bound) -> Bounds:
    """Requires static bounds to be integers, as range does, where JAX truncates floats."""
    for bound in (lower, upper):
        if not is_traced(bound):
            operator.index(bound)
    return lower, upper
