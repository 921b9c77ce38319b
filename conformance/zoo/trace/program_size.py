"""Loops whose programs, or the memory they take, grow with the trip count."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_unroll
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import held
from ..support.bounds import is_traced, normalised
from ..support.programs import Loop, arrays, static_range


@wrong("tracing", caught_by=("TRACE-01", "TRACE-06", "TRACE-07", "TRACE-12"))
def unrolled_in_python(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs a static range as a Python loop, which is fast enough for ten trips."""
    indices = static_range(lower, upper)
    if indices is None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    for i in indices:
        init_val = body_fun(i, init_val)
    return arrays(init_val)


@wrong("tracing", caught_by=("TRACE-01", "TRACE-06"))
def remainder_peeled_in_python(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Loops over groups of four trips, and runs the remainder of a static range in Python."""
    indices = static_range(lower, upper)
    if indices is None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    whole = len(indices) - len(indices) % 4
    end = indices.start + whole
    init_val = jax.lax.fori_loop(indices.start, end, body_fun, init_val, unroll=4)
    for i in indices[whole:]:
        init_val = body_fun(i, init_val)
    return init_val


def _scanned(indices: Any, body_fun: Body, init_val: Carry) -> Carry:
    return jax.lax.scan(lambda carry, i: (body_fun(i, carry), None), init_val, indices)[0]


@wrong("tracing", caught_by=("TRACE-06",))
def table_of_indices(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Scans over the indices of a static range, which become a constant in the program."""
    indices = static_range(lower, upper)
    if indices is None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return _scanned(np.arange(indices.start, indices.stop, dtype=np.int32), body_fun, init_val)


@wrong("tracing", caught_by=("TRACE-07",))
def array_of_indices(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Scans over the indices of a static range, which are laid out in memory first."""
    indices = static_range(lower, upper)
    if indices is None:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return _scanned(jnp.arange(indices.start, indices.stop), body_fun, init_val)


@wrong("tracing", caught_by=("TRACE-07",))
def stacks_every_carry(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Scans a static range with the carry as output too, and takes the last of them."""
    indices = static_range(lower, upper)
    if not indices:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def step(state: tuple[Index, Carry], _: None) -> tuple[tuple[Index, Carry], Carry]:
        i, carry = state
        carry = body_fun(i, carry)
        return (i + 1, carry), carry

    start = (indices.start, init_val)
    _, carries = jax.lax.scan(step, start, None, length=len(indices))
    return jax.tree.map(lambda stacked: stacked[-1], carries)


@wrong("unrolling", caught_by=("TRACE-12", "TRACE-06"))
@on_unroll
def small_loops_unrolled(lower: Bound, upper: Bound, unroll: Unroll) -> Unroll:
    """Unrolls static ranges of up to 16 trips unasked, to avoid evaluating the condition."""
    indices = static_range(lower, upper)
    if unroll is None and indices is not None and len(indices) <= 16:
        unroll = True
    return unroll


@wrong("unrolling", caught_by=("TRACE-12",))
def main_loop_and_remainder(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Splits a static range into groups of eight trips and a second loop for the remainder."""
    run: Loop = partial(jax.lax.fori_loop, unroll=unroll)
    indices = static_range(lower, upper)
    if indices is None:
        return run(lower, upper, body_fun, init_val)
    end = indices.stop - len(indices) % 8
    init_val = run(indices.start, end, body_fun, init_val)
    return run(end, indices.stop, body_fun, init_val)


_PADDED = 4096


@wrong("tracing", caught_by=("TRACE-03", "TRACE-11"))
def padded_maximum(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Scans 4096 trips with traced bounds, a static length, and freezes the carry from upper on."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def step(i: Index, carry: Carry) -> Carry:
        return held(lower + i >= upper, carry, body_fun(lower + i, carry))

    return jax.lax.fori_loop(0, _PADDED, step, init_val)


@wrong("tracing", caught_by=("TRACE-04",))
def a_loop_in_each_branch(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has separate but identical loops for long and for short ranges."""
    run: Loop = partial(jax.lax.fori_loop, unroll=unroll)
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return run(lower, upper, body_fun, init_val)
    return jax.lax.cond(
        lower < upper // 2,
        lambda carry: run(lower, upper, body_fun, carry),
        lambda carry: run(lower, upper, body_fun, carry),
        init_val,
    )


@wrong("tracing", caught_by=("TRACE-04",))
def counts_the_trips_first(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Finds the end of a traced range with a first loop, as if it were an iterator."""
    lower, upper = normalised(lower, upper)
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    upper = jax.lax.while_loop(lambda end: end < upper, lambda end: end + 1, lower)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val)
