"""Loops whose parameters differ from those of the documented signature."""

from __future__ import annotations

from typing import Any

import jax

from ..member import Body, Bound, Carry, Unroll, wrong


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
    """Accepts any keyword, for the sake of other backends, and so a step that has no effect."""
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
