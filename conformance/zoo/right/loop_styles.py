"""Right loops in unusual styles: none of them may be accused."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..member import Body, Bound, Carry, Index, Unroll, declares, right, right_object
from ..support.bounds import normalised
from ..support.derivatives import hoisted
from .loops import check_types
from .numpy_loops import LACKS, check_carry, indices


@right
def jit_around_a_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Compiles the loop at every call, as a function of the initial carry alone."""
    run = jax.jit(lambda init: jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll))
    return run(init_val)


@functools.wraps(jax.lax.fori_loop)
def decorated_loop(*args: Any, **kwargs: Any) -> Carry:
    """Pass on whatever arguments are given; ``functools.wraps`` gives the signature."""
    return jax.lax.fori_loop(*args, **kwargs)


right_object(
    decorated_loop,
    f"{__name__}:decorated_loop",
    "Takes any arguments; only functools.wraps gives it the signature of a loop.",
)


@right
@declares(without=("unroll", "reverse"))
def counts_what_is_left(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Counts the trips that are left down to zero, modulo two to the width of the bounds."""
    lower, upper = (jnp.asarray(bound) for bound in normalised(lower, upper))
    left = jnp.where(lower < upper, upper - lower, jnp.zeros_like(lower))
    _, result = jax.lax.while_loop(
        lambda state: state[0] != 0,
        lambda state: (state[0] - 1, body_fun(upper - state[0], state[1])),
        (left, init_val),
    )
    return result


@right
@declares(without=("traced", "unroll", "one_trace"))
def scan_of_masked_steps(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Scans over a power of two of steps, and skips those that are past the end."""
    lower, upper = map(int, normalised(lower, upper))
    init = jax.lax.fori_loop(lower, lower, body_fun, init_val)
    trips = max(upper - lower, 0)
    length = 1 << max(trips - 1, 0).bit_length()

    def step(state: tuple[Index, Index, Carry], _: None) -> tuple[tuple[Index, Index, Carry], None]:
        k, i, carry = state
        more = jax.lax.cond(k < trips, lambda: body_fun(i, carry), lambda: carry)
        return (k + 1, i + 1, more), None

    return jax.lax.scan(step, (0, lower, init), None, length=length)[0][2]


@right
@declares(without=("one_trace", "forward"))
def custom_vjp_around_a_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has a reverse rule, which runs the loop again and differentiates it."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    body, values = hoisted(body_fun, normalised(lower, upper)[0], init_val)

    def run(lower: Bound, upper: Bound, init: Carry, values: list[Any]) -> Carry:
        step = lambda i, carry: body(i, carry, *values)  # noqa: E731
        return jax.lax.fori_loop(lower, upper, step, init, unroll=unroll)

    with_rule = jax.custom_vjp(lambda init, values: run(lower, upper, init, values))
    with_rule.defvjp(
        lambda init, values: (run(lower, upper, init, values), (init, values)),
        lambda saved, cotangent: jax.vjp(lambda *of: run(lower, upper, *of), *saved)[1](cotangent),
    )
    return with_rule(init_val, values)


@right
@declares(without=("one_trace", "one_while"))
def eight_trips_at_a_time(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs chunks of eight trips in an inner loop, then the rest, if the bounds are static."""
    if not (isinstance(lower, int) and isinstance(upper, int)) or unroll:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    chunks = max(upper - lower, 0) // 8
    rest = lower + 8 * chunks

    def chunk(k: Index, carry: Carry) -> Carry:
        start = lower + 8 * k
        one = lambda j, carry: body_fun(start + j, carry)  # noqa: E731
        return jax.lax.fori_loop(0, 8, one, carry)

    init_val = jax.lax.fori_loop(0, chunks, chunk, init_val)
    return jax.lax.fori_loop(rest, upper, body_fun, init_val, unroll=unroll)


@right
def leaves_as_vectors(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Carries every leaf as a vector, and gives the body the shapes that it expects."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    leaves, tree = jax.tree.flatten(init_val)
    shapes = [jnp.shape(leaf) for leaf in leaves]

    def body(i: Index, flat: list[Any]) -> list[Any]:
        shaped = [leaf.reshape(shape) for leaf, shape in zip(flat, shapes, strict=True)]
        carry = jax.tree.unflatten(tree, shaped)
        new = body_fun(i, carry)
        check_types(carry, new)
        return [jax.lax.reshape(leaf, (jnp.size(leaf),)) for leaf in jax.tree.leaves(new)]

    flat = [jax.lax.reshape(leaf, (jnp.size(leaf),)) for leaf in leaves]
    flat = jax.lax.fori_loop(lower, upper, body, flat, unroll=unroll)
    made = [jax.lax.reshape(leaf, shape) for leaf, shape in zip(flat, shapes, strict=True)]
    return jax.tree.unflatten(tree, made)


class Step:
    """A body as an object that has its own names for what it is given."""

    def __init__(self, function: Body) -> None:
        self._function = function

    def __call__(self, iteration: Index, /, *state: Carry) -> Carry:
        """Return the next carry."""
        return self._function(iteration, *state)


@right
def body_in_an_object(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Passes on the bound method of an object that holds the body, under a name scope."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    with jax.named_scope("loop"):
        return jax.lax.fori_loop(lower, upper, Step(body_fun).__call__, init_val, unroll=unroll)


@right
@declares(without=LACKS, array_namespace="numpy")
def numpy_by_halves(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Runs the first half of the range and then the second, each in the same way."""
    trips, step = indices(lower, upper), checked(body_fun, init_val)
    step(copy.deepcopy(init_val), trips.start)

    def run(trips: range, carry: Carry) -> Carry:
        if len(trips) > 1:
            half = len(trips) // 2
            return run(trips[half:], run(trips[:half], carry))
        return step(carry, trips[0]) if trips else carry

    return run(trips, copy.deepcopy(init_val))


@right
@declares(without=LACKS, array_namespace="numpy")
def numpy_reduction(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Folds the body over the indices with ``functools.reduce``."""
    trips, step = indices(lower, upper), checked(body_fun, init_val)
    step(copy.deepcopy(init_val), trips.start)
    return functools.reduce(step, trips, copy.deepcopy(init_val))


def checked(body_fun: Body, init_val: Carry) -> Callable[[Carry, Index], Carry]:
    """Return the body with its arguments exchanged, which refuses to change the carry's type."""

    def step(carry: Carry, i: Index) -> Carry:
        new = body_fun(i, carry)
        check_carry(init_val, new)
        return new

    return step


class Loops:
    """Loops as methods of a class."""

    @staticmethod
    def static_method(
        lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
    ) -> Carry:
        """Run the loop."""
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


right_object(
    Loops.static_method,
    f"{__name__}:Loops.static_method",
    "Is a static method, which is found by a path with a dot.",
)
