"""Loops whose derivatives are right for some leaves and some static bounds only."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import is_traced
from .derivative_rules import stopped
from .member import Body, Bound, Carry, Index, Unroll, wrong

_LONG = 1000


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04", "GRAD-05"))
def constants_stay_constant(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps a zero tangent zero: which leaves have one is decided before the first trip."""
    constant = [not is_traced(leaf) for leaf in jax.tree.leaves(init_val)]

    def body(i: Index, carry: Carry) -> Carry:
        leaves, structure = jax.tree.flatten(body_fun(i, carry))
        if len(leaves) == len(constant):
            pairs = zip(leaves, constant, strict=True)
            leaves = [stopped(leaf) if cut else leaf for leaf, cut in pairs]
        return jax.tree.unflatten(structure, leaves)

    return jax.lax.fori_loop(
        lower, upper, body if callable(body_fun) else body_fun, init_val, unroll=unroll
    )


@wrong("derivative", caught_by=("GRAD-01",))
def static_only_python_ints(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes bounds for traced unless both are of type int: arrays have no reverse mode."""
    if (type(lower) is int and type(upper) is int) or unroll not in (None, False):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def run(lower: Any, upper: Any, init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init)

    return jax.jit(run)(lower, upper, init_val)


@wrong("derivative", caught_by=("GRAD-01",))
def long_static_is_while(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes a while_loop, which has no reverse mode, for more than 1000 trips, to save memory."""
    ints = type(lower) is int and type(upper) is int
    if unroll is not None or not ints or upper - lower <= _LONG:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def step(state: tuple[Any, Carry]) -> tuple[Any, Carry]:
        i, carry = state
        return i + 1, body_fun(i, carry)

    start = (jnp.int32(lower), init_val)
    return jax.lax.while_loop(lambda state: state[0] < upper, step, start)[1]


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04", "GRAD-05"))
def half_cut(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no derivative to leaves of half precision: its list of floats is one of two dtypes."""
    halves = (jnp.float16, jnp.bfloat16)
    start = jax.tree.map(
        lambda leaf: stopped(leaf) if getattr(leaf, "dtype", None) in halves else leaf, init_val
    )
    return jax.lax.fori_loop(lower, upper, body_fun, start, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-01",))
def complex_cotangent_conjugated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Conjugates a complex cotangent: the convention is the one of another library."""
    start = jax.tree.map(
        lambda leaf: _conjugated(leaf) if is_traced(leaf) and jnp.iscomplexobj(leaf) else leaf,
        init_val,
    )
    return jax.lax.fori_loop(lower, upper, body_fun, start, unroll=unroll)


_conjugated: Any = jax.custom_vjp(lambda value: value)
_conjugated.defvjp(lambda value: (value, None), lambda _, cotangent: (jnp.conj(cotangent),))
