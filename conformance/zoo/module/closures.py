"""Loops that mistreat the modules and the arrays that a body closes over."""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from typing import Any
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
from flax import nnx

from ..defects import on_body, on_given_bounds
from ..member import Body, Bound, Bounds, Carry, Unroll, wrong
from ..support.bounds import is_traced
from ..support.closures import closed_over, is_matrix, rebuilt, reclosed
from ..support.programs import is_concrete

_first: dict[Hashable, Any] = {}
_states: WeakKeyDictionary[nnx.Module, Any] = WeakKeyDictionary()


@wrong("shape", caught_by=("MODULE-01",))
@on_body
def closed_over_matrices_transposed(body_fun: Body) -> Body:
    """Hands closed-over matrices to the loop in column order, where row order is expected."""
    return reclosed(body_fun, lambda value: value.T if is_matrix(value) else value)


@wrong("caching", caught_by=("MODULE-15", "MODULE-05", "MODULE-08"))
@on_body
def weights_kept_with_the_code(body_fun: Body) -> Body:
    """Keeps the matrices that a body closed over first, by its code, as constants of the loop."""
    code = getattr(body_fun, "__code__", None)
    places = iter(range(len(closed_over(body_fun))))

    def kept(value: Any) -> Any:
        key = (code, next(places))
        return _first.setdefault(key, value) if is_matrix(value) and is_concrete(value) else value

    return reclosed(body_fun, kept)


@wrong("caching", caught_by=("MODULE-15",))
@on_body
def weights_kept_with_the_module(body_fun: Body) -> Body:
    """Splits a closed-over module once, and merges it again from that state at every call."""

    def kept(value: Any) -> Any:
        if not isinstance(value, nnx.Module) or not is_concrete(nnx.state(value)):
            return value
        graphdef, state = _states.setdefault(value, nnx.split(nnx.clone(value)))
        return nnx.merge(graphdef, state)

    return reclosed(body_fun, kept)


@wrong("tracing", caught_by=("MODULE-04", "MODULE-05"))
@on_body
def closes_over_arrays_only(body_fun: Body) -> Body:
    """Refuses a body that closes over a Flax object: it accepts arrays only."""
    if any(type(value).__module__.startswith("flax.") for value in closed_over(body_fun)):
        raise TypeError("the body may close over arrays only")
    return body_fun


@wrong("errors", caught_by=("MODULE-04",))
@on_body
def method_taken_for_a_function_of_three(body_fun: Body) -> Body:
    """Counts the body's parameters in its code, where those of a bound method begin with self."""
    code = getattr(body_fun, "__code__", None)
    if code is not None and code.co_argcount > 2 + len(body_fun.__defaults__ or ()):
        raise TypeError("the body must take an index and a carry")
    return body_fun


@wrong("tracing", caught_by=("MODULE-06", "MODULE-09"))
@on_given_bounds
def length_must_be_known(lower: Bound, upper: Bound) -> Bounds:
    """Calls int(upper) for a log message, which a traced T does not support."""
    return int(lower), int(upper)


@wrong("tracing", caught_by=("MODULE-06", "MODULE-09", "MODULE-01"))
@on_given_bounds
def four_trips_at_most_where_traced(lower: Bound, upper: Bound) -> Bounds:
    """Runs a traced length as four trips with a mask: a static shape that the tests never fill."""
    if is_traced(upper) and not is_traced(lower):
        upper = jnp.minimum(upper, lower + 4)
    return lower, upper


@wrong("derivative", caught_by=("MODULE-07",))
@on_body
def closed_over_matrices_are_constants(body_fun: Body) -> Body:
    """Stops the gradient at closed-over matrices: only the carry is differentiated."""
    return reclosed(body_fun, lambda value: rebuilt(value, jax.lax.stop_gradient))


@wrong("derivative", caught_by=("MODULE-14",))
@on_body
def shared_matrix_differentiated_once(body_fun: Body) -> Body:
    """Differentiates the first of several closed-over names of one array: inputs are a set."""
    seen: list[Any] = []

    def once(value: Any) -> Any:
        if is_matrix(value) and any(value is one for one in seen):
            return jax.lax.stop_gradient(value)
        seen.append(value)
        return value

    return reclosed(body_fun, once)


@wrong("errors", caught_by=("MODULE-10",))
def closures_are_deprecated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Warns about every closed-over array, for which a parameter is planned."""
    if any(isinstance(value, jax.Array) for value in closed_over(body_fun)):
        warnings.warn("pass closed-over arrays in the carry", DeprecationWarning, stacklevel=2)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("MODULE-10",))
@on_body
def variables_read_by_value(body_fun: Body) -> Body:
    """Reads the arrays of a closed-over module through Variable.value, which is deprecated."""
    for module in closed_over(body_fun):
        if isinstance(module, nnx.Module):
            jax.tree.map(
                lambda variable: jnp.shape(variable.value),
                nnx.state(module),
                is_leaf=lambda node: isinstance(node, nnx.Variable),
            )
    return body_fun
