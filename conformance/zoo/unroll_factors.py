"""Loops that take factors which they must refuse, or refuse what they must take."""

from __future__ import annotations

from typing import Any

import jax

from .bound_arithmetic import is_traced, normalised
from .member import Body, Bound, Carry, Unroll, declares, wrong
from .right_numpy import BUT_UNROLL, numpy_blocks
from .unrolling import is_static


@wrong("unrolling", caught_by=("UNROLL-02",))
def zero_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Wants a positive factor, as JAX 0.4.30 to 0.8.0 did."""
    if unroll == 0 and unroll is not False:
        raise ValueError("`unroll` must be a `bool` or a positive `int`.")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-02",))
def zero_divides(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Divides the trip count by the factor 0, as JAX did before 0.4.30."""
    if unroll is not None and unroll is not False and is_static(lower, upper):
        divmod(1, unroll)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-02",))
def zero_runs_nothing(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs blocks of no trips, since range(0) is empty and not an error."""
    zero = unroll == 0 and unroll is not False and is_static(lower, upper)
    return jax.lax.fori_loop(lower, lower if zero else upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-03",))
def factor_ignored_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Forgets unroll where a bound is traced: only the static path has the parameter."""
    unroll = unroll if is_static(lower, upper) else None
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-17",))
def factor_refused_without_its_name(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says that bounds must be static, not what asks for it: an inner function checks."""
    if unroll not in (None, False, 1) and not is_static(lower, upper):
        raise ValueError("the loop bounds must be static here")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-17",))
def factor_not_implemented_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Raises NotImplementedError, left from a first version, as if more were to come."""
    if unroll not in (None, False, 1) and not is_static(lower, upper):
        raise NotImplementedError("unroll with traced bounds")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-04",), as_jax=True)
def true_ignored_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes True for the factor 1 where the bounds are traced, as JAX does, and stays rolled."""
    unroll = 1 if unroll is True and not is_static(lower, upper) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-05",))
def negative_taken_for_its_magnitude(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Drops the sign of a factor, which abs() was to make harmless."""
    unroll = -unroll if isinstance(unroll, int) and unroll < 0 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-05",))
def negative_stays_rolled(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls where the factor is above 1 and asks nothing of the others."""
    unroll = None if isinstance(unroll, int) and unroll < 0 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-05",))
def factor_looked_at_with_trips_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks the factor where it unrolls, which an empty range does not reach."""
    lower, upper = normalised(lower, upper)
    unroll = None if is_static(lower, upper) and upper <= lower else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("UNROLL-05",))
def negative_refused_without_a_name(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Lets an inner layer complain of a negative length that the caller never gave."""
    if isinstance(unroll, int) and unroll < 0:
        raise ValueError("negative length")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-09",))
def factor_goes_through_int(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Any = None
) -> Carry:
    """Calls int on the factor, which truncates floats and reads text."""
    unroll = int(unroll) if isinstance(unroll, float | str) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-09",))
def traced_factor_stays_rolled(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Leaves the loop rolled if the factor is traced.

    The branch for what it cannot read is the default one.
    """
    unroll = None if is_traced(unroll) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-10",))
def false_refused_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks whether unroll was given, not whether it asks for something."""
    if unroll is not None and not is_static(lower, upper):
        raise ValueError("`unroll` needs static bounds")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-10",))
def one_refused_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses each integer factor with traced bounds, the one that changes nothing too."""
    if type(unroll) is int and not is_static(lower, upper):
        raise ValueError("`unroll` needs static bounds")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("UNROLL-11",))
def numpy_factor_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks isinstance(unroll, int), which a NumPy integer is not."""
    if unroll is not None and not isinstance(unroll, int):
        raise TypeError("`unroll` must be a bool or an int")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


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
