"""Loops with the right value whose derivative is right over a few trips of float32."""

from __future__ import annotations

from typing import Any
from unittest import mock

import jax
import jax.numpy as jnp

from ..defects import on_body, on_init, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bounds import is_traced
from ..support.derivatives import rounded_tangent, stopped


def _trips(lower: Bound, upper: Bound) -> int:
    return 0 if is_traced(lower) or is_traced(upper) else int(upper) - int(lower)


def _with_constants(body_fun: Body, change: Any) -> Body:
    """The body, with what it closes over changed where it is a float."""

    def body(i: Any, carry: Carry) -> Carry:
        closed, constants = jax.closure_convert(body_fun, i, carry)
        return closed(i, carry, *(change(constant) for constant in constants))

    return body


@wrong("derivative", caught_by=("GRAD-16",))
@on_body
def closed_over_gradient_ends_after_128(body_fun: Body, lower: Bound, upper: Bound) -> Body:
    """Sums the gradient of closed-over values over 128 trips: a longer sum is cut into blocks."""
    if _trips(lower, upper) <= 128:
        return body_fun
    inside = _with_constants(body_fun, lambda constant: constant)
    beyond = _with_constants(body_fun, stopped)

    def body(i: Any, carry: Carry) -> Carry:
        return jax.lax.cond(i < int(lower) + 128, inside, beyond, i, carry)

    return body


@wrong("derivative", caught_by=("GRAD-16",))
@on_body
def reverse_forgets_beyond_4096(body_fun: Body, lower: Bound, upper: Bound) -> Body:
    """Keeps the residuals of 4,096 trips: the trips before them have no gradient."""
    if _trips(lower, upper) <= 4096:
        return body_fun

    def body(i: Any, carry: Carry) -> Carry:
        forgotten = jnp.asarray(i) < int(upper) - 4096
        return jax.tree.map(
            lambda leaf: jnp.where(forgotten, jax.lax.stop_gradient(leaf), leaf), body_fun(i, carry)
        )

    return body


@wrong("derivative", caught_by=("GRAD-16",))
@on_body
def half_closures_are_rounded(body_fun: Body) -> Body:
    """Stops the gradient of closed-over values in half precision, which are taken for tables."""

    def change(constant: Any) -> Any:
        half = jnp.result_type(constant) in (jnp.float16, jnp.bfloat16)
        return jax.lax.stop_gradient(constant) if half else constant

    return _with_constants(body_fun, change)


@wrong("derivative", caught_by=("GRAD-16",))
@on_init
def mixed_precision_derives_in_the_lowest(init_val: Carry) -> Carry:
    """Rounds every cotangent to bfloat16 where one leaf is in half precision."""
    dtypes = {jnp.result_type(leaf) for leaf in jax.tree.leaves(init_val)}
    mixed = (
        dtypes & {jnp.dtype(jnp.float16), jnp.dtype(jnp.bfloat16)}
        and jnp.dtype(jnp.float32) in dtypes
    )
    return rounded_tangent(init_val) if mixed else init_val


@wrong("derivative", caught_by=("GRAD-16",))
def second_inner_loop_has_no_gradient(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates one loop inside a loop: a second one overwrites what the first one keeps."""
    inside, _state["inside"] = _state["inside"], _state["inside"] + 1
    _state["count"] = 0 if not inside else _state["count"] + 1
    try:
        if inside and _state["count"] > 1:
            init_val = stopped(init_val)
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    finally:
        _state["inside"] -= 1


_state = {"inside": 0, "count": 0}


@wrong("derivative", caught_by=("GRAD-16",))
@on_body
def a_cond_keeps_its_first_branch(body_fun: Body) -> Body:
    """Differentiates the square of a branch as if one factor were constant."""

    def body(i: Any, carry: Carry) -> Carry:
        program = jax.make_jaxpr(body_fun)(i, carry)
        if not any(str(equation.primitive) == "cond" for equation in program.eqns):
            return body_fun(i, carry)
        return jax.tree.map(_half_derivative, body_fun(i, carry), carry)

    return body


def _half_derivative(new: Any, old: Any) -> Any:
    if not jnp.issubdtype(jnp.result_type(new), jnp.floating):
        return new
    return jax.lax.stop_gradient(new) + (old - jax.lax.stop_gradient(old))


@wrong("derivative", caught_by=("GRAD-16",))
@on_trip
def branches_are_all_taken(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Makes a choice of each cond, for a device without branches: all have a derivative."""
    with mock.patch.object(jax.lax, "cond", _chosen):
        return body_fun(i, carry)


def _chosen(chooses: Any, first: Any, second: Any, *operands: Any) -> Any:
    both = first(*operands), second(*operands)
    return jax.tree.map(lambda one, other: jnp.where(chooses, one, other), *both)
