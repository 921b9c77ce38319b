"""Loops that make other callbacks than the body does, and loops that confuse bodies."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.bounds import is_traced

Loop = Callable[..., Any]


def _effects(body_fun: Body, lower: Bound, init_val: Carry) -> Any:
    """The program of one iteration, or None where it cannot be traced alone."""
    try:
        return jax.make_jaxpr(body_fun)(jnp.asarray(lower), init_val)
    except Exception:  # the loop itself refuses it
        return None


def _runs(program: Any, *names: str) -> bool:
    return any(str(equation.primitive) in names for equation in program.eqns)


@wrong("tracing", caught_by=("TRACE-16",))
def a_body_of_no_work_is_skipped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Skips a body that returns its carry as it is, and the callbacks that it makes."""
    program = _effects(body_fun, lower, init_val)
    if program is not None:
        carried = program.jaxpr.invars[1:]
        if len(carried) == len(program.jaxpr.outvars) and all(
            one is other for one, other in zip(carried, program.jaxpr.outvars, strict=True)
        ):
            return jax.lax.fori_loop(lower, lower, body_fun, init_val, unroll=unroll)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("TRACE-16",))
def callbacks_without_operands_come_once(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Moves a callback that depends on nothing out of the loop, as if it were a constant."""
    program = _effects(body_fun, lower, init_val)
    if program is not None and any(
        str(equation.primitive) in ("io_callback", "debug_callback") and not equation.invars
        for equation in program.eqns
    ):
        upper = lower + jnp.minimum(upper - lower, 1) if is_traced(upper) else min(upper, lower + 1)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("TRACE-17",))
def no_carry_no_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns a carry without leaves at once: nothing could change, it seems, so nothing is run."""
    if callable(body_fun) and not jax.tree.leaves(init_val):
        return init_val
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("batching", caught_by=("TRACE-18",), as_jax=True)
def ended_lanes_go_on_calling_back(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the body of each lane until the last one ends, and masks the carry but no callback."""
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


_by_code: dict[Any, Body] = {}


def _cached(key: Any, body_fun: Body) -> Body:
    return _by_code.setdefault(key, body_fun)


@wrong("caching", caught_by=("TRACE-16",))
def bodies_that_differ_in_a_default(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes two bodies that differ in the default of an argument for one: keyed by code."""
    if isinstance(body_fun, types.FunctionType) and body_fun.__defaults__:
        cells = tuple(id(cell.cell_contents) for cell in body_fun.__closure__ or ())
        body_fun = _cached((body_fun.__code__, cells), body_fun)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


_methods: dict[Any, Body] = {}


@wrong("caching", caught_by=("TRACE-16",))
def methods_of_two_objects(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes one method of two objects for one body: keyed by the method's function."""
    if isinstance(body_fun, types.MethodType) and not is_traced(jax.tree.leaves(init_val) or 0):
        key = (body_fun.__func__, str(jax.tree.structure(init_val)))
        body_fun = _methods.setdefault(key, body_fun)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


_partials: dict[Any, Body] = {}


@wrong("caching", caught_by=("TRACE-16",))
def partials_of_two_arguments(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes two partials of one function for one body: keyed by what they are partials of."""
    if isinstance(body_fun, functools.partial):
        function = body_fun.func
        body_fun = _partials.setdefault(getattr(function, "func", function), body_fun)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


_wrapped: dict[Any, Body] = {}


@wrong("caching", caught_by=("TRACE-16",))
def wrappers_of_one_function(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unwraps a decorated body to find it again, and runs the first wrapper of that function."""
    original = getattr(body_fun, "__wrapped__", None)
    if isinstance(original, types.FunctionType):
        body_fun = _wrapped.setdefault(original, body_fun)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
