"""Loops that confuse a nested loop with the one around it."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType

import jax

from ..defects import on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.programs import static_range


@wrong("state", caught_by=("TRACE-15",))
def one_slot_for_the_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the body in a global while the loop is traced, and restores the previous one."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    before = _slot["body"]
    _slot["body"] = body_fun
    try:
        return jax.lax.fori_loop(
            lower, upper, lambda i, carry: _slot["body"](i, carry), init_val, unroll=unroll
        )
    finally:
        _slot["body"] = before


_slot: dict[str, Callable[[Index, Carry], Carry]] = {"body": lambda i, carry: carry}
_traced_now: set[CodeType] = set()


@wrong("state", caught_by=("TRACE-10",))
def nested_bodies_are_recursion(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes a body nested in another of the same code for infinite recursion, and refuses it."""
    code = getattr(body_fun, "__code__", None)
    if code is None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if code in _traced_now:
        raise RecursionError("body_fun calls itself")
    _traced_now.add(code)
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    finally:
        _traced_now.discard(code)


_static_outside: list[bool] = []


@wrong("tracing", caught_by=("TRACE-10",))
def static_as_the_loop_around(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks only at the outermost loop whether bounds are static; calls int() on the others."""
    _static_outside.append(static_range(lower, upper) is not None)
    try:
        if _static_outside[0]:
            lower, upper = int(lower), int(upper)
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    finally:
        _static_outside.pop()


_indices: list[Index] = []


@wrong("state", caught_by=("TRACE-10",))
@on_trip
def two_index_registers(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Keeps the indices of nested loops in two registers: the third loop sees the first index."""
    _indices.append(i)
    try:
        return body_fun(_indices[0] if len(_indices) == 3 else i, carry)
    finally:
        _indices.pop()
