"""Loops that a review found uncaught: large leaves, many axes, effects, nests, long blocks."""

from __future__ import annotations

from types import CodeType
from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import is_traced
from .caching import is_concrete
from .derivative_rules import stopped
from .member import Body, Bound, Carry, Index, Unroll, wrong

_LARGE = 2**20
_COUNTED = 2**16
_AXES = 4


@wrong("aliasing", caught_by=("CARRY-19",))
def large_carries_are_donated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives the buffers of a carry of a megabyte away, though the caller did not offer them."""
    leaves = jax.tree.leaves(init_val)
    large = sum(getattr(leaf, "nbytes", 0) for leaf in leaves if not is_traced(leaf)) > _LARGE
    if large and is_concrete((lower, upper, init_val)):
        donating = jax.jit(
            lambda carry: jax.lax.fori_loop(lower, upper, body_fun, carry, unroll=unroll),
            donate_argnums=0,
        )
        return donating(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("shape", caught_by=("CARRY-19",))
def elements_counted_in_16_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Leaves the elements of a leaf past 2**16 as they were: their number had 16 bits."""

    def first(new: Any, old: Any) -> Any:
        if getattr(new, "size", 0) <= _COUNTED or new.shape != jnp.shape(old):
            return new
        return jnp.where(jnp.arange(new.size).reshape(new.shape) < _COUNTED, new, old)

    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.tree.map(first, result, init_val)


@wrong("shape", caught_by=("CARRY-02",))
def many_axes_are_rearranged(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Folds the first two axes of a leaf of many, and unfolds them in the other order."""

    def unfolded(leaf: Any) -> Any:
        if getattr(leaf, "ndim", 0) <= _AXES:
            return leaf
        first, second, *others = leaf.shape
        return leaf.reshape(second, first, *others).swapaxes(0, 1)

    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.tree.map(unfolded, result)


@wrong("tracing", caught_by=("TRACE-11",))
def unordered_effects_are_dead_code(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Removes callbacks whose result nothing needs from the body, unless they are ordered."""

    def body(i: Index, carry: Carry) -> Carry:
        closed, shapes = jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
        live = [equation for equation in closed.jaxpr.eqns if not _is_unordered(equation)]
        jaxpr = closed.jaxpr.replace(eqns=live)
        new = jax.core.eval_jaxpr(jaxpr, closed.consts, *jax.tree.leaves((i, carry)))
        return jax.tree.unflatten(jax.tree.structure(shapes), new)

    body = body if callable(body_fun) else body_fun
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


def _is_unordered(equation: Any) -> bool:
    return equation.primitive.name == "io_callback" and not equation.params["ordered"]


_traced_now: set[CodeType] = set()


@wrong("state", caught_by=("TRACE-10",))
def nested_bodies_are_recursion(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes a body inside another of the same code for a recursion without end, and refuses it."""
    code = getattr(body_fun, "__code__", None)
    if code is None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if code in _traced_now:
        raise RecursionError("body_fun calls itself")
    _traced_now.add(code)
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    finally:
        _traced_now.discard(code)


@wrong("derivative", caught_by=("GRAD-12",))
def far_unrolled_loops_are_constant(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has no derivative where a block is longer than the loop: the remainder was left to values."""
    static = isinstance(lower, int) and isinstance(upper, int)
    if static and type(unroll) is int and unroll > upper - lower > 0:
        init_val = stopped(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
