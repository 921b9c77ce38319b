"""Loops that mistake the body: what is no body, its errors, and what they leave behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import is_traced, normalised
from .member import Body, Bound, Carry, Unroll, declares, wrong
from .right_numpy import LACKS, numpy_loop

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
def no_body_is_the_identity(
    lower: Bound, upper: Bound, body_fun: Body | None, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes None for a body that does nothing, as if it were optional."""
    body = body_fun if body_fun is not None else (lambda i, carry: carry)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-01",))
def body_refused_without_a_reason(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says "invalid arguments" whatever is wrong: one check at the door stands for all."""
    if not callable(body_fun):
        raise TypeError("invalid arguments")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


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
def errors_of_the_body_wrapped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Raises RuntimeError from the body's error, to say where; no except clause meets it."""

    def handle(error: BaseException, _: Carry) -> Carry:
        if isinstance(error, Exception):
            raise RuntimeError("the body of the loop failed") from error
        raise error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-02",))
def errors_of_the_body_made_anew(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Raises an error of the same type, to add the index; the attributes are lost."""

    def handle(error: BaseException, _: Carry) -> Carry:
        raise type(error)(f"in the body: {error}") from error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-02",))
def stop_iteration_ends_the_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Drives the body from a generator, where a StopIteration means that all is done."""

    def handle(error: BaseException, carry: Carry) -> Carry:
        if isinstance(error, StopIteration):
            return carry
        raise error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-02",))
def errors_of_the_body_logged(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the old carry when an iteration fails, so that a long run is not lost."""

    def handle(error: BaseException, carry: Carry) -> Carry:
        if isinstance(error, ValueError):
            return carry
        raise error

    body = with_errors_handled(body_fun, handle)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("caching", caught_by=("ERROR-05",))
def failed_body_is_remembered(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the outcome of tracing for each body, and an error is an outcome."""
    if body_fun in _ERRORS:
        raise _ERRORS[body_fun]
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except ValueError as error:
        _ERRORS[body_fun] = error
        raise


@wrong("state", caught_by=("ERROR-05",))
def context_left_open(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Lets nothing run four loops deep, and counts the loops that raised as open for ever."""
    _OPEN.append(None)
    upper = lower if len(_OPEN) > 3 else upper
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    _OPEN.pop()
    return result


@wrong("state", caught_by=("ERROR-05",))
@declares(without=LACKS, array_namespace="numpy")
def resumes_after_an_error(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Saves the carry when the body raises, and goes on from there in the next call of the body."""
    last = [init_val]

    def body(i: Any, carry: Carry) -> Carry:
        last[0] = carry
        return body_fun(i, carry)

    try:
        return numpy_loop(lower, upper, body, _SAVED.pop(body_fun, init_val))
    except ValueError:
        _SAVED[body_fun] = last[0]
        raise


@wrong("aliasing", caught_by=("ERROR-05",))
@declares(without=LACKS, array_namespace="numpy")
def caller_s_carry_is_the_buffer(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Works in the caller's array and puts its values back at the end, which an error skips."""
    if not isinstance(init_val, np.ndarray) or not callable(body_fun):
        return numpy_loop(lower, upper, body_fun, init_val)
    before = init_val.copy()

    def body(i: Any, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if getattr(new, "shape", None) == init_val.shape:
            init_val[...] = new.astype(init_val.dtype)
        return new

    result = numpy_loop(lower, upper, body, before)
    init_val[...] = before
    return result


_ERRORS: dict[Body, ValueError] = {}
_OPEN: list[None] = []
_SAVED: dict[Body, Carry] = {}


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
