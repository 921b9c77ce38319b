"""Loops that accept what is no body, refuse what is one, or change the errors of the body."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.bounds import is_traced, normalised


@wrong("errors", caught_by=("ERROR-08",))
@on_body
def body_given_what_it_takes(body_fun: Any) -> Body:
    """Leaves the index out for a body of one parameter, to be helpful."""
    body: Body = body_fun
    if inspect.isfunction(body_fun) and len(inspect.signature(body_fun).parameters) == 1:
        body = lambda _, carry: body_fun(carry)  # noqa: E731
    return body


@wrong("errors", caught_by=("ERROR-08",))
@on_body
def carry_given_by_name(body_fun: Any) -> Body:
    """Hands a body the carry by name where it is keyword-only, as some frameworks do."""
    names = inspect.getfullargspec(body_fun).kwonlyargs if inspect.isfunction(body_fun) else []
    body: Body = body_fun
    if names:
        body = lambda i, carry: body_fun(i, **{names[0]: carry})  # noqa: E731
    return body


SHORT = 8
"""Most trips that a member runs in Python."""


@wrong("errors", caught_by=("ERROR-01", "ERROR-08", "CARRY-11"))
def empty_range_looks_at_nothing(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns at once when a static range is empty, before it has looked at the body."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)) and upper <= lower:
        return jax.tree.map(jnp.asarray, init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-01",))
@on_body
def no_body_is_the_identity(body_fun: Body | None) -> Body:
    """Treats None as a body that does nothing, as if it were optional."""
    return body_fun if body_fun is not None else (lambda i, carry: carry)


@wrong("errors", caught_by=("ERROR-01",))
@on_body
def body_refused_without_a_reason(body_fun: Body) -> Body:
    """Says "invalid arguments" whatever is wrong: one check covers all arguments."""
    if not callable(body_fun):
        raise TypeError("invalid arguments")
    return body_fun


def with_errors_handled(body_fun: Body, handle: Callable[[BaseException, Carry], Carry]) -> Body:
    """Return a body whose errors, and those of no other code, go through a function."""
    if not callable(body_fun):
        return body_fun

    def body(i: Any, carry: Carry) -> Carry:
        try:
            return body_fun(i, carry)
        except BaseException as error:
            return handle(error, carry)

    return body


@wrong("errors", caught_by=("ERROR-02",))
@on_body
def errors_of_the_body_wrapped(body_fun: Body) -> Body:
    """Raises RuntimeError from the body's error, to add context; except clauses no longer match."""

    def handle(error: BaseException, _: Carry) -> Carry:
        if isinstance(error, Exception):
            raise RuntimeError("the body of the loop failed") from error
        raise error

    return with_errors_handled(body_fun, handle)


@wrong("errors", caught_by=("ERROR-02",))
@on_body
def errors_of_the_body_made_anew(body_fun: Body) -> Body:
    """Raises an error of the same type, to add the index; the attributes are lost."""

    def handle(error: BaseException, _: Carry) -> Carry:
        raise type(error)(f"in the body: {error}") from error

    return with_errors_handled(body_fun, handle)


@wrong("errors", caught_by=("ERROR-02",))
@on_body
def stop_iteration_ends_the_loop(body_fun: Body) -> Body:
    """Drives the body from a generator, where a StopIteration means that all is done."""

    def handle(error: BaseException, carry: Carry) -> Carry:
        if isinstance(error, StopIteration):
            return carry
        raise error

    return with_errors_handled(body_fun, handle)


@wrong("errors", caught_by=("ERROR-02",))
@on_body
def errors_of_the_body_logged(body_fun: Body) -> Body:
    """Keeps the old carry when an iteration fails, so that a long run is not lost."""

    def handle(error: BaseException, carry: Carry) -> Carry:
        if isinstance(error, ValueError):
            return carry
        raise error

    return with_errors_handled(body_fun, handle)


@wrong("tracing", caught_by=("ERROR-06",))
def short_loops_run_in_python(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs short static ranges in Python, where the index is an int and branches may ask for it."""
    lower, upper = normalised(lower, upper)
    if is_traced(lower) or is_traced(upper) or not 0 < upper - lower <= SHORT:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val


@wrong("tracing", caught_by=("ERROR-06",))
def python_when_tracing_fails(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Falls back to Python when the body needs a value, and is slow instead of clear."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except (jax.errors.ConcretizationTypeError, jax.errors.TracerIntegerConversionError):
        for i in range(lower, upper):
            init_val = body_fun(i, init_val)
        return init_val


@wrong("errors", caught_by=("ERROR-18",))
@on_body
def parameters_are_counted(body_fun: Body) -> Body:
    """Refuses a body that does not declare exactly two parameters, to catch mistakes early."""
    if callable(body_fun) and len(inspect.signature(body_fun).parameters) != 2:
        raise TypeError("body_fun must take exactly two arguments")
    return body_fun


@wrong("errors", caught_by=("ERROR-18",))
def body_must_have_a_name(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Names its program after the body, where a partial function and an object have no name."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    with jax.named_scope(f"fori_loop_{body_fun.__name__}"):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
