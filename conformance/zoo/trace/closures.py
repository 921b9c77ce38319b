"""Loops that trace the body with the wrong closed-over values or settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.programs import is_concrete


@wrong("numerics", caught_by=("TRACE-14",))
def precision_is_lowered(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Traces the body under a lower matmul precision, which has no effect on CPU."""
    with jax.default_matmul_precision("bfloat16"):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("caching", caught_by=("TRACE-14",))
@on_trip
def traced_body_is_kept_for_all_settings(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Caches the traced body regardless of the JAX settings at that time."""
    flat, tree = jax.tree.flatten((i, carry))
    key = (body_fun, tree, *map(jax.typeof, flat))
    traced = _traced.get(key) or jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
    if is_concrete(traced[0].consts):
        _traced[key] = traced
    new = jax.core.eval_jaxpr(traced[0].jaxpr, traced[0].consts, *flat)
    return jax.tree.unflatten(jax.tree.structure(traced[1]), new)


_traced: dict[Any, Any] = {}


def _with_constants(
    change: Callable[[list[Any]], list[Any]], body_fun: Body, lower: Bound, init_val: Carry
) -> Body:
    """Return the body as a jaxpr, what it closes over being changed."""
    closed, shapes = jax.make_jaxpr(body_fun, return_shape=True)(lower, init_val)
    structure = jax.tree.structure(shapes)
    constants = change(list(closed.consts))

    def body(i: Index, carry: Carry) -> Carry:
        leaves = jax.core.eval_jaxpr(closed.jaxpr, constants, i, *jax.tree.leaves(carry))
        return jax.tree.unflatten(structure, leaves)

    return body


@wrong("structure", caught_by=("TRACE-09",))
@on_body
def closed_over_in_reverse(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Passes closed-over values of one shape in reverse: it pops them from a stack."""

    def change(constants: list[Any]) -> list[Any]:
        alike = len({(jnp.shape(each), jnp.result_type(each)) for each in constants}) == 1
        return constants[::-1] if alike else constants

    return _with_constants(change, body_fun, lower, init_val)


@wrong("tracing", caught_by=("TRACE-09",))
@on_body
def closed_over_as_constants(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Converts closed-over values to NumPy constants, which fails for traced ones."""
    bake = partial(jax.tree.map, np.asarray)
    return _with_constants(bake, body_fun, lower, init_val)
