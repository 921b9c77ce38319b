"""Loops that are right when called, and wrong inside jit, cond, eval_shape or disable_jit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body, on_given_bounds, on_trip
from ..member import Body, Bound, Bounds, Carry, Index, Unroll, wrong
from ..support.bodies import structure
from ..support.bounds import is_traced, is_weak
from ..support.programs import is_concrete, is_key


@wrong("dtype", caught_by=("XFORM-01",))
@on_given_bounds
def weak_bounds_as_python_ints(lower: Bound, upper: Bound) -> Bounds:
    """Converts weakly typed bounds to Python ints, which fails inside jit."""
    lower, upper = (int(bound) if is_weak(bound) else bound for bound in (lower, upper))
    return lower, upper


_compiled: dict[Body, Callable[[Carry], Carry]] = {}


@wrong("caching", caught_by=("XFORM-01", "ITER-09"))
def compiled_once_for_a_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps a jitted loop for each body, closed over the bounds of the first call: tracers leak."""

    def run(init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll)

    return _compiled.setdefault(body_fun, jax.jit(run))(init_val)


@wrong("tracing", caught_by=("XFORM-07",))
@on_trip
def takes_the_first_branch(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Interprets the program of the body, and of a conditional only the first branch."""
    program, shapes = jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
    out = _interpreted(program.jaxpr, program.consts, jax.tree.leaves((i, carry)))
    return jax.tree.unflatten(structure(shapes), out)


def _interpreted(program: Any, consts: list[Any], args: list[Any]) -> list[Any]:
    """Evaluate a jaxpr, whose conditionals lose all branches but one."""
    names = dict(zip((*program.constvars, *program.invars), (*consts, *args), strict=True))

    def read(atom: Any) -> Any:
        return atom.val if hasattr(atom, "val") else names[atom]

    for line in program.eqns:
        values = [read(atom) for atom in line.invars]
        if line.primitive.name == "cond":
            branch = line.params["branches"][0]
            out = jax.core.eval_jaxpr(branch.jaxpr, branch.consts, *values[1:])
        else:
            bound = line.primitive.get_bind_params(line.params)
            functions, params = bound if isinstance(bound, tuple) else ((), bound)  # by version
            out = line.primitive.bind(*functions, *values, **params)
        names |= zip(line.outvars, out if isinstance(out, list | tuple) else [out], strict=True)
    return [read(atom) for atom in program.outvars]


_body_of: dict[Any, Body] = {}


@wrong("caching", caught_by=("XFORM-07", "ITER-09"))
@on_body
def branch_cached_by_code(body_fun: Body, init_val: Carry) -> Body:
    """Runs the first body with the same code, so one branch runs with another's closed-over value.

    Traced values are distinguished.
    """
    code = getattr(body_fun, "__code__", None)
    cells = [cell.cell_contents for cell in getattr(body_fun, "__closure__", None) or ()]
    if code is not None and is_concrete(cells):
        body_fun = _body_of.setdefault((code, is_traced(jax.tree.leaves(init_val)[0])), body_fun)
    return body_fun


@wrong("iteration", caught_by=("XFORM-11",))
def debugged_from_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Loops in Python under disable_jit, over range(upper): the debugging path ignores lower."""
    if _disabled() and is_concrete((lower, upper)):
        for i in range(int(upper)):
            init_val = body_fun(i, init_val)
        return init_val
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("XFORM-11",))
def debugged_as_a_do_while(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the first iteration under disable_jit unconditionally, to have a carry to inspect."""
    if _disabled() and is_concrete((lower, upper)):
        init_val, lower = body_fun(lower, init_val), lower + 1
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def _disabled() -> bool:
    config: Any = jax.config
    return bool(config.jax_disable_jit)


@wrong("tracing", caught_by=("XFORM-14",))
def computes_with_constants_at_once(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Folds a loop over constants while tracing, so that eval_shape runs it."""
    if is_concrete((lower, upper, init_val)):
        with jax.ensure_compile_time_eval():
            return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("XFORM-14",))
@on_body
def warms_up_on_zeros(body_fun: Body, init_val: Carry) -> Body:
    """Runs the body once on zeros, to see how long it takes, even while a program is traced."""
    if not any(is_key(leaf) for leaf in jax.tree.leaves(init_val)):
        with jax.ensure_compile_time_eval():
            body_fun(0, jax.tree.map(lambda x: jnp.zeros(jnp.shape(x), x.dtype), init_val))
    return body_fun
