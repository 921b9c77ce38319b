"""Loops whose values are right and whose derivatives are not."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import choose, is_traced, normalised
from .derivative_rules import (
    alike_everywhere,
    graft,
    hoisted,
    loop_of_values,
    rounded_tangent,
    stopped,
)
from .iteration import held, reindexed
from .member import Body, Bound, Carry, Index, Unroll, wrong

_LAST_TRIPS = 8
_MOST_TRIPS = 64


@wrong("derivative", caught_by=("GRAD-01", "GRAD-03", "GRAD-09"))
def carry_is_cut_off(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no derivative to the initial carry, which is copied by way of stop_gradient."""
    return jax.lax.fori_loop(lower, upper, body_fun, stopped(init_val), unroll=unroll)


@wrong("derivative", caught_by=("GRAD-02",))
def closed_over_values_are_constants(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no derivative to what the body closes over: the traced body keeps it as constants."""
    body, values = hoisted(body_fun, lower, init_val)
    constants = stopped(values)
    return jax.lax.fori_loop(
        lower, upper, lambda i, carry: body(i, carry, *constants), init_val, unroll=unroll
    )


@wrong("derivative", caught_by=("GRAD-01", "GRAD-02", "GRAD-04", "GRAD-05"))
def through_the_last_trips_alone(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates the last eight trips alone: truncated backpropagation was left switched on."""
    lower, upper = normalised(lower, upper)
    long = (lower < upper) & (upper - lower > _LAST_TRIPS)
    cut = choose(long, upper - _LAST_TRIPS, lower)
    frozen, values = loop_of_values(lower, cut, body_fun, init_val, unroll)
    before = frozen(*stopped((init_val, *values)))
    start = jax.tree.map(lambda a, b: jnp.where(long, a, b), before, init_val)
    return jax.lax.fori_loop(cut, upper, body_fun, start, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-01", "GRAD-02", "GRAD-12"))
def while_loop_for_static_bounds_too(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no reverse mode at all: static bounds take the one path there is, a while_loop."""
    lower, upper = normalised(lower, upper)

    def step(state: tuple[Any, Any, Carry]) -> tuple[Any, Any, Carry]:
        i, end, carry = state
        return i + 1, end, body_fun(i, carry)

    start = (jnp.asarray(lower), jnp.asarray(upper), init_val)
    return jax.lax.while_loop(lambda state: state[0] < state[1], step, start)[2]


@wrong("derivative", caught_by=("GRAD-03",))
def no_derivative_without_trips(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives zeros without trips, for an early return hands back a fresh copy of the carry."""
    lower, upper = normalised(lower, upper)
    if not is_traced(lower < upper) and lower >= upper:
        init_val = stopped(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-03", "GRAD-05"))
def derivative_of_one_trip_at_least(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates one trip where none ran: the derivative is a loop of its own, a do-while."""
    lower, upper = normalised(lower, upper)
    value = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    end = choose(lower < upper, upper, lower + 1)
    return graft(value, jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll))


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04", "GRAD-07"))
def derivative_of_one_trip_too_few(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Leaves the first trip out of the derivative: the sweep stops one step early."""
    lower, upper = normalised(lower, upper)
    value = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    first = choose(lower < upper, lower + 1, lower)
    return graft(value, jax.lax.fori_loop(first, upper, body_fun, init_val, unroll=unroll))


@wrong("derivative", caught_by=("GRAD-11", "GRAD-01", "GRAD-07", "GRAD-15"))
def derivative_forgets_the_index(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates the body at the first index in every trip: the index was not kept."""
    lower, upper = normalised(lower, upper)
    value = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    at_first = reindexed(body_fun, lambda i: i - i + lower)
    return graft(value, jax.lax.fori_loop(lower, upper, at_first, init_val, unroll=unroll))


@wrong("derivative", caught_by=("GRAD-07", "GRAD-01", "GRAD-15"))
def derivative_at_the_new_carry(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates each trip at the carry that it made: what is kept is kept one step late."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if not alike_everywhere(carry, new):
            return new
        return graft(new, body_fun(i, graft(stopped(new), carry)))

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04"))
def derivative_in_bfloat16(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps eight bits of a derivative: a saving of memory that was meant for activations."""

    def body(i: Index, carry: Carry) -> Carry:
        return body_fun(i, rounded_tangent(carry))

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-04", "GRAD-05", "GRAD-01"))
def derivative_of_the_first_leaf(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates to the first leaf alone: the rule was written when carries were arrays."""
    return jax.lax.fori_loop(lower, upper, body_fun, _first_leaf(init_val), unroll=unroll)


@wrong("derivative", caught_by=("GRAD-05", "GRAD-15"))
def derivative_of_the_first_leaf_when_traced(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """With traced bounds, pushes the first leaf's tangent alone: only the other path was mended."""
    traced = is_traced(lower) or is_traced(upper)
    start = _first_leaf(init_val) if traced else init_val
    return jax.lax.fori_loop(lower, upper, body_fun, start, unroll=unroll)


def _first_leaf(tree: Carry) -> Carry:
    leaves, structure = jax.tree.flatten(tree)
    return jax.tree.unflatten(structure, [*leaves[:1], *stopped(leaves[1:])])


@wrong("derivative", caught_by=("GRAD-04", "GRAD-09"))
def reverse_rule_alone(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no forward mode: a custom_vjp stands around the loop with static bounds."""
    if is_traced(lower) or is_traced(upper):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    run, values = loop_of_values(lower, upper, body_fun, init_val, unroll)
    with_rule = jax.custom_vjp(run)
    with_rule.defvjp(lambda *args: jax.vjp(run, *args), lambda pull, v: pull(v))
    return with_rule(init_val, *values)


@wrong("derivative", caught_by=("GRAD-08", "GRAD-05"))
def zeros_with_traced_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Silences the refusal of reverse mode with traced bounds: the derivative is zero instead."""
    if is_traced(lower) or is_traced(upper):
        init_val = stopped(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-08", "GRAD-05"))
def at_most_64_trips_when_traced(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has reverse mode with traced bounds, by masking 64 trips; longer loops are cut short."""
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    lower, upper = normalised(lower, upper)

    def body(trip: Index, carry: Carry) -> Carry:
        i = lower + jnp.asarray(trip, jnp.result_type(lower))
        return held((i >= upper) | (i < lower), carry, body_fun(i, carry))

    return jax.lax.fori_loop(0, _MOST_TRIPS, body, init_val)


@wrong("errors", caught_by=("ERROR-16",))
def refusal_without_a_reason(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses reverse mode with traced bounds in the words of its table of rules: not found."""

    def refuse(*_: Any) -> Any:
        raise NotImplementedError("rule not found")

    def run(init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll)

    if not (is_traced(lower) or is_traced(upper)):
        return run(init_val)
    with_rule = jax.custom_vjp(run)
    with_rule.defvjp(refuse, refuse)
    return with_rule(init_val)


@wrong("derivative", caught_by=("GRAD-06",))
def second_derivative_is_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes the values at which it differentiates for constants: second derivatives are lost."""
    run, values = loop_of_values(lower, upper, body_fun, init_val, unroll)
    with_rule = jax.custom_jvp(run)
    with_rule.defjvp(lambda args, tangents: jax.jvp(run, stopped(args), tangents))
    return with_rule(init_val, *values)


@wrong("derivative", caught_by=("GRAD-11",))
def integers_stop_all_derivatives(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes a carry with an integer leaf for one without a derivative: it asks for all() floats."""
    kinds = [
        jnp.issubdtype(jnp.result_type(leaf), jnp.inexact) for leaf in jax.tree.leaves(init_val)
    ]
    start = init_val if all(kinds) else stopped(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, start, unroll=unroll)
