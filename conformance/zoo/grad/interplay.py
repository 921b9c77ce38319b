"""Loops whose derivatives are wrong with custom rules, callbacks, unroll or disable_jit."""

from __future__ import annotations

from typing import Any

import jax

from ..defects import on_body, on_init
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.bounds import is_traced
from ..support.derivatives import graft, loop_of_values, stopped, without_primitives

_left_behind: list[Any] = []


@wrong("derivative", caught_by=("GRAD-10", "GRAD-04"))
def forward_pass_left_behind(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Passes residuals to the backward pass in a global list, where they leak from their trace."""
    if is_traced(lower) or is_traced(upper):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    run, values = loop_of_values(lower, upper, body_fun, init_val, unroll)

    def there(*args: Any) -> tuple[Carry, None]:
        _left_behind.append(args)
        return run(*args), None

    def back(_: None, cotangent: Carry) -> Any:
        return jax.vjp(run, *_left_behind.pop())[1](cotangent)

    with_rule = jax.custom_vjp(run)
    with_rule.defvjp(there, back)
    return with_rule(init_val, *values)


@wrong("derivative", caught_by=("GRAD-12",))
def no_derivative_of_the_remainder(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Omits the derivative of the remainder: the backward sweep covers whole blocks only."""
    if type(unroll) is not int or unroll < 2 or is_traced(lower) or is_traced(upper):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    cut = int(lower) + max(int(upper) - int(lower), 0) // unroll * unroll
    whole = jax.lax.fori_loop(int(lower), cut, body_fun, init_val, unroll=unroll)
    return graft(jax.lax.fori_loop(cut, max(int(upper), cut), body_fun, whole), whole)


@wrong("derivative", caught_by=("GRAD-12", "GRAD-03"))
@on_init
def no_derivative_under_disable_jit(init_val: Carry) -> Carry:
    """Has no derivative under disable_jit: the loop in Python, for debugging, works on copies."""
    config: Any = jax.config
    return stopped(init_val) if config.jax_disable_jit else init_val


@wrong("derivative", caught_by=("GRAD-13",))
@on_body
def custom_rules_are_inlined(body_fun: Body) -> Body:
    """Inlines functions with custom derivative rules, to get one flat program."""
    rules = frozenset({"custom_jvp_call", "custom_vjp_call"})
    return without_primitives(body_fun, rules)


@wrong("derivative", caught_by=("GRAD-13",))
@on_body
def stop_gradient_is_removed(body_fun: Body) -> Body:
    """Removes operations that leave the value as it is, to save time: stop_gradient too."""
    return without_primitives(body_fun, frozenset({"stop_gradient"}))


@wrong("derivative", caught_by=("GRAD-14",))
def callbacks_are_dropped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Drops callbacks when differentiated: operations without results look like dead code."""
    run, values = loop_of_values(lower, upper, body_fun, init_val, unroll)
    pure_body = without_primitives(body_fun, frozenset({"debug_callback"}))
    pure, _ = loop_of_values(lower, upper, pure_body, init_val, unroll)
    with_rule = jax.custom_jvp(run)
    with_rule.defjvp(lambda args, tangents: jax.jvp(pure, args, tangents))
    return with_rule(init_val, *values)


@wrong("derivative", caught_by=("GRAD-12",))
@on_init
def far_unrolled_loops_are_constant(
    lower: Bound, upper: Bound, init_val: Carry, unroll: Unroll
) -> Carry:
    """Has no derivative where a block is longer than the loop: it ignores the remainder."""
    static = isinstance(lower, int) and isinstance(upper, int)
    if static and type(unroll) is int and unroll > upper - lower > 0:
        init_val = stopped(init_val)
    return init_val
