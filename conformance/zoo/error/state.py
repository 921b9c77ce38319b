"""Loops that leave something behind: after an error, or in global state."""

from __future__ import annotations

import random
from typing import Any

import jax
import numpy as np

from ..defects import on_result
from ..member import Body, Bound, Carry, Unroll, declares, wrong
from ..right.numpy_loops import LACKS, numpy_loop


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
    """Runs nothing beyond three nested loops, and counts loops that raised as open forever."""
    _OPEN.append(None)
    upper = lower if len(_OPEN) > 3 else upper
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    _OPEN.pop()
    return result


@wrong("state", caught_by=("ERROR-05",))
@declares(without=LACKS, array_namespace="numpy")
def resumes_after_an_error(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Saves the carry when the body raises, and the next call with this body resumes from there."""
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
    """Works in the caller's array and restores its values at the end, which an error skips."""
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


@wrong("state", caught_by=("ERROR-19",))
@on_result
def says_that_it_runs(result: Carry) -> Carry:
    """Has a print left over from debugging, after the loop."""
    print("fori_loop done")
    return result


@wrong("state", caught_by=("ERROR-19",))
def global_random_numbers_are_seeded(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Seeds the global random numbers, so that its own choices are the same in each run."""
    random.seed(0)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("caching", caught_by=("ERROR-20",))
def bounds_checked_once(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Remembers the bounds that it has checked, under a key for which 3 and 3.0 are the same."""
    if isinstance(lower, jax.core.Tracer) or isinstance(upper, jax.core.Tracer):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if (lower, upper) in _CHECKED:
        lower, upper = int(lower), int(upper)
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    _CHECKED.add((lower, upper))
    return result


_CHECKED: set[tuple[Bound, Bound]] = set()
