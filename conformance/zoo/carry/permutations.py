"""Loops that detect that a body only moves leaves, and move them another way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_body
from ..member import Body, Bound, Carry, Unroll, declares, wrong
from ..right.numpy_loops import LACKS, numpy_loop
from ..support.bodies import structure
from ..support.bounds import normalised

Leaves = list[Any]


@wrong("numerics", caught_by=("CARRY-20",))
@declares(without=("one_trace",))
@on_body
def leaves_moved_by_a_matrix(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Moves float leaves by a product with a permutation matrix, where 0 times NaN is NaN."""

    def moved(old: Leaves, places: Sequence[int]) -> Leaves:
        return [_product(old, place) for place in places]

    return _moving(lower, body_fun, init_val, moved)


@wrong("dtype", caught_by=("CARRY-20",))
@declares(without=("one_trace",))
@on_body
def moved_leaves_in_one_buffer(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Moves all leaves through one buffer, of the dtype that they promote to."""

    def moved(old: Leaves, places: Sequence[int]) -> Leaves:
        common = jnp.result_type(*old)
        return [jnp.asarray(old[place], common).astype(old[place].dtype) for place in places]

    return _moving(lower, body_fun, init_val, moved)


@wrong("structure", caught_by=("CARRY-20",))
@declares(without=("one_trace",))
@on_body
def moved_leaves_sorted_by_type(lower: Bound, body_fun: Body, init_val: Carry) -> Body:
    """Packs leaves by dtype and shape, and unpacks each pack from its other end.

    A carry of one dtype needs no packing, and is moved as it is.
    """

    def moved(old: Leaves, places: Sequence[int]) -> Leaves:
        new = [old[place] for place in places]
        if len({leaf.dtype for leaf in new}) == 1:
            return new
        packs: dict[Any, Leaves] = {}
        for leaf in new:
            packs.setdefault((leaf.dtype, leaf.shape), []).append(leaf)
        return [packs[leaf.dtype, leaf.shape].pop() for leaf in new]

    return _moving(lower, body_fun, init_val, moved)


@wrong("iteration", caught_by=("CARRY-20",))
@declares(without=("one_trace",))
def permutation_ordered_by_its_length(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Skips whole cycles of a permutation, and takes the number of leaves for the order of it."""
    places = _places(lower, body_fun, init_val)
    if places is None or sorted(places) != list(range(len(places))):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    first, end = normalised(lower, upper)
    trips = jnp.maximum(end - first, 0) % len(places)
    return jax.lax.fori_loop(0, trips, body_fun, init_val)


@wrong("numerics", caught_by=("CARRY-20",))
@declares(without=LACKS, array_namespace="numpy")
def floats_swapped_without_a_buffer(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Swaps two float leaves in place, by their sum and difference, to save a buffer."""

    def body(i: Any, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if type(carry) is not tuple or structure(new) != structure(carry):
            return new
        kept = list(new)
        for one, other in _swapped(carry, new):
            kept[one] = carry[one] + carry[other]
            kept[other] = kept[one] - carry[other]
            kept[one] = kept[one] - kept[other]
        return tuple(kept)

    return numpy_loop(lower, upper, body, init_val)


def _swapped(old: tuple[Any, ...], new: tuple[Any, ...]) -> list[tuple[int, int]]:
    """Return the pairs of float arrays that have changed places."""
    floats = [
        place
        for place, leaf in enumerate(old)
        if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"
    ]
    pairs = ((one, other) for one in floats for other in floats if one < other)
    return [
        (one, other) for one, other in pairs if new[one] is old[other] and new[other] is old[one]
    ]


def _moving(lower: Bound, body_fun: Body, init_val: Carry, moved: Any) -> Body:
    """Return the body, if it only moves leaves one that has them moved, from old and places."""
    places = _places(lower, body_fun, init_val)
    if places is None or places == list(range(len(places))):
        return body_fun

    def body(_: Any, carry: Carry) -> Carry:
        leaves, tree = jax.tree.flatten(carry)
        return jax.tree.unflatten(tree, moved(leaves, places))

    return body


def _places(lower: Bound, body_fun: Body, init_val: Carry) -> list[int] | None:
    """Return which leaf each new leaf is, or None if one is none of them."""
    found: list[list[int]] = []

    def traced(carry: Carry) -> Carry:
        new = body_fun(lower, carry)
        old = {id(leaf): place for place, leaf in enumerate(jax.tree.leaves(carry))}
        moved = structure(new) == structure(carry) and bool(old)
        found.append([old.get(id(leaf), -1) for leaf in jax.tree.leaves(new)] if moved else [-1])
        return new

    jax.eval_shape(traced, init_val)
    return None if -1 in found[0] else found[0]


def _product(leaves: Leaves, place: int) -> Any:
    """Return one leaf, as the product of a row of the matrix with all leaves of its type."""
    kept = leaves[place]
    if not jnp.issubdtype(kept.dtype, jnp.floating):
        return kept
    alike = [n for n, leaf in enumerate(leaves) if (leaf.dtype, leaf.shape) == _type(kept)]
    row = jnp.asarray([n == place for n in alike], kept.dtype)
    return jnp.tensordot(row, jnp.stack([leaves[n] for n in alike]), 1)


def _type(leaf: Any) -> tuple[Any, Any]:
    return leaf.dtype, leaf.shape
