"""Wrong loops on NumPy arrays that never import JAX."""

from __future__ import annotations

from typing import Any

import numpy as np

from .member import Body, Bound, Carry, declares, wrong
from .right_numpy import LACKS, numpy_loop


@wrong("bounds", caught_by=("BOUND-12",))
@declares(without=LACKS, array_namespace="numpy")
def bounds_pressed_into_int32(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Keeps its bounds in 32 signed bits, where unsigned ones may be too large."""
    for bound in (lower, upper):
        if np.ndim(bound) == 0 and int(bound) > np.iinfo(np.int32).max:
            raise OverflowError(f"{bound} does not fit int32")
    return numpy_loop(lower, upper, body_fun, init_val)


@wrong("errors", caught_by=("CARRY-05", "CARRY-06", "CARRY-07"))
@declares(without=LACKS, array_namespace="numpy")
def nothing_is_checked(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Is the documented Python loop, word for word, which lets a carry change its type."""
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val


@wrong("aliasing", caught_by=("CARRY-09",))
@declares(without=LACKS, array_namespace="numpy")
def writes_into_the_initial_carry(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Keeps the new carry in the caller's arrays, to save an allocation."""
    result = numpy_loop(lower, upper, body_fun, init_val)
    _copy_into(init_val, result)
    return result


def _copy_into(target: Carry, value: Carry) -> None:
    if isinstance(target, tuple | list):
        for old, new in zip(target, value, strict=True):
            _copy_into(old, new)
    elif isinstance(target, np.ndarray):
        target[...] = value


_plans: dict[int, range] = {}


@wrong("caching", caught_by=("ITER-03",))
@declares(without=LACKS, array_namespace="numpy")
def plan_found_by_hash(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Keeps ranges by the hash of their bounds alone, to save memory; -1 and -2 have the same."""
    plan = _plans.setdefault(hash((int(lower), int(upper))), range(int(lower), int(upper)))
    return numpy_loop(plan.start, plan.stop, body_fun, init_val)


_buffers: dict[Any, np.ndarray] = {}


@wrong("aliasing", caught_by=("ITER-09",))
@declares(without=LACKS, array_namespace="numpy")
def result_is_the_buffer_of_all_calls(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Returns its one buffer for a shape, which the next call overwrites in the caller's hand."""
    result = numpy_loop(lower, upper, body_fun, init_val)
    if not isinstance(result, np.ndarray):
        return result
    buffer = _buffers.setdefault((result.shape, result.dtype), np.empty_like(result))
    buffer[...] = result
    return buffer
