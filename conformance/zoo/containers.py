"""Loops that change the containers of a carry, their order, or let a body change them."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from .iteration import structure
from .member import Body, Bound, Carry, Index, Unroll, wrong


@wrong("structure", caught_by=("CARRY-07",))
def structure_is_leaf_count(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes any structure with the right number of leaves, since the carry is kept flat."""

    def body(i: Index, carry: Carry) -> Carry:
        leaves, tree = jax.tree.flatten(body_fun(i, carry))
        kept = structure(carry)
        return jax.tree.unflatten(kept if kept.num_leaves == len(leaves) else tree, leaves)

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("structure", caught_by=("CARRY-07",))
def drops_extra_leaves(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Drops what the body returns beyond the carry's leaves: zip stops at the shorter one."""

    def body(i: Index, carry: Carry) -> Carry:
        leaves, tree = jax.tree.flatten(body_fun(i, carry))
        kept = structure(carry)
        extra = len(leaves) > kept.num_leaves
        return jax.tree.unflatten(kept if extra else tree, leaves[: kept.num_leaves or None])

    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


@wrong("structure", caught_by=("CARRY-01", "CARRY-04"))
def leaves_grouped_by_dtype(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Rebuilds the carry from leaves in packing order, grouped by dtype, not in tree order."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    leaves, tree = jax.tree.flatten(result)
    return jax.tree.unflatten(tree, sorted(leaves, key=lambda leaf: str(jnp.result_type(leaf))))


def rebuilt(change: Callable[[Any], Any], tree: Carry) -> Carry:
    """Return a carry with every container changed, the innermost first."""
    match tree:
        case dict():
            inside = tree.copy()
            inside.update({key: rebuilt(change, value) for key, value in tree.items()})
            return change(inside)
        case tuple() if hasattr(tree, "_fields"):
            return change(type(tree)(*(rebuilt(change, value) for value in tree)))
        case tuple() | list():
            return change(type(tree)(rebuilt(change, value) for value in tree))
    return change(tree)


@wrong("structure", caught_by=("CARRY-03",))
def list_becomes_tuple(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns a tuple for a list: one kind of sequence was thought to be enough."""
    return rebuilt(
        lambda node: tuple(node) if isinstance(node, list) else node,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("structure", caught_by=("CARRY-03",))
def namedtuple_becomes_tuple(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns a plain tuple for a named one, which is an instance of tuple as well."""
    return rebuilt(
        lambda node: tuple(node) if isinstance(node, tuple) else node,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("structure", caught_by=("CARRY-03",))
def none_dropped_from_dict(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Leaves out the keys whose value is None, since None has no leaves."""
    return rebuilt(
        lambda node: _without_none(node) if isinstance(node, dict) else node,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


def _without_none(node: dict[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in node.items() if value is not None}


@wrong("structure", caught_by=("CARRY-03",))
def none_becomes_empty_tuple(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns an empty tuple for None: both have no leaves, and the flat form forgets which."""
    return rebuilt(
        lambda node: () if node is None else node,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("structure", caught_by=("CARRY-03",))
def dataclass_becomes_dict(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns a dict for a registered dataclass: the fields are kept and the class is not."""
    return rebuilt(
        lambda node: dict(vars(node)) if dataclasses.is_dataclass(node) else node,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("structure", caught_by=("CARRY-03",))
def dict_values_in_insertion_order(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Gives the values, sorted by key, to the keys of the initial dict as they were inserted."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return _in_insertion_order(init_val, result)


def _in_insertion_order(init: Carry, result: Carry) -> Carry:
    match result:
        case dict():
            values = [_in_insertion_order(init[key], result[key]) for key in sorted(result)]
            return dict(zip(init, values, strict=True))
        case tuple() if hasattr(result, "_fields"):
            return type(result)(*map(_in_insertion_order, init, result))
        case tuple() | list():
            return type(result)(map(_in_insertion_order, init, result))
    return result


@wrong("structure", caught_by=("CARRY-21",))
def mappings_become_dicts(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Returns a dict for every kind of mapping: they are all instances of dict."""
    return rebuilt(
        lambda node: dict(node) if isinstance(node, dict) else node,
        jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll),
    )


@wrong("structure", caught_by=("CARRY-21",))
def entries_sorted_by_key(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Rebuilds an OrderedDict from sorted entries, as the leaves of a dict are."""

    def sort(node: Any) -> Any:
        return OrderedDict(sorted(node.items())) if isinstance(node, OrderedDict) else node

    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    return jax.tree.map(sort, result, is_leaf=lambda node: isinstance(node, OrderedDict))
