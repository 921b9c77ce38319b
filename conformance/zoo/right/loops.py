"""Right loops, written another way than ``jax.lax.fori_loop``."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from ..member import Body, Bound, Carry, Index, Unroll, declares, right
from ..support.bodies import structure
from ..support.bounds import is_traced, is_weak, middle, normalised
from ..support.lanes import longest, masked, shortest


@right
@declares(without=("grad", "vmap"))  # custom_vmap is not linearized, nor right in nested maps
def lanes_in_step(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs from the first to the last index of any lane; freezes each lane outside its range."""
    lower, upper = normalised(lower, upper)
    start, end = shortest(lower), longest(upper)
    body = masked(body_fun, lower, upper) if is_traced(lower) or is_traced(upper) else body_fun
    return jax.lax.fori_loop(start, end, body, init_val, unroll=unroll)


@right
@declares(without=("unroll", "reverse"))
def while_loop(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Counts by hand in ``jax.lax.while_loop``, which has no reverse mode."""
    lower, upper = normalised(lower, upper)
    _, _, result = jax.lax.while_loop(
        lambda state: state[0] < state[1],
        lambda state: (state[0] + 1, state[1], body_fun(state[0], state[2])),
        (lower, upper, init_val),
    )
    return result


@right
@declares(without=("traced",))
def static_scan(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Scans over a static number of trips with the index in the carry."""
    lower, upper = map(int, normalised(lower, upper))
    length = max(upper - lower, 0)
    config: Any = jax.config
    if config.jax_disable_jit and length == 0:
        return init_val  # jax.lax.scan refuses length 0 under disable_jit

    def step(state: tuple[Any, Carry], _: None) -> tuple[tuple[Any, Carry], None]:
        i, carry = state
        return (i + 1, body_fun(i, carry)), None

    unroll = False if unroll is None else unroll
    (_, result), _ = jax.lax.scan(step, (lower, init_val), None, length=length, unroll=unroll)
    return result


@right
@declares(without=("one_trace",))
def nnx_fori_loop(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Calls ``flax.nnx.fori_loop``, which also takes modules in the carry."""
    return nnx.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@right
@declares(without=("one_while",))
def three_chunks(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs the range in three calls, for the first quarter, the second and the last half."""
    lower, upper = normalised(lower, upper)
    half = middle(lower, upper)
    cuts = (lower, middle(lower, half), half, upper)
    if is_traced(lower) or is_traced(upper):  # a loop over the calls: one body to be compiled
        at = jnp.stack(cuts)

        def chunk(k: Index, carry: Carry) -> Carry:
            return jax.lax.fori_loop(at[k], at[k + 1], body_fun, carry, unroll=unroll)

        return jax.lax.fori_loop(0, 3, chunk, init_val)
    for first, end in pairwise(cuts):
        init_val = jax.lax.fori_loop(first, end, body_fun, init_val, unroll=unroll)
    return init_val


@right
def checkpointed_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Wraps the body in ``jax.checkpoint``, which changes what is stored and no value."""
    body = jax.checkpoint(body_fun) if callable(body_fun) else body_fun
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@right
@declares(without=("one_trace", "one_while"))
def skips_empty_ranges(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Asks with ``jax.lax.cond`` whether there is anything to do; under vmap both branches run."""
    lower, upper = normalised(lower, upper)
    promoted = jax.lax.fori_loop(lower, lower, body_fun, init_val)
    return jax.lax.cond(
        lower < upper,
        lambda init: jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll),
        lambda init: init,
        promoted,
    )


@right
@declares(without=("unroll", "reverse"))
def until_index_is_upper(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Stops where the index equals upper, which is lower if the range is empty."""
    lower, upper = (jnp.asarray(bound) for bound in normalised(lower, upper))
    _, _, result = jax.lax.while_loop(
        lambda state: state[0] != state[1],
        lambda state: (state[0] + 1, state[1], body_fun(state[0], state[2])),
        (lower, jnp.maximum(lower, upper), init_val),
    )
    return result


@right
def leaves_in_a_list(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Carries a flat list of leaves, and raises its own errors if a body changes them."""
    if not callable(body_fun):
        raise TypeError(f"body_fun must be callable, got {body_fun!r}")
    leaves, tree = jax.tree.flatten(init_val)

    def body(i: Index, flat: list[Any]) -> list[Any]:
        carry = jax.tree.unflatten(tree, flat)
        new = body_fun(i, carry)
        check_types(carry, new)
        return jax.tree.leaves(new)

    return jax.tree.unflatten(tree, jax.lax.fori_loop(lower, upper, body, leaves, unroll=unroll))


@right
def from_zero_where_static(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Counts from zero where the bounds are static, and adds lower in the body."""
    if not (isinstance(lower, int) and isinstance(upper, int) and callable(body_fun)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    trips = max(upper - lower, 0)
    return jax.lax.fori_loop(
        0, trips, lambda k, carry: body_fun(k + lower, carry), init_val, unroll=unroll
    )


@right
@declares(without=("one_trace",))
def closed_over_values_as_arguments(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Hoists what the body closes over out of it, so that its own rules can see it."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    body, values = jax.closure_convert(body_fun, jnp.asarray(normalised(lower, upper)[0]), init_val)
    return jax.lax.fori_loop(
        lower, upper, lambda i, carry: body(i, carry, *values), init_val, unroll=unroll
    )


@right
@declares(without=("one_trace",))
def refuses_in_its_own_words(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Checks the carry before it loops, and names in other words what the documents ask for."""
    if not callable(body_fun):
        raise TypeError(f"the third argument is no callable body but {type(body_fun).__name__}")
    start = jax.tree.map(jnp.asarray, init_val)
    check_types(start, jax.eval_shape(body_fun, normalised(lower, upper)[0], start))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


def check_types(old: Carry, new: Carry) -> None:
    """Raise TypeError where a strongly typed leaf changes its dtype, or a leaf its shape."""
    if structure(old) != structure(new):
        raise TypeError(
            f"the carry has the structure {structure(old)}, what the body makes of it has"
            f" the structure {structure(new)}"
        )
    before, after = (jax.tree_util.tree_leaves_with_path(tree) for tree in (old, new))
    for (path, one), (_, leaf) in zip(before, after, strict=True):
        other = jax.eval_shape(jnp.asarray, leaf)
        if one.shape != other.shape or (one.dtype != other.dtype and not is_weak(one)):
            raise TypeError(
                f"leaf carry{jax.tree_util.keystr(path)} is {one.dtype.name}{list(one.shape)}"
                f" before an iteration and {other.dtype.name}{list(other.shape)} after it"
            )


@right
def takes_more_keywords(
    lower: Bound,
    upper: Bound,
    body_fun: Body,
    init_val: Carry,
    *,
    unroll: Unroll = None,
    reverse_differentiable: bool | None = None,
) -> Carry:
    """Takes a keyword more than JAX's, as the loop of another framework does."""
    del reverse_differentiable
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
