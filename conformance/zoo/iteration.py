"""Loops that run the wrong iterations: order, count, index, composition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from .bound_arithmetic import choose, down, is_near, middle, normalised, up
from .member import Body, Bound, Carry, Index, Unroll, wrong


def reindexed(body_fun: Body, index: Callable[[Index], Index]) -> Body:
    """Return a body that sees ``index(i)`` in place of ``i``."""
    return lambda i, carry: body_fun(index(i), carry)


def held(stay: Any, old: Carry, new: Carry) -> Carry:
    """Return ``old`` where ``stay`` holds; where the types differ, ``new``, to be refused."""
    if structure(old) != structure(new):
        return new
    return jax.tree.map(lambda a, b: jnp.where(stay, a, b) if alike(a, b) else b, old, new)


def structure(tree: Carry) -> Any:
    """Return the structure of a pytree."""
    return jax.tree.structure(tree)


def alike(a: Any, b: Any) -> bool:
    """Say whether two leaves have the same dtype and shape."""
    return jnp.result_type(a) == jnp.result_type(b) and jnp.shape(a) == jnp.shape(b)


@wrong("iteration", caught_by=("ITER-01",))
def starts_at_one(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Skips the first index: the author counts from one and starts at lower + 1."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(up(lower, lower < upper), upper, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01",))
def one_trip_short(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops before upper - 1: an exclusive bound was made exclusive twice."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(lower, down(upper, lower < upper), body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01", "ITER-02"))
def inclusive_upper(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs for upper as well: written after a language whose ranges include their end."""
    lower, upper = normalised(lower, upper)
    return jax.lax.fori_loop(lower, up(upper, lower <= upper), body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01",))
def runs_backwards(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts down from upper - 1 to lower, as a loop does that compares with zero to be fast."""
    lower, upper = normalised(lower, upper)
    body = reindexed(body_fun, lambda i: lower + (upper - 1 - i))
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-02",))
def do_while(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the body at least once: the test stands at the end of the loop."""
    lower, upper = normalised(lower, upper)
    end = choose(lower < upper, upper, up(lower))
    return jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-02",))
def absolute_trip_count(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs |upper - lower| times: bounds in the wrong order are swapped instead of empty."""
    lower, upper = normalised(lower, upper)
    swap = is_near(upper, lower)
    first, end = choose(swap, upper, lower), choose(swap, lower, upper)
    return jax.lax.fori_loop(first, end, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-02",))
def empty_range_gives_zeros(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives zeros when there is no iteration: the output buffer is written only by the body."""
    lower, upper = normalised(lower, upper)
    out = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.tree.map(lambda leaf: jnp.where(lower < upper, leaf, jnp.zeros_like(leaf)), out)


@wrong("iteration", caught_by=("ITER-01",))
def index_from_zero(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hands the body the trip number, from zero, where lower + trip number was meant."""
    lower, upper = normalised(lower, upper)
    body = reindexed(body_fun, lambda i: i - lower)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01",))
def step_of_two(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Advances the index by two: the increment stands both in the body and in the header."""
    lower, upper = normalised(lower, upper)
    end = middle(lower, upper) + ((lower < upper) & ((lower ^ upper) & 1))
    body = reindexed(body_fun, lambda i: 2 * i - lower)
    return jax.lax.fori_loop(lower, end, body, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-08",))
def stops_at_fixed_point(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops as soon as a trip leaves the carry as it was, but a later index may change it."""

    def body(i: Index, state: Carry) -> Carry:
        carry, done = state
        new = held(done, carry, body_fun(i, carry))
        return new, done | _same(carry, new)

    start = (init_val, jnp.asarray(False))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


def _same(old: Carry, new: Carry) -> Any:
    leaves = zip(jax.tree.leaves(old), jax.tree.leaves(new), strict=False)
    return jnp.all(jnp.asarray([jnp.array_equal(a, b) for a, b in leaves]))


@wrong("iteration", caught_by=("ITER-01",))
def index_after_increment(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hands the body i + 1: the counter is incremented before the call and not after it."""
    body = reindexed(body_fun, lambda i: i + 1)
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01", "ITER-07"))
def ignores_lower(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs from zero whatever lower is, since every example the author tried began at zero."""
    lower, upper = normalised(lower, upper)
    first = choose(is_near(0, upper), lower - lower, lower)
    return jax.lax.fori_loop(first, upper, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-01",))
def repeats_last_index(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the last index twice: an epilogue peeled off the loop was not taken out of it."""
    lower, upper = normalised(lower, upper)
    body = reindexed(body_fun, lambda i: jnp.minimum(i, upper - 1))
    return jax.lax.fori_loop(lower, up(upper, lower < upper), body, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("ITER-01", "ITER-06"))
def unrolled_without_remainder(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs whole chunks of four trips and forgets the remainder."""
    lower, upper = normalised(lower, upper)
    end = choose(lower < upper, upper - ((upper - lower) & 3), upper)
    return jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll)


@wrong("unrolling", caught_by=("ITER-01", "ITER-06"))
def unrolled_rounding_up(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs as many chunks of four trips as cover the range, without masking the trips past it."""
    lower, upper = normalised(lower, upper)
    end = upper
    for extra in range(3):
        end = up(
            end, (lower < upper) & (((upper - lower) & 3) != 0) & (-(upper - lower) & 3 > extra)
        )
    return jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll)


@wrong("aliasing", caught_by=("ITER-06", "ITER-01"))
def wrong_buffer_after_odd_count(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Loses the last trip of an odd count: of two buffers in turn, always the same is returned."""
    lower, upper = normalised(lower, upper)
    end = choose(lower < upper, upper - ((upper - lower) & 1), upper)
    return jax.lax.fori_loop(lower, end, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("ITER-04",))
def body_sees_initial_carry(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Applies every iteration to the initial carry: the closure names the wrong variable."""
    return jax.lax.fori_loop(
        lower, upper, lambda i, _: body_fun(i, init_val), init_val, unroll=unroll
    )


@wrong("iteration", caught_by=("ITER-04", "ITER-01"))
def body_twice_each_trip(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls the body twice for each index: once to find its type, and the result is kept."""

    def body(i: Index, carry: Carry) -> Carry:
        first = body_fun(i, carry)
        return body_fun(i, held(False, carry, first))

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


_running: list[tuple[Bound, Bound]] = []


@wrong("state", caught_by=("ITER-10",))
def inner_loop_takes_outer_bounds(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives a nested loop the bounds of the outermost: they stand in one module-level slot."""
    _running.append((lower, upper))
    try:
        return jax.lax.fori_loop(*_running[0], body_fun, init_val, unroll=unroll)
    finally:
        _running.pop()
