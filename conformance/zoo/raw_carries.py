"""Loops that mistake carries which are not arrays yet, and bounds that are too large."""

from __future__ import annotations

import copy
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .iteration import structure
from .member import Body, Bound, Carry, Index, Unroll, declares, wrong
from .right_numpy import LACKS, check_carry, indices, numpy_loop


@wrong("bounds", caught_by=("BOUND-13",))
@declares(without=LACKS, array_namespace="numpy")
def bounds_wrapped_to_32_bits(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Keeps the low 32 bits of 64-bit bounds, as a cast in C does."""
    indices(lower, upper)
    lower, upper = (_pressed(bound, np.uint32) for bound in (lower, upper))
    return numpy_loop(lower, upper, body_fun, init_val)


@wrong("bounds", caught_by=("BOUND-13",))
@declares(without=LACKS, array_namespace="numpy")
def bounds_saturated_at_32_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Takes the greatest number of 32 bits for a 64-bit bound beyond it."""
    indices(lower, upper)
    if np.asarray(upper).dtype.itemsize == 8 and not isinstance(upper, int):
        lower, upper = (np.clip(int(b), -(2**31), 2**31 - 1) for b in (lower, upper))
    return numpy_loop(lower, upper, body_fun, init_val)


@wrong("bounds", caught_by=("BOUND-13",))
@declares(without=LACKS, array_namespace="numpy")
def python_bounds_wrapped_to_32_bits(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Makes Python's integers constants of 32 bits without a word, as Keras in a tf.function."""
    indices(lower, upper)
    lower, upper = (
        int(np.array(bound).astype(np.int32)) if isinstance(bound, int) else bound
        for bound in (lower, upper)
    )
    return numpy_loop(lower, upper, body_fun, init_val)


def _pressed(bound: Bound, unsigned: Any) -> Bound:
    wide = not isinstance(bound, int) and np.asarray(bound).dtype.itemsize == 8
    return int(np.asarray(bound).astype(unsigned).astype(np.int32)) if wide else bound


@wrong("dtype", caught_by=("CARRY-14",))
def forwarded_leaves_in_one_buffer(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Lays the leaves that the body only forwards end to end, and so gives them one dtype."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    leaves, tree = jax.tree.flatten(init_val)
    kept = _forwarded(lower, body_fun, init_val)
    if not kept:
        return result
    common = jnp.result_type(*(jnp.asarray(leaves[n]) for n in kept))
    new = jax.tree.leaves(result)
    changed = [jnp.asarray(leaf, common) if n in kept else leaf for n, leaf in enumerate(new)]
    return jax.tree.unflatten(tree, changed)


@wrong("dtype", caught_by=("CARRY-14",))
def forwarded_numbers_are_integers(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes a weakly typed scalar that the body only forwards for a count, and truncates it."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    kept = _forwarded(lower, body_fun, init_val)
    leaves, tree = jax.tree.flatten(result)
    weak = [n for n in kept if jnp.asarray(leaves[n]).weak_type]
    changed = [jnp.asarray(leaf, jnp.int32) if n in weak else leaf for n, leaf in enumerate(leaves)]
    return jax.tree.unflatten(tree, changed)


def _forwarded(lower: Bound, body_fun: Body, init_val: Carry) -> list[int]:
    """Return the places of the leaves that the body hands on as they are."""
    seen: list[list[int]] = []

    def traced(carry: Carry) -> Carry:
        new = body_fun(lower, carry)
        pairs = zip(jax.tree.leaves(carry), jax.tree.leaves(new), strict=False)
        seen.append([n for n, (old, other) in enumerate(pairs) if old is other])
        return new

    jax.eval_shape(traced, init_val)
    return seen[0]


@wrong("aliasing", caught_by=("CARRY-15",))
@declares(without=LACKS, array_namespace="numpy")
def checked_without_a_copy(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Checks the carry after each iteration, and starts from the caller's own arrays."""
    return _checked(indices(lower, upper), body_fun, init_val, init_val)


@wrong("aliasing", caught_by=("CARRY-15",))
@declares(without=LACKS, array_namespace="numpy")
def copied_at_the_top_only(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Copies the carry and not what is in it: an array is safe, one in a tuple is not."""
    return _checked(indices(lower, upper), body_fun, copy.copy(init_val), init_val)


def _checked(trips: range, body_fun: Body, carry: Carry, init_val: Carry) -> Carry:
    pristine = copy.deepcopy(init_val)
    check_carry(pristine, body_fun(trips.start, copy.deepcopy(init_val)))
    for i in trips:
        carry = body_fun(i, carry)
        check_carry(pristine, carry)
    return carry


@wrong("dtype", caught_by=("CARRY-16",))
def weak_leaves_take_the_default_dtype(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Makes Python floats float32 before the loop, and casts what the body makes of them."""
    start = jax.tree.map(_strong, init_val)

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if structure(new) != structure(carry):
            return new
        return jax.tree.map(_as_before, init_val, carry, new)

    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)


@wrong("dtype", caught_by=("CARRY-16",))
def weak_leaves_share_the_first_dtype(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Promotes weakly typed leaves in one round, and gives what is left the index's dtype."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except TypeError:
        if not all(map(_is_weak, jax.tree.leaves(init_val))):
            raise
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.int32), init_val)


def _is_weak(leaf: Any) -> bool:
    return bool(jnp.asarray(leaf).weak_type)


def _strong(leaf: Any) -> Any:
    weak = _is_weak(leaf) and jnp.issubdtype(jnp.result_type(leaf), jnp.floating)
    return jnp.asarray(leaf, jnp.float32) if weak else leaf


def _as_before(first: Any, old: Any, new: Any) -> Any:
    changed = _strong(first) is not first
    return jnp.asarray(new, jnp.result_type(old)) if changed else new
