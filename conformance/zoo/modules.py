"""Loops that mistreat what a body closes over: modules, Variables and their arrays."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable
from types import CellType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
from flax import errors, nnx

from .bound_arithmetic import is_traced
from .caching import is_concrete
from .member import Body, Bound, Carry, Index, Unroll, declares, wrong

_first: dict[Hashable, Any] = {}
_states: WeakKeyDictionary[nnx.Module, Any] = WeakKeyDictionary()


def closed_over(body_fun: Body) -> list[Any]:
    """Return what a body closes over."""
    return [cell.cell_contents for cell in getattr(body_fun, "__closure__", None) or ()]


def reclosed(body_fun: Body, change: Callable[[Any], Any]) -> Body:
    """Return a body that closes over changed values; one that is no plain function as it is."""
    if not isinstance(body_fun, FunctionType):
        return body_fun
    cells = tuple(CellType(change(value)) for value in closed_over(body_fun))
    code, scope, name = body_fun.__code__, body_fun.__globals__, body_fun.__name__
    return FunctionType(code, scope, name, body_fun.__defaults__, cells or None)


def is_matrix(value: Any) -> bool:
    """Say whether a value is an array of two dimensions, as weights are."""
    return isinstance(value, jax.Array) and value.ndim == 2


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return an array changed, a module with its arrays changed, and anything else as it is."""
    if isinstance(value, nnx.Module):
        graphdef, state = nnx.split(value)
        return nnx.merge(graphdef, jax.tree.map(change, state))
    return change(value) if is_matrix(value) else value


