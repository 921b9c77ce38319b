"""Loops that take arguments which they must refuse: bounds, names, and the body's own."""

from __future__ import annotations

import inspect
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .member import Body, Bound, Carry, Unroll, wrong


@wrong("errors", caught_by=("ERROR-08",))
def body_given_what_it_takes(
    lower: Bound, upper: Bound, body_fun: Any, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Leaves the index out for a body of one parameter, to be helpful."""
    body = body_fun
    if inspect.isfunction(body_fun) and len(inspect.signature(body_fun).parameters) == 1:
        body = lambda _, carry: body_fun(carry)  # noqa: E731
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-08",))
def carry_given_by_name(
    lower: Bound, upper: Bound, body_fun: Any, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hands a body the carry by name where it is keyword-only, as some frameworks do."""
    names = inspect.getfullargspec(body_fun).kwonlyargs if inspect.isfunction(body_fun) else []
    body = body_fun
    if names:
        body = lambda i, carry: body_fun(i, **{names[0]: carry})  # noqa: E731
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("bounds", caught_by=("ERROR-09",))
def bounds_go_through_int(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls int on a bound, to be kind to numbers of other libraries, and so reads text too."""
    lower, upper = (int(bound) if isinstance(bound, str) else bound for bound in (lower, upper))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("ERROR-09",))
def none_is_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Starts at 0 if lower is None, as a slice does."""
    lower = 0 if lower is None else lower
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("ERROR-09",))
def float_beside_int_is_truncated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Truncates a float next to an int, since len(x) / 2 was meant for a count."""
    if isinstance(lower, int) and isinstance(upper, float):
        upper = int(upper)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-09",))
def none_fails_inside(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks a bound for its dtype and lets AttributeError tell the caller about None."""
    for bound in (lower, upper):
        if not isinstance(bound, int | float):
            bound.dtype  # noqa: B018  # the defect
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def index_range() -> tuple[int, int]:
    """Return the least and the greatest index that a Python int may become."""
    limits = np.iinfo(jnp.result_type(int))
    return int(limits.min), int(limits.max)


@wrong("bounds", caught_by=("ERROR-10",))
def large_bounds_wrap(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the low bits of a bound, as a cast in C does.

    So that 2**31 is a large negative number.
    """
    least, most = index_range()

    def low_bits(bound: Bound) -> Bound:
        return (bound - least) % (most - least + 1) + least if type(bound) is int else bound

    return jax.lax.fori_loop(low_bits(lower), low_bits(upper), body_fun, init_val, unroll=unroll)


@wrong("bounds", caught_by=("ERROR-10",))
def large_bounds_saturate(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Clamps a bound to the index's dtype, to be safe, and runs fewer trips without a word."""
    least, most = index_range()
    lower, upper = (
        min(max(bound, least), most) if type(bound) is int else bound for bound in (lower, upper)
    )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-11",))
def unknown_keywords_swallowed(
    lower: Bound,
    upper: Bound,
    body_fun: Body,
    init_val: Carry,
    *,
    unroll: Unroll = None,
    **_: Any,
) -> Carry:
    """Takes any keyword, for the sake of other backends, and so a step that does nothing."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-11",))
def unroll_is_positional(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, unroll: Unroll = None
) -> Carry:
    """Takes unroll as a fifth argument, which a reader would take for a step."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-11",))
def carry_is_optional(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry = 0, *, unroll: Unroll = None
) -> Carry:
    """Starts from 0 if no carry is given, a default that made the first example shorter."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-12",))
def parameters_of_other_names(
    lower: Bound, upper: Bound, body: Body, init: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls its parameters body and init, which is shorter."""
    return jax.lax.fori_loop(lower, upper, body, init, unroll=unroll)


@wrong("errors", caught_by=("ERROR-12",))
def positional_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, /, *, unroll: Unroll = None
) -> Carry:
    """Takes its arguments by position only, as a builtin does."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
