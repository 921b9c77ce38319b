"""What it takes to give a loop another derivative than its own.

Every function here leaves values as they are, and leaves of integers altogether.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.core import Literal

from ..member import Body, Bound, Carry, Unroll

Function = Callable[..., Any]


def stopped(tree: Carry) -> Carry:
    """Return the same values, without a derivative."""
    return jax.tree.map(lambda leaf: jax.lax.stop_gradient(leaf) if _is_float(leaf) else leaf, tree)


def graft(value: Carry, derivative: Carry) -> Carry:
    """Return ``value``, with the derivative of ``derivative``."""
    return jax.tree.map(
        lambda one, other: _grafted(one, other) if _is_float(one) else one, value, derivative
    )


def rounded_tangent(tree: Carry) -> Carry:
    """Return the same values, with derivatives that are rounded to bfloat16 on the way."""
    return jax.tree.map(lambda leaf: _rounded(leaf) if _is_float(leaf) else leaf, tree)


def alike_everywhere(one: Carry, other: Carry) -> bool:
    """Say whether two carries have one structure, and leaves of the same dtypes and shapes."""
    types = [
        jax.tree.map(lambda x: (jnp.result_type(x), jnp.shape(x)), each) for each in (one, other)
    ]
    return bool(types[0] == types[1])


def hoisted(body_fun: Body, lower: Bound, init_val: Carry) -> tuple[Function, list[Any]]:
    """Return a body that takes the values it closes over as arguments, and these values."""
    converted: tuple[Function, list[Any]] = jax.closure_convert(
        body_fun, jnp.asarray(lower), init_val
    )
    return converted


def loop_of_values(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, unroll: Unroll
) -> tuple[Function, list[Any]]:
    """Return the loop as a function of the initial carry and of values, and these values."""
    body, values = hoisted(body_fun, lower, init_val)

    def run(init: Carry, *values: Any) -> Carry:
        return jax.lax.fori_loop(
            lower, upper, lambda i, carry: body(i, carry, *values), init, unroll=unroll
        )

    return run, values


def without_primitives(function: Function, names: frozenset[str]) -> Function:
    """Return the function without some of its operations.

    An operation that wraps a function is replaced by what it wraps, one with as many results as
    operands by its operands, and one without results by nothing.
    """

    def rewritten(*args: Any) -> Any:
        closed, shape = jax.make_jaxpr(function, return_shape=True)(*args)
        results = _evaluated(closed.jaxpr, closed.consts, jax.tree.leaves(args), names)
        return jax.tree.unflatten(jax.tree.structure(shape), results)

    return rewritten


def _evaluated(jaxpr: Any, consts: Any, args: Any, names: frozenset[str]) -> list[Any]:
    known = dict(zip((*jaxpr.constvars, *jaxpr.invars), (*consts, *args), strict=True))

    def read(atom: Any) -> Any:
        return atom.val if isinstance(atom, Literal) else known[atom]

    for equation in jaxpr.eqns:
        operands = [read(atom) for atom in equation.invars]
        if equation.primitive.name not in names:
            results = _applied(equation, operands)
        elif inner := equation.params.get("call_jaxpr"):
            results = _evaluated(inner.jaxpr, inner.consts, operands, names)
        else:
            results = operands
        known |= zip(equation.outvars, results, strict=False)
    return [read(atom) for atom in jaxpr.outvars]


def _applied(equation: Any, operands: list[Any]) -> list[Any]:
    bound = equation.primitive.get_bind_params(equation.params)
    functions, params = bound if isinstance(bound, tuple) else ((), bound)  # by version of JAX
    results = equation.primitive.bind(*functions, *operands, **params)
    return list(results) if equation.primitive.multiple_results else [results]


def _is_float(leaf: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(leaf), jnp.inexact))


_grafted: Any = jax.custom_jvp(lambda value, derivative: value)
_grafted.defjvp(lambda primals, tangents: (primals[0], tangents[1]))


_rounded: Any = jax.custom_jvp(lambda value: value)
_rounded.defjvp(lambda primals, tangents: (primals[0], _in_bfloat16(tangents[0])))


def _in_bfloat16(tangent: Any) -> Any:
    return tangent.astype(jnp.bfloat16).astype(tangent.dtype)
