"""Loops that change the containers of a carry, their order, or let a body change them."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_result, on_trip
from ..member import Body, Carry, Index, wrong
from ..support.bodies import structure


@wrong("structure", caught_by=("CARRY-12",))
@on_result
def leaves_of_a_dict_by_insertion(init_val: Carry, result: Carry) -> Carry:
    """Hands the leaves, sorted by key, back to the keys of a dict as the body inserts them."""
    if not isinstance(result, dict) or structure(result) != structure(init_val):
        return result
    return dict(zip(init_val, (result[key] for key in sorted(result)), strict=True))


@wrong("structure", caught_by=("CARRY-07",))
@on_trip
def structure_is_leaf_count(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Takes any structure with the right number of leaves, since the carry is kept flat."""
    leaves, tree = jax.tree.flatten(body_fun(i, carry))
    kept = structure(carry)
    return jax.tree.unflatten(kept if kept.num_leaves == len(leaves) else tree, leaves)


@wrong("structure", caught_by=("CARRY-07",))
@on_trip
def drops_extra_leaves(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Drops what the body returns beyond the carry's leaves: zip stops at the shorter one."""
    leaves, tree = jax.tree.flatten(body_fun(i, carry))
    kept = structure(carry)
    extra = len(leaves) > kept.num_leaves
    return jax.tree.unflatten(kept if extra else tree, leaves[: kept.num_leaves or None])


@wrong("structure", caught_by=("CARRY-01", "CARRY-04"))
@on_result
def leaves_grouped_by_dtype(result: Carry) -> Carry:
    """Rebuilds the carry from leaves in packing order, grouped by dtype, not in tree order."""
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
@on_result
def list_becomes_tuple(result: Carry) -> Carry:
    """Returns a tuple for a list: one kind of sequence was thought to be enough."""
    return rebuilt(
        lambda node: tuple(node) if isinstance(node, list) else node,
        result,
    )


@wrong("structure", caught_by=("CARRY-03",))
@on_result
def namedtuple_becomes_tuple(result: Carry) -> Carry:
    """Returns a plain tuple for a named one, which is an instance of tuple as well."""
    return rebuilt(
        lambda node: tuple(node) if isinstance(node, tuple) else node,
        result,
    )


@wrong("structure", caught_by=("CARRY-03",))
@on_result
def none_dropped_from_dict(result: Carry) -> Carry:
    """Leaves out the keys whose value is None, since None has no leaves."""
    return rebuilt(
        lambda node: _without_none(node) if isinstance(node, dict) else node,
        result,
    )


def _without_none(node: dict[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in node.items() if value is not None}


@wrong("structure", caught_by=("CARRY-03",))
@on_result
def none_becomes_empty_tuple(result: Carry) -> Carry:
    """Returns an empty tuple for None: both have no leaves, and the flat form forgets which."""
    return rebuilt(
        lambda node: () if node is None else node,
        result,
    )


@wrong("structure", caught_by=("CARRY-03",))
@on_result
def dataclass_becomes_dict(result: Carry) -> Carry:
    """Returns a dict for a registered dataclass: the fields are kept and the class is not."""
    return rebuilt(
        lambda node: dict(vars(node)) if dataclasses.is_dataclass(node) else node,
        result,
    )


@wrong("structure", caught_by=("CARRY-03",))
@on_result
def dict_values_in_insertion_order(init_val: Carry, result: Carry) -> Carry:
    """Gives the values, sorted by key, to the keys of the initial dict as they were inserted."""
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
@on_result
def mappings_become_dicts(result: Carry) -> Carry:
    """Returns a dict for every kind of mapping: they are all instances of dict."""
    return rebuilt(
        lambda node: dict(node) if isinstance(node, dict) else node,
        result,
    )


@wrong("structure", caught_by=("CARRY-21",))
@on_result
def entries_sorted_by_key(result: Carry) -> Carry:
    """Rebuilds an OrderedDict from sorted entries, as the leaves of a dict are."""

    def sort(node: Any) -> Any:
        return OrderedDict(sorted(node.items())) if isinstance(node, OrderedDict) else node

    return jax.tree.map(sort, result, is_leaf=lambda node: isinstance(node, OrderedDict))


@wrong("structure", caught_by=("CARRY-08",))
@on_result
def integer_keys_sorted_as_text(result: Carry) -> Carry:
    """Restores the leaves of a dict in the order of its keys as text, where 10 precedes 9."""
    if not (isinstance(result, dict) and all(isinstance(key, int) for key in result)):
        return result
    values = [result[key] for key in sorted(result)]
    return dict(zip(sorted(result, key=str), values, strict=True))
