"""Right loops on NumPy arrays that never import JAX."""

from __future__ import annotations

import copy
import dataclasses
import operator
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..member import Body, Bound, Carry, Unroll, declares, right

LACKS = ("traced", "jit", "pmap", "unroll", "grad", "vmap", "disable_jit")


@right
@declares(without=LACKS, array_namespace="numpy")
def numpy_loop(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Loops in Python over NumPy arrays and checks the carry after every call of the body."""
    trips = indices(lower, upper)
    check_carry(init_val, body_fun(trips.start, copy.deepcopy(init_val)))
    carry = copy.deepcopy(init_val)
    for i in trips:
        carry = body_fun(i, carry)
        check_carry(init_val, carry)
    return carry


def indices(lower: Bound, upper: Bound) -> range:
    """Return the indices of a loop.

    Raises:
        TypeError: a bound is no integer scalar, or they have two dtypes, neither a Python int's.
    """
    one, other = np.asarray(lower).dtype, np.asarray(upper).dtype
    if one != other and not (isinstance(lower, int) or isinstance(upper, int)):
        raise TypeError(f"bounds must have equal dtypes, got {one} and {other}")
    return range(lower, upper)


def check_carry(old: Carry, new: Carry) -> None:
    """Raise TypeError unless two carries agree in structure and leaf by leaf in type."""
    before, after = dict(types(old)), dict(types(new))
    if before.keys() != after.keys():
        raise TypeError(f"carry must keep its structure {[*before]}, but has {[*after]}")
    for path, kept in before.items():
        if after[path] != kept:
            raise TypeError(f"carry leaf {path} must stay {kept}, but became {after[path]}")


def types(tree: Carry) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield the path of each leaf with its dtype and shape, and the path of each container."""
    kind, inside = type(tree), children(tree)
    if inside is None:
        yield (), (np.asarray(tree).dtype.name, np.shape(tree))
        return
    yield (kind,), ()
    for key, child in inside:
        for path, leaf in types(child):
            yield (kind, key, *path), leaf


def children(tree: Carry) -> Iterable[tuple[Any, Carry]] | None:
    """Return what is in a container, each with its key; None for a leaf."""
    match tree:
        case None:
            return ()
        case dict():
            return tree.items()
        case tuple() | list():
            return enumerate(tree)
    return vars(tree).items() if dataclasses.is_dataclass(tree) else None


BUT_UNROLL = tuple(lacking for lacking in LACKS if lacking != "unroll")


@right
@declares(without=BUT_UNROLL, array_namespace="numpy")
def numpy_blocks(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Loops in Python over blocks of ``unroll`` trips, and then over the remainder."""
    whole = indices(lower, upper)
    first, trips = whole.start, max(whole.stop - whole.start, 0)
    size = block_size(unroll, trips)
    if size == 1 or trips == 0:
        return numpy_loop(lower, upper, body_fun, init_val)

    def whole_block(number: Any, carry: Carry) -> Carry:
        for i in range(first + number * size, first + (number + 1) * size):
            carry = body_fun(i, carry)
        return carry

    carry = numpy_loop(0, trips // size, whole_block, init_val)
    return numpy_loop(first + trips // size * size, first + trips, body_fun, carry)


def block_size(unroll: Unroll, trips: int) -> int:
    """Return how many trips a block has.

    Raises:
        TypeError: the factor is not an integer.
        ValueError: it is negative.
    """
    if unroll is None or isinstance(unroll, bool):
        return max(trips, 1) if unroll else 1
    factor = operator.index(unroll)
    if factor < 0:
        raise ValueError(f"unroll must not be negative, got {factor}")
    return max(factor, 1)
