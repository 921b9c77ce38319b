"""Loops that are right when called, and wrong under vmap over bounds."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_bounds
from ..member import Body, Bound, Bounds, Carry, Unroll, wrong
from ..support.bounds import is_traced, normalised
from ..support.lanes import Lanes, batched, first_lane, longest, masked, shortest


@wrong("batching", caught_by=("XFORM-03", "XFORM-04", "XFORM-13"))
@on_bounds
def all_lanes_run_the_longest(lower: Bound, upper: Bound) -> Bounds:
    """Runs every lane until the last has ended: it does not freeze the carry of those that have."""
    return lower, longest(upper)


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
@on_bounds
def all_lanes_stop_with_the_shortest(lower: Bound, upper: Bound) -> Bounds:
    """Stops as soon as one lane is done: all() joins the conditions in place of any()."""
    return lower, shortest(upper)


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
@on_bounds
def bounds_of_the_first_lane(lower: Bound, upper: Bound) -> Bounds:
    """Uses the bounds of lane 0 for all lanes: it reads a scalar from an array of bounds."""
    return first_lane(lower), first_lane(upper)


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
@on_bounds
def lanes_start_together(lower: Bound, upper: Bound) -> Bounds:
    """Starts all lanes at the least lower bound: only their ends are masked, not their starts."""
    return shortest(lower), upper


_once_or_more = batched(lambda trips: jnp.maximum(trips, 1))


@wrong("batching", caught_by=("XFORM-03", "XFORM-04"))
@on_bounds
def empty_lanes_run_once(lower: Bound, upper: Bound) -> Bounds:
    """Tests a lane's condition after its body, so that a lane without iterations has one."""
    end = lower + _once_or_more(jnp.maximum(upper, lower) - lower)
    end = end if is_traced(end) else upper
    return lower, end


@wrong("batching", caught_by=("XFORM-04",))
def holds_the_first_leaf_alone(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Freezes one leaf only of a lane that has ended: the mask expects a carry of one array."""
    lower, upper = normalised(lower, upper)
    start, end = shortest(lower), longest(upper)
    if is_traced(lower) or is_traced(upper):
        body_fun = masked(body_fun, lower, upper, leaves=1)
    return jax.lax.fori_loop(start, end, body_fun, init_val, unroll=unroll)


_of_one_axis = batched(batched(lambda lanes: lanes[0], shared=True))


@wrong("batching", caught_by=("XFORM-04",))
@on_bounds
def knows_one_axis_of_lanes(lower: Bound, upper: Bound) -> Bounds:
    """Under two vmaps over the bounds, uses the first slice of the outer one."""
    return _of_one_axis(lower), _of_one_axis(upper)


def _at_16_bits(lanes: Lanes) -> Lanes:
    return lanes[np.arange(len(lanes)).astype(np.int16).astype(np.int32)]


def _whole_chunks(lanes: Lanes) -> Lanes:
    return lanes.at[len(lanes) // 2**10 * 2**10 :].set(0) if len(lanes) > 2**10 else lanes


_gathered, _chunked = batched(_at_16_bits), batched(_whole_chunks)


@wrong("batching", caught_by=("XFORM-13",))
@on_bounds
def lanes_counted_in_16_bits(lower: Bound, upper: Bound) -> Bounds:
    """Looks up the bounds of a lane by a 16-bit index, which wraps from 2**15 on."""
    return _gathered(lower), _gathered(upper)


@wrong("batching", caught_by=("XFORM-13",))
@on_bounds
def lanes_in_whole_chunks(lower: Bound, upper: Bound) -> Bounds:
    """Splits a large batch into chunks of 2**10 lanes and gives the remainder no bounds."""
    return _chunked(lower), _chunked(upper)


def _in_pairs(lanes: Lanes) -> Lanes:
    return lanes[np.arange(len(lanes)) // 2 * 2]


_paired = batched(_in_pairs)


@wrong("batching", caught_by=("XFORM-03", "XFORM-13"))
@on_bounds
def second_lane_follows_the_first(lower: Bound, upper: Bound) -> Bounds:
    """Gives the second lane of each pair the first one's upper: a register holds two lanes."""
    return lower, _paired(upper)


@wrong("batching", caught_by=("XFORM-17",))
def a_mapped_bound_maps_every_leaf(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Selects all leaves by whether the lane still runs, even those that pass through.

    JAX up to 0.5.3 did so where each lane has its own bounds.
    """
    if not (is_traced(lower) or is_traced(upper)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    lower, upper = normalised(lower, upper)
    start = jax.tree.map(lambda leaf: jnp.where(lower < upper, leaf, leaf), init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, start, unroll=unroll)
