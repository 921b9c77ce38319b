"""Loops that refuse, without a helpful message, what traced bounds do not support."""

from __future__ import annotations

from typing import Any

import jax

from ..defects import on_unroll
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.blocks import is_static
from ..support.bounds import is_traced


@wrong("errors", caught_by=("ERROR-16",))
def refusal_without_a_reason(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses reverse mode with traced bounds with the internal message "rule not found"."""

    def refuse(*_: Any) -> Any:
        raise NotImplementedError("rule not found")

    def run(init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll)

    if not (is_traced(lower) or is_traced(upper)):
        return run(init_val)
    with_rule = jax.custom_vjp(run)
    with_rule.defvjp(refuse, refuse)
    return with_rule(init_val)


@wrong("errors", caught_by=("ERROR-17",))
@on_unroll
def factor_refused_without_its_name(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Says that bounds must be static, not that unroll requires it: an inner function checks."""
    if unroll not in (None, False, 1) and not is_static(lower, upper):
        raise ValueError("the loop bounds must be static here")
    return unroll


@wrong("errors", caught_by=("ERROR-17",))
@on_unroll
def factor_not_implemented_with_traced_bounds(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Raises NotImplementedError, left over from a first version."""
    if unroll not in (None, False, 1) and not is_static(lower, upper):
        raise NotImplementedError("unroll with traced bounds")
    return unroll
