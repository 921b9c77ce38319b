"""Loops that treat a traced bound differently from a static one."""

from __future__ import annotations

from ..defects import on_bounds, on_given_bounds
from ..member import Bound, Bounds, wrong
from ..support.bounds import choose, is_near, is_traced, normalised


@wrong("tracing", caught_by=("BOUND-03", "ITER-01"))
@on_bounds
def traced_lower_is_zero(lower: Bound, upper: Bound) -> Bounds:
    """Starts at zero when lower is traced: only the static path handles lower."""
    if is_traced(lower):
        lower = choose(is_near(0, upper), lower - lower, lower)
    return lower, upper


@wrong("tracing", caught_by=("BOUND-03", "BOUND-04"))
@on_bounds
def static_bounds_only(lower: Bound, upper: Bound) -> Bounds:
    """Calls int on both bounds, to pass them to range, so that a traced one is an error."""
    return int(lower), int(upper)


@wrong("tracing", caught_by=("BOUND-04",))
@on_given_bounds
def static_lower_is_zero_beside_traced_upper(lower: Bound, upper: Bound) -> Bounds:
    """Starts at zero when only upper is traced: the mixed case falls through to a default."""
    mixed = is_traced(upper) and not is_traced(lower)
    lower, upper = normalised(lower, upper)
    first = choose(is_near(0, upper), lower - lower, lower) if mixed else lower
    return first, upper


@wrong("tracing", caught_by=("BOUND-04",))
@on_given_bounds
def refuses_one_traced_bound(lower: Bound, upper: Bound) -> Bounds:
    """Raises when one bound is static and the other traced: it handles the two pure cases only."""
    if is_traced(lower) != is_traced(upper):
        raise TypeError("lower and upper must both be static or both be traced")
    return lower, upper
