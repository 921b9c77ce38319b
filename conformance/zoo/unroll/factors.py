"""Loops that accept factors which they must refuse, or refuse those which they must accept."""

from __future__ import annotations

from typing import Any

import jax

from ..defects import on_given_bounds, on_unroll
from ..member import Body, Bound, Bounds, Carry, Unroll, declares, wrong
from ..right.numpy_loops import BUT_UNROLL, numpy_blocks
from ..support.blocks import is_static
from ..support.bounds import is_traced, normalised


@wrong("unrolling", caught_by=("UNROLL-02",))
@on_unroll
def zero_refused(unroll: Unroll) -> Unroll:
    """Requires a positive factor, as JAX 0.4.30 to 0.8.0 did."""
    if unroll == 0 and unroll is not False:
        raise ValueError("`unroll` must be a `bool` or a positive `int`.")
    return unroll


@wrong("unrolling", caught_by=("UNROLL-02",))
@on_unroll
def zero_divides(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Divides the trip count by the factor 0, as JAX did before 0.4.30."""
    if unroll is not None and unroll is not False and is_static(lower, upper):
        divmod(1, unroll)
    return unroll


@wrong("unrolling", caught_by=("UNROLL-02",))
@on_given_bounds
def zero_runs_nothing(lower: Bound, upper: Bound, unroll: Unroll) -> Bounds:
    """Runs blocks of no trips, since range(0) is empty and not an error."""
    zero = unroll == 0 and unroll is not False and is_static(lower, upper)
    return lower, lower if zero else upper


@wrong("unrolling", caught_by=("UNROLL-03",))
@on_unroll
def factor_ignored_with_traced_bounds(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Forgets unroll where a bound is traced: only the static path has the parameter."""
    return unroll if is_static(lower, upper) else None


@wrong("unrolling", caught_by=("UNROLL-04",), as_jax=True)
@on_unroll
def true_ignored_with_traced_bounds(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Takes True for the factor 1 where the bounds are traced, as JAX does, and stays rolled."""
    return 1 if unroll is True and not is_static(lower, upper) else unroll


@wrong("unrolling", caught_by=("UNROLL-05",))
@on_unroll
def negative_taken_for_its_magnitude(unroll: Unroll) -> Unroll:
    """Drops the sign of a factor by calling abs() on it."""
    return -unroll if isinstance(unroll, int) and unroll < 0 else unroll


@wrong("unrolling", caught_by=("UNROLL-05",))
@on_unroll
def negative_stays_rolled(unroll: Unroll) -> Unroll:
    """Unrolls where the factor is above 1 and does not check the others."""
    return None if isinstance(unroll, int) and unroll < 0 else unroll


@wrong("unrolling", caught_by=("UNROLL-05",))
def factor_looked_at_with_trips_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks the factor only where it unrolls, which an empty range does not reach."""
    lower, upper = normalised(lower, upper)
    unroll = None if is_static(lower, upper) and upper <= lower else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("UNROLL-05",))
@on_unroll
def negative_refused_without_a_name(unroll: Unroll) -> Unroll:
    """Raises an error about a negative length, which the caller never passed."""
    if isinstance(unroll, int) and unroll < 0:
        raise ValueError("negative length")
    return unroll


@wrong("unrolling", caught_by=("UNROLL-09",))
@on_unroll
def factor_goes_through_int(unroll: Any) -> Any:
    """Calls int on the factor, which truncates floats and reads text."""
    return int(unroll) if isinstance(unroll, float | str) else unroll


@wrong("unrolling", caught_by=("UNROLL-09",))
@on_unroll
def traced_factor_stays_rolled(unroll: Unroll) -> Unroll:
    """Leaves the loop rolled if the factor is traced.

    The branch for what it cannot read is the default one.
    """
    return None if is_traced(unroll) else unroll


@wrong("unrolling", caught_by=("UNROLL-10",))
@on_unroll
def false_refused_with_traced_bounds(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Checks whether unroll was passed, not whether it has an effect."""
    if unroll is not None and not is_static(lower, upper):
        raise ValueError("`unroll` needs static bounds")
    return unroll


@wrong("unrolling", caught_by=("UNROLL-10",))
@on_unroll
def one_refused_with_traced_bounds(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Refuses each integer factor with traced bounds, the one that changes nothing too."""
    if type(unroll) is int and not is_static(lower, upper):
        raise ValueError("`unroll` needs static bounds")
    return unroll


@wrong("unrolling", caught_by=("UNROLL-11",))
@on_unroll
def numpy_factor_refused(unroll: Unroll) -> Unroll:
    """Asks isinstance(unroll, int), which a NumPy integer is not."""
    if unroll is not None and not isinstance(unroll, int):
        raise TypeError("`unroll` must be a bool or an int")
    return unroll


@wrong("caching", caught_by=("UNROLL-12",))
@declares(without=BUT_UNROLL, array_namespace="numpy")
def plan_cached_before_its_factor_is_checked(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps a plan for each body and factor, and finds that of 2.0 for 2, which it equals."""
    if unroll is not None and not isinstance(unroll, bool):
        unroll = _PLANS.setdefault((body_fun, unroll), unroll)
    return numpy_blocks(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("caching", caught_by=("UNROLL-12",))
@declares(without=BUT_UNROLL, array_namespace="numpy")
def refused_body_stays_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Marks a body as known before its first call, and finds no plan for it after an error."""
    if body_fun in _KNOWN and _KNOWN[body_fun] is None:
        raise RuntimeError("the plan of this body is missing")
    _KNOWN[body_fun] = None
    result = numpy_blocks(lower, upper, body_fun, init_val, unroll=unroll)
    _KNOWN[body_fun] = True
    return result


_PLANS: dict[tuple[Body, Any], Any] = {}
_KNOWN: dict[Body, bool | None] = {}