@wrong("shape", caught_by=("MODULE-01",))
def closed_over_matrices_transposed(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hands closed-over matrices to the loop in column order, where row order is expected."""
    body = reclosed(body_fun, lambda value: value.T if is_matrix(value) else value)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("caching", caught_by=("MODULE-15", "MODULE-05", "MODULE-08"))
def weights_kept_with_the_code(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the matrices that a body closed over first, by its code, as constants of the loop."""
    code = getattr(body_fun, "__code__", None)
    places = iter(range(len(closed_over(body_fun))))

    def kept(value: Any) -> Any:
        key = (code, next(places))
        return _first.setdefault(key, value) if is_matrix(value) and is_concrete(value) else value

    return jax.lax.fori_loop(lower, upper, reclosed(body_fun, kept), init_val, unroll=unroll)


@wrong("caching", caught_by=("MODULE-15",))
def weights_kept_with_the_module(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Splits a closed-over module once, and merges it again from that state at every call."""

    def kept(value: Any) -> Any:
        if not isinstance(value, nnx.Module) or not is_concrete(nnx.state(value)):
            return value
        graphdef, state = _states.setdefault(value, nnx.split(nnx.clone(value)))
        return nnx.merge(graphdef, state)

    return jax.lax.fori_loop(lower, upper, reclosed(body_fun, kept), init_val, unroll=unroll)


@wrong("aliasing", caught_by=("MODULE-02",))
def gives_closed_over_arrays_away(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Donates closed-over matrices with all other inputs: their owner finds them deleted."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    kept = jax.tree.leaves((init_val, jax.block_until_ready(result)))
    for value in closed_over(body_fun):
        if is_matrix(value) and not is_traced(value) and not any(value is one for one in kept):
            value.delete()
    return result


@wrong("state", caught_by=("MODULE-02",))
def builds_new_variables(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Writes the state of a closed-over module back after the loop, into new Variables."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    for module in closed_over(body_fun):
        for name, value in list(vars(module).items()) if isinstance(module, nnx.Module) else ():
            if isinstance(value, nnx.Variable):
                setattr(module, name, type(value)(value[...]))
    return result


@wrong("state", caught_by=("MODULE-06", "MODULE-02"))
def counts_its_calls_in_the_module(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts loops in an attribute of a closed-over module, which is another module to nnx.jit."""
    for module in closed_over(body_fun):
        if isinstance(module, nnx.Module):
            vars(module)["loops"] = vars(module).get("loops", 0) + 1
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


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
    """Catches Flax's error, and runs the body in Python, since it cannot be traced."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except errors.TraceContextError:
        return short_loop_in_python(lower, upper, body_fun, init_val)


@wrong("errors", caught_by=("MODULE-18", "MODULE-03", "MODULE-12"))
def another_error_for_a_trace_error(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Turns Flax's error into a TypeError on the carry: no other error was expected in tracing."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except errors.TraceContextError:
        raise TypeError("the body does not return a valid carry") from None


@wrong("aliasing", caught_by=("MODULE-17", "MODULE-03", "MODULE-12"))
def body_works_on_a_copy_of_the_module(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Merges a closed-over module anew inside the trace, where assignments are silently lost."""

    def body(i: Index, carry: Carry) -> Carry:
        return reclosed(body_fun, lambda value: rebuilt(value, lambda leaf: leaf))(i, carry)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("state", caught_by=("MODULE-13",))
@declares(without=("one_trace",))
def dry_run_of_the_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the body once before the loop, to see what it returns; what it assigned stays."""
    body_fun(lower, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("MODULE-04", "MODULE-05"))
def closes_over_arrays_only(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses a body that closes over an object of Flax: each value was to be an array."""
    if any(type(value).__module__.startswith("flax.") for value in closed_over(body_fun)):
        raise TypeError("the body may close over arrays only")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("MODULE-04",))
def method_taken_for_a_function_of_three(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts the body's parameters in its code, where those of a bound method begin with self."""
    code = getattr(body_fun, "__code__", None)
    if code is not None and code.co_argcount > 2 + len(body_fun.__defaults__ or ()):
        raise TypeError("the body must take an index and a carry")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("MODULE-06", "MODULE-09"))
def length_must_be_known(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes int(upper) for a line in a log, which a traced T has not."""
    return jax.lax.fori_loop(int(lower), int(upper), body_fun, init_val, unroll=unroll)


@wrong("tracing", caught_by=("MODULE-06", "MODULE-09", "MODULE-01"))
def four_trips_at_most_where_traced(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs a traced length as four trips with a mask: a static shape that the tests never fill."""
    if is_traced(upper) and not is_traced(lower):
        upper = jnp.minimum(upper, lower + 4)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("derivative", caught_by=("MODULE-07",))
def closed_over_matrices_are_constants(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops the gradient at closed-over matrices: only the carry is differentiated."""
    body = reclosed(body_fun, lambda value: rebuilt(value, jax.lax.stop_gradient))
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("derivative", caught_by=("MODULE-14",))
def shared_matrix_differentiated_once(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Differentiates the first of several closed-over names of one array: inputs are a set."""
    seen: list[Any] = []

    def once(value: Any) -> Any:
        if is_matrix(value) and any(value is one for one in seen):
            return jax.lax.stop_gradient(value)
        seen.append(value)
        return value

    return jax.lax.fori_loop(lower, upper, reclosed(body_fun, once), init_val, unroll=unroll)


@wrong("structure", caught_by=("MODULE-08",))
def params_collected_by_name(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Collects the Params of all closed-over modules by name, so that two named W are one."""
    known: dict[str, Any] = {}

    def collected(value: Any) -> Any:
        if not isinstance(value, nnx.Module):
            return value
        graphdef, state = nnx.split(value)
        for name, param in nnx.to_pure_dict(state).items():
            known.setdefault(name, param)
        return nnx.merge(graphdef, {name: known[name] for name in nnx.to_pure_dict(state)})

    return jax.lax.fori_loop(lower, upper, reclosed(body_fun, collected), init_val, unroll=unroll)


@wrong("errors", caught_by=("MODULE-10",))
def closures_are_deprecated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Warns of every closed-over array, for which there is to be a parameter one day."""
    if any(isinstance(value, jax.Array) for value in closed_over(body_fun)):
        warnings.warn("pass closed-over arrays in the carry", DeprecationWarning, stacklevel=2)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("MODULE-10",))
def variables_read_by_value(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Looks at the arrays of a closed-over module through Variable.value, which is deprecated."""
    for module in closed_over(body_fun):
        if isinstance(module, nnx.Module):
            jax.tree.map(
                lambda variable: jnp.shape(variable.value),
                nnx.state(module),
                is_leaf=lambda node: isinstance(node, nnx.Variable),
            )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("structure", caught_by=("MODULE-11",))
def nested_params_come_back_flat(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns nested dicts as one dict with joined keys, the form of a checkpoint."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return dict(_entries(result)) if isinstance(result, dict) else result


def _entries(tree: Carry, prefix: str = "") -> list[tuple[str, Any]]:
    if not isinstance(tree, dict):
        return [(prefix.removesuffix("/"), tree)]
    return [entry for key, value in tree.items() for entry in _entries(value, f"{prefix}{key}/")]


@wrong("structure", caught_by=("MODULE-11",))
def nested_params_are_not_updated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Carries the outer entries of a dict only, and dicts in it stay: its walk does not recurse."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if not isinstance(result, dict):
        return result
    return {key: init_val[key] if isinstance(new, dict) else new for key, new in result.items()}
