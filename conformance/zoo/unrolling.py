"""Loops that mistake ``unroll``: blocks, remainders, factors that are refused or are not."""

from __future__ import annotations

import operator
from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import is_traced, normalised
from .iteration import reindexed
from .member import Body, Bound, Carry, Unroll, declares, right, wrong
from .right_numpy import LACKS, check_bounds, numpy_loop

BUT_UNROLL = tuple(lacking for lacking in LACKS if lacking != "unroll")


def block(lower: Bound, upper: Bound, unroll: Unroll) -> int:
    """Return how many trips a block has: 1 where no factor above 1 is applied."""
    factor = isinstance(unroll, int) and not isinstance(unroll, bool) and unroll > 1
    return int(unroll or 1) if factor and is_static(lower, upper) else 1


def is_static(lower: Bound, upper: Bound) -> bool:
    """Say whether both bounds are known when the loop is traced."""
    return not (is_traced(lower) or is_traced(upper))


@wrong(caught_by=("UNROLL-01", "UNROLL-08"))
def remainder_lost(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs whole blocks only: the trips that do not fill one are left out."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size > 1:
        upper = lower + max(upper - lower, 0) // size * size
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-01",))
def extra_trips_on_an_empty_range(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the remainder of a negative trip count, which modulo the factor is positive."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size > 1 and upper < lower:
        upper = lower + (upper - lower) % size
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-01",))
def no_trips_divide_by_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Divides the trip count by itself to get one block, when it is to be unrolled completely."""
    lower, upper = normalised(lower, upper)
    if unroll is True and is_static(lower, upper):
        divmod(upper - lower, max(upper - lower, 0))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-01",))
def blocks_run_backwards(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the trips of a block last to first, as composed functions are applied."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size == 1:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    whole = lower + max(upper - lower, 0) // size * size

    def index(i: Any) -> Any:
        place = (i - lower) % size
        return jnp.where(i < whole, i - place + (size - 1 - place), i)

    return jax.lax.fori_loop(lower, upper, reindexed(body_fun, index), init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-01", "UNROLL-08"))
def index_stands_still_in_a_block(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Advances the index once a block, so that all its trips see the first one's."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    if size == 1:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    body = reindexed(body_fun, lambda i: i - (i - lower) % size)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-01", "UNROLL-08"))
def remainder_starts_at_lower(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the remainder with the first indices of the range instead of the last."""
    lower, upper = normalised(lower, upper)
    size = block(lower, upper, unroll)
    whole = lower + max(upper - lower, 0) // size * size if size > 1 else upper
    carry = jax.lax.fori_loop(lower, whole, body_fun, init_val, unroll=unroll)
    if size == 1:
        return carry
    body = reindexed(body_fun, lambda i: i - whole + lower)
    return jax.lax.fori_loop(whole, upper, body, carry)


@wrong(caught_by=("UNROLL-08",))
def unrolled_tuples_become_lists(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the parts of an unrolled carry in a list, and forgets to make it a tuple again."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return list(result) if unroll and type(result) is tuple else result


@wrong(caught_by=("UNROLL-02",))
def zero_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Wants a positive factor, as JAX 0.4.30 to 0.8.0 did."""
    if unroll == 0 and unroll is not False:
        raise ValueError("`unroll` must be a `bool` or a positive `int`.")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-02",))
def zero_divides(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Divides the trip count by the factor 0, as JAX did before 0.4.30."""
    if unroll is not None and unroll is not False and is_static(lower, upper):
        divmod(1, unroll)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-02",))
def zero_runs_nothing(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs blocks of no trips, since range(0) is empty and not an error."""
    zero = unroll == 0 and unroll is not False and is_static(lower, upper)
    return jax.lax.fori_loop(lower, lower if zero else upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-03",))
def factor_ignored_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Forgets unroll where a bound is traced: only the static path has the parameter."""
    unroll = unroll if is_static(lower, upper) else None
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-17",))
def factor_refused_without_its_name(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says that bounds must be static, and not which argument asks for it."""
    if unroll not in (None, False, 1) and not is_static(lower, upper):
        raise ValueError("the loop bounds must be static here")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("ERROR-17",))
def factor_not_implemented_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Raises NotImplementedError, which a caller takes for something that is still to come."""
    if unroll not in (None, False, 1) and not is_static(lower, upper):
        raise NotImplementedError("unroll with traced bounds")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-04",))
def true_ignored_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes True for the factor 1 where the bounds are traced, as JAX does, and stays rolled."""
    unroll = 1 if unroll is True and not is_static(lower, upper) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-05",))
def negative_taken_for_its_magnitude(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Drops the sign of a factor."""
    unroll = -unroll if isinstance(unroll, int) and unroll < 0 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-05",))
def negative_stays_rolled(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls where the factor is above 1 and asks nothing of the others."""
    unroll = None if isinstance(unroll, int) and unroll < 0 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-05",))
def factor_looked_at_with_trips_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks the factor where it unrolls, which an empty range does not reach."""
    lower, upper = normalised(lower, upper)
    unroll = None if is_static(lower, upper) and upper <= lower else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-05",))
def negative_refused_without_a_name(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Lets an inner layer complain of a negative length that the caller never gave."""
    if isinstance(unroll, int) and unroll < 0:
        raise ValueError("negative length")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-06",))
def true_is_one(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes True for the integer 1, which it equals, and so leaves the loop rolled."""
    unroll = 1 if unroll is True and is_static(lower, upper) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-06",))
def short_loops_unrolled_unasked(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls up to 16 trips even if it is told not to, since that is faster."""
    lower, upper = normalised(lower, upper)
    short = is_static(lower, upper) and upper - lower <= 16
    unroll = True if short and (unroll is None or unroll is False) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-07",))
def factor_ignored(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks the factor and forgets it: the value is right, the program is the rolled one."""
    unroll = None if block(lower, upper, unroll) > 1 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-07",))
def factor_clamped_to_four(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls by at most four, to keep programs small."""
    unroll = 4 if block(lower, upper, unroll) > 4 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-07",))
def factor_rounded_to_a_power_of_two(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls by the power of two below the factor, as hardware likes it."""
    size = block(lower, upper, unroll)
    unroll = 1 << (size.bit_length() - 1) if size > 1 else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-09",))
def factor_goes_through_int(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Any = None
) -> Carry:
    """Calls int on the factor, which truncates floats and reads text."""
    unroll = int(unroll) if isinstance(unroll, float | str) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-09",))
def traced_factor_stays_rolled(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Leaves the loop rolled if the factor is traced, as if it had not been given."""
    unroll = None if is_traced(unroll) else unroll
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-10",))
def false_refused_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks whether unroll was given, not whether it asks for something."""
    if unroll is not None and not is_static(lower, upper):
        raise ValueError("`unroll` needs static bounds")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-10",))
def one_refused_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses each integer factor with traced bounds, the one that changes nothing too."""
    if type(unroll) is int and not is_static(lower, upper):
        raise ValueError("`unroll` needs static bounds")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-11",))
def numpy_factor_refused(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks isinstance(unroll, int), which a NumPy integer is not."""
    if unroll is not None and not isinstance(unroll, int):
        raise TypeError("`unroll` must be a bool or an int")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-13",))
def single_trip_stays_rolled(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns True into the trip count, as JAX does, and then takes the factor 1 for rolled."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@right
@declares(without=BUT_UNROLL, array_namespace="numpy")
def numpy_blocks(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Loops in Python over blocks of ``unroll`` trips, and then over the remainder."""
    check_bounds(lower, upper)
    first, trips = int(lower), max(int(upper) - int(lower), 0)
    size = block_size(unroll, trips)
    if size == 1 or trips == 0:
        return numpy_loop(lower, upper, body_fun, init_val)

    def whole_block(number: Any, carry: Carry) -> Carry:
        for i in range(first + number * size, first + (number + 1) * size):
            carry = body_fun(i, carry)
        return carry

    carry = numpy_loop(0, trips // size, whole_block, init_val)
    return numpy_loop(first + trips // size * size, first + trips, body_fun, carry)


def block_size(unroll: Unroll, trips: int) -> int:
    """Return how many trips a block has.

    Raises:
        TypeError: the factor is not an integer.
        ValueError: it is negative.
    """
    if unroll is None or isinstance(unroll, bool):
        return max(trips, 1) if unroll else 1
    factor = operator.index(unroll)
    if factor < 0:
        raise ValueError(f"unroll must not be negative, got {factor}")
    return max(factor, 1)


@wrong(caught_by=("UNROLL-12",))
@declares(without=BUT_UNROLL, array_namespace="numpy")
def plan_cached_before_its_factor_is_checked(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps a plan for each body and factor, and finds that of 2.0 for 2, which it equals."""
    if unroll is not None and not isinstance(unroll, bool):
        unroll = _PLANS.setdefault((body_fun, unroll), unroll)
    return numpy_blocks(lower, upper, body_fun, init_val, unroll=unroll)


@wrong(caught_by=("UNROLL-12",))
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


@wrong(caught_by=("UNROLL-07",))
def factor_of_16_at_most(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps programs small: larger factors are cut to 16 without a word."""
    if type(unroll) is int:
        unroll = min(unroll, 16)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
