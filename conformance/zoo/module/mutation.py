"""Loops that let a body mutate a module, or mutate one themselves."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from flax import errors, nnx

from ..defects import on_body, on_result, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, declares, wrong
from ..support.bounds import is_traced
from ..support.closures import closed_over, is_matrix, rebuilt, reclosed


@wrong("aliasing", caught_by=("MODULE-02",))
@on_result
def gives_closed_over_arrays_away(body_fun: Body, init_val: Carry, result: Carry) -> Carry:
    """Donates closed-over matrices with all other inputs, which deletes them for their owner."""
    kept = jax.tree.leaves((init_val, jax.block_until_ready(result)))
    for value in closed_over(body_fun):
        if is_matrix(value) and not is_traced(value) and not any(value is one for one in kept):
            value.delete()
    return result


@wrong("state", caught_by=("MODULE-02",))
@on_result
def builds_new_variables(body_fun: Body, result: Carry) -> Carry:
    """Writes the state of a closed-over module back after the loop, into new Variables."""
    for module in closed_over(body_fun):
        for name, value in list(vars(module).items()) if isinstance(module, nnx.Module) else ():
            if isinstance(value, nnx.Variable):
                setattr(module, name, type(value)(value[...]))
    return result


@wrong("state", caught_by=("MODULE-06", "MODULE-02"))
@on_body
def counts_its_calls_in_the_module(body_fun: Body) -> Body:
    """Counts loops in an attribute of a closed-over module, which is another module to nnx.jit."""
    for module in closed_over(body_fun):
        if isinstance(module, nnx.Module):
            vars(module)["loops"] = vars(module).get("loops", 0) + 1
    return body_fun


@wrong("tracing", caught_by=("MODULE-16", "MODULE-03", "MODULE-12", "MODULE-13"))
@declares(without=("one_trace",))
def short_loop_in_python(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Unrolls a short static loop in Python, untraced, so that assignments get through."""
    if is_traced(lower) or is_traced(upper) or int(upper) - int(lower) > 4:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    for i in range(int(lower), int(upper)):
        init_val = body_fun(jnp.int32(i), init_val)
    return init_val


@wrong("tracing", caught_by=("MODULE-03", "MODULE-12"))
@declares(without=("one_trace",))
def python_after_a_trace_error(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Catches the error of Flax, and runs the body in Python, since it cannot be traced."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except errors.TraceContextError:
        return short_loop_in_python(lower, upper, body_fun, init_val)


@wrong("errors", caught_by=("MODULE-18", "MODULE-03", "MODULE-12"))
def another_error_for_a_trace_error(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Converts the error of Flax to a TypeError about the carry: it expects no other error."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except errors.TraceContextError:
        raise TypeError("the body does not return a valid carry") from None


@wrong("aliasing", caught_by=("MODULE-17", "MODULE-03", "MODULE-12"))
@on_trip
def body_works_on_a_copy_of_the_module(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Merges a closed-over module anew inside the trace, where assignments are silently lost."""
    return reclosed(body_fun, lambda value: rebuilt(value, lambda leaf: leaf))(i, carry)


@wrong("state", caught_by=("MODULE-13",))
@declares(without=("one_trace",))
@on_body
def dry_run_of_the_body(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Runs the body once before the loop, to see what it returns; what it assigned stays."""
    body_fun(lower, init_val)
    return body_fun


@wrong("aliasing", caught_by=("MODULE-19",))
@on_result
def modules_of_one_class_are_one(result: Carry) -> Carry:
    """Rebuilds the modules of a carry by their class, so that of two only the first is left."""
    if not isinstance(result, tuple):
        return result
    kinds: dict[type, Any] = {}
    return tuple(
        kinds.setdefault(type(part), part) if isinstance(part, nnx.Module) else part
        for part in result
    )
