"""Loops that remember earlier calls: a call must depend on its arguments alone."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body, on_bounds
from ..member import Body, Bound, Bounds, Carry, Unroll, declares, wrong
from ..right.numpy_loops import LACKS, numpy_loop
from ..support.bounds import is_weak
from ..support.programs import is_concrete

_result_of: WeakKeyDictionary[Body, Carry] = WeakKeyDictionary()
_trips_of: WeakKeyDictionary[Body, int] = WeakKeyDictionary()
_body_of: dict[Any, Body] = {}
_last_result: dict[Any, Carry] = {}


@wrong("caching", caught_by=("ITER-09",))
def result_cached_by_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns the first result of a body again: memoised by the body, not by the arguments."""
    concrete = is_concrete((lower, upper, init_val))
    if concrete and body_fun in _result_of:
        return _result_of[body_fun]
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if concrete and is_concrete(result):
        _result_of[body_fun] = result
    return result


@wrong("caching", caught_by=("ITER-09",))
@on_bounds
def trip_count_cached_by_body(lower: Bound, upper: Bound, body_fun: Body) -> Bounds:
    """Runs the trip count of a body's first call: the compiled loop is looked up by body alone."""
    if is_concrete((lower, upper)):
        upper = lower + _trips_of.setdefault(body_fun, upper - lower)
    return lower, upper


@wrong("caching", caught_by=("ITER-09",))
@on_body
def body_cached_by_code(body_fun: Body) -> Body:
    """Runs the first body with the same code object, and so with that one's closed-over values."""
    code = getattr(body_fun, "__code__", None)
    if code is not None and _closes_over_constants(body_fun):
        body_fun = _body_of.setdefault(code, body_fun)
    return body_fun


def _closes_over_constants(body_fun: Body) -> bool:
    cells = getattr(body_fun, "__closure__", None) or ()
    return is_concrete([cell.cell_contents for cell in cells])


@wrong("state", caught_by=("ITER-09",))
def starts_from_previous_result(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Starts where the last call with a carry of this type ended: the state buffer is not reset."""
    if not is_concrete((lower, upper, init_val)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    start = _last_result.get(_signature(init_val), init_val)
    result = jax.lax.fori_loop(lower, upper, body_fun, start, unroll=unroll)
    if is_concrete(result) and _signature(result) == _signature(init_val):
        _last_result[_signature(init_val)] = result
    return result


def _signature(tree: Carry) -> Any:
    leaves, structure = jax.tree.flatten(tree)
    return structure, tuple(
        (jnp.shape(leaf), jnp.result_type(leaf), is_weak(leaf)) for leaf in leaves
    )


_calls = {"count": 0}


@wrong("state", caught_by=("ITER-09",))
@on_bounds
def later_calls_run_short(lower: Bound, upper: Bound) -> Bounds:
    """Drops the last trip of every call after the first: a warm-up counter is never reset."""
    _calls["count"] += 1
    if is_concrete((lower, upper)) and _calls["count"] > 1 and lower < upper:
        upper -= 1
    return lower, upper


_carries: dict[Any, Carry] = {}


@wrong("caching", caught_by=("ITER-09",))
def result_cached_by_corners(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Caches results by the first element of each leaf, since hashing whole arrays is slow."""
    if not is_concrete((lower, upper, init_val)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    corners = [np.ravel(leaf)[:1].tobytes() for leaf in map(np.asarray, jax.tree.leaves(init_val))]
    key = (body_fun, str(lower), str(upper), *corners)
    if key not in _carries:
        _carries[key] = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return _carries[key]


@wrong("state", caught_by=("ITER-09",))
@on_bounds
def every_second_call_is_a_trip_behind(lower: Bound, upper: Bound) -> Bounds:
    """Loses the last trip of every second call: of two buffers, it reads one too early."""
    _calls["count"] += 1
    if is_concrete((lower, upper)) and _calls["count"] % 2 == 0 and lower < upper:
        upper -= 1
    return lower, upper


_plans: dict[int, range] = {}


@wrong("caching", caught_by=("ITER-03",))
@declares(without=LACKS, array_namespace="numpy")
def plan_found_by_hash(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Caches ranges by the hash of their bounds, to save memory; -1 and -2 have the same hash."""
    plan = _plans.setdefault(hash((int(lower), int(upper))), range(int(lower), int(upper)))
    return numpy_loop(plan.start, plan.stop, body_fun, init_val)


_buffers: dict[Any, np.ndarray] = {}


@wrong("aliasing", caught_by=("ITER-09",))
@declares(without=LACKS, array_namespace="numpy")
def result_is_the_buffer_of_all_calls(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Returns its one buffer for a shape, which the next call overwrites."""
    result = numpy_loop(lower, upper, body_fun, init_val)
    if not isinstance(result, np.ndarray):
        return result
    buffer = _buffers.setdefault((result.shape, result.dtype), np.empty_like(result))
    buffer[...] = result
    return buffer
