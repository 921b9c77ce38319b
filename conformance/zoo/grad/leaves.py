"""Loops whose derivatives are right for some leaves only."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body, on_init, on_trip
from ..member import Body, Bound, Carry, Index, wrong
from ..support.bounds import is_traced
from ..support.derivatives import hoisted, rounded_tangent, stopped


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04", "GRAD-05"))
@on_body
def constants_stay_constant(body_fun: Body, init_val: Carry) -> Body:
    """Keeps a zero tangent zero: it decides before the first trip which leaves have one."""
    constant = [not is_traced(leaf) for leaf in jax.tree.leaves(init_val)]

    def body(i: Index, carry: Carry) -> Carry:
        leaves, structure = jax.tree.flatten(body_fun(i, carry))
        if len(leaves) == len(constant):
            pairs = zip(leaves, constant, strict=True)
            leaves = [stopped(leaf) if cut else leaf for leaf, cut in pairs]
        return jax.tree.unflatten(structure, leaves)

    return body if callable(body_fun) else body_fun


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04", "GRAD-05"))
@on_init
def half_cut(init_val: Carry) -> Carry:
    """Has no derivative with respect to half-precision leaves: its list of floats lacks them."""
    halves = (jnp.float16, jnp.bfloat16)
    return jax.tree.map(
        lambda leaf: stopped(leaf) if getattr(leaf, "dtype", None) in halves else leaf, init_val
    )


@wrong("derivative", caught_by=("GRAD-01",))
@on_init
def complex_cotangent_conjugated(init_val: Carry) -> Carry:
    """Conjugates a complex cotangent: the convention is the one of another library."""
    return jax.tree.map(
        lambda leaf: _conjugated(leaf) if is_traced(leaf) and jnp.iscomplexobj(leaf) else leaf,
        init_val,
    )


_conjugated: Any = jax.custom_vjp(lambda value: value)
_conjugated.defvjp(lambda value: (value, None), lambda _, cotangent: (jnp.conj(cotangent),))


@wrong("derivative", caught_by=("GRAD-01", "GRAD-03", "GRAD-09"))
@on_init
def carry_is_cut_off(init_val: Carry) -> Carry:
    """Has no derivative with respect to the initial carry, which it copies with stop_gradient."""
    return stopped(init_val)


@wrong("derivative", caught_by=("GRAD-02",))
@on_body
def closed_over_values_are_constants(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Has no derivative with respect to closed-over values, which are constants to its trace."""
    body, values = hoisted(body_fun, lower, init_val)
    constants = stopped(values)
    return lambda i, carry: body(i, carry, *constants)


@wrong("derivative", caught_by=("GRAD-01", "GRAD-04"))
@on_trip
def derivative_in_bfloat16(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Keeps eight bits of a derivative, to save memory: the setting was for activations."""
    return body_fun(i, rounded_tangent(carry))


@wrong("derivative", caught_by=("GRAD-04", "GRAD-05", "GRAD-01"))
@on_init
def derivative_of_the_first_leaf(init_val: Carry) -> Carry:
    """Differentiates with respect to the first leaf alone: the rule expects a single array."""
    return _first_leaf(init_val)


@wrong("derivative", caught_by=("GRAD-05",))
@on_init
def derivative_of_the_first_leaf_when_traced(lower: Bound, upper: Bound, init_val: Carry) -> Carry:
    """With traced bounds, propagates one leaf's tangent only: just the static path was fixed."""
    traced = is_traced(lower) or is_traced(upper)
    return _first_leaf(init_val) if traced else init_val


def _first_leaf(tree: Carry) -> Carry:
    leaves, structure = jax.tree.flatten(tree)
    return jax.tree.unflatten(structure, [*leaves[:1], *stopped(leaves[1:])])


@wrong("derivative", caught_by=("GRAD-11",))
@on_init
def integers_stop_all_derivatives(init_val: Carry) -> Carry:
    """Treats a carry with an integer leaf as not differentiable: it requires all() floats."""
    kinds = [
        jnp.issubdtype(jnp.result_type(leaf), jnp.inexact) for leaf in jax.tree.leaves(init_val)
    ]
    return init_val if all(kinds) else stopped(init_val)


@wrong("derivative", caught_by=("GRAD-01",))
@on_init
def bfloat16_has_no_derivative(init_val: Carry) -> Carry:
    """Treats only the float dtypes of NumPy as differentiable."""
    return jax.tree.map(
        lambda leaf: stopped(leaf) if getattr(leaf, "dtype", None) == jnp.bfloat16 else leaf,
        init_val,
    )
