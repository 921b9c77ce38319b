"""Loops that refuse a carry with an unhelpful message, or accept what is no carry."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from ..defects import on_init, on_trip
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.bodies import structure


def saying(pattern: str, words: str, call: Callable[[], Carry]) -> Carry:
    """Return what a call returns; where its TypeError speaks of a carry, say it in other words."""
    try:
        return call()
    except TypeError as error:
        if "carry" not in str(error):
            raise
        said = re.sub(pattern, words, str(error), flags=re.DOTALL)
    raise TypeError(said)


@wrong("errors", caught_by=("ERROR-03",))
def leaf_refused_without_types(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says that a leaf changed its type, not from what to what: its check returns only a bool."""
    return saying(
        r"has type \S+ but .* has type \S+\]",
        "has another type in the output",
        lambda: jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("errors", caught_by=("ERROR-03", "ERROR-15"))
def carry_refused_without_the_place(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Says what changed, and not where in the carry: it compares flat lists of leaves."""
    return saying(
        r"component \S+",
        "component",
        lambda: jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("errors", caught_by=("ERROR-04",))
def structure_refused_in_one_line(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Prints the first line of a message of ten: that structures differ, and not how."""
    return saying(
        r"(same pytree structure)[^\n]*\n.*",
        r"\1",
        lambda: jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("errors", caught_by=("ERROR-04", "CARRY-07"))
@on_trip
def nothing_returned_keeps_the_carry(body_fun: Body, i: Any, carry: Carry) -> Carry:
    """Treats None as "unchanged", so that a body without a return is a loop that does nothing.

    Leaves that become None are treated the same.
    """
    new = body_fun(i, carry)
    if new is None:
        return carry
    if type(new) is tuple and type(carry) is tuple and len(new) == len(carry):
        return tuple(b if b is not None else a for a, b in zip(carry, new, strict=True))
    return new


@wrong("errors", caught_by=("ERROR-07",))
def odd_leaves_are_passed_round(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Filters out leaves that are not arrays, and passes them to the body unchanged."""
    leaves = jax.tree.leaves(init_val)
    odd = {n: leaf for n, leaf in enumerate(leaves) if not is_array(leaf)}
    if not odd:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def whole(arrays: list[Any]) -> Carry:
        rest = iter(arrays)
        each = [odd[n] if n in odd else next(rest) for n in range(len(leaves))]
        return jax.tree.unflatten(jax.tree.structure(init_val), each)

    def body(i: Any, arrays: list[Any]) -> list[Any]:
        return [leaf for leaf in jax.tree.leaves(body_fun(i, whole(arrays))) if is_array(leaf)]

    arrays = [leaf for leaf in leaves if is_array(leaf)]
    return whole(jax.lax.fori_loop(lower, upper, body, arrays, unroll=unroll))


def is_array(leaf: Any) -> bool:
    """Say whether a leaf is a number or an array of numbers."""
    return isinstance(leaf, int | float | complex | jax.Array | np.ndarray | np.generic)


@wrong("errors", caught_by=("ERROR-07",))
@on_init
def odd_leaves_refused_as_a_bad_attribute(init_val: Carry) -> Carry:
    """Reads the dtype of each leaf, and raises AttributeError if it has none."""
    for leaf in jax.tree.leaves(init_val):
        if not isinstance(leaf, int | float | complex):
            leaf.dtype  # noqa: B018  # the defect
    return init_val


@wrong("errors", caught_by=("ERROR-13",))
@on_trip
def odd_results_are_left_out(body_fun: Body, i: Any, carry: Carry) -> Carry:
    """Keeps the old leaf where the new one is not an array: its merge handles arrays only."""
    new = body_fun(i, carry)
    if structure(new) != structure(carry):
        return new
    return jax.tree.map(lambda a, b: b if is_array(b) else a, carry, new)


@wrong("errors", caught_by=("ERROR-13",))
@on_trip
def odd_results_refused_as_a_bad_attribute(body_fun: Body, i: Any, carry: Carry) -> Carry:
    """Reads the dtype of each new leaf, and raises AttributeError if it has none."""
    new = body_fun(i, carry)
    for leaf in jax.tree.leaves(new):
        if not isinstance(leaf, int | float | complex):
            leaf.dtype  # noqa: B018  # the defect
    return new
