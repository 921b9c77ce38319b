"""A right loop on NumPy arrays that never imports JAX."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import numpy as np

from .member import Body, Bound, Carry, declares, right

LACKS = ("traced", "jit", "pmap", "unroll", "grad", "vmap", "disable_jit")
CANONICAL = {bool: np.bool_, int: np.int32, float: np.float32, complex: np.complex64}
PROMOTIONS = {int: (int, float, complex), float: (float, complex), complex: (complex,)}


@right
@declares(without=LACKS, array_namespace="numpy")
def numpy_loop(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Loops in Python over NumPy arrays and checks the carry after every call of the body."""
    check_bounds(lower, upper)
    first, end = int(lower), int(upper)
    carry = copy.deepcopy(init_val)
    trial = body_fun(first, copy.deepcopy(init_val))
    check_carry(init_val, trial)
    for i in range(first, end):
        carry = body_fun(i, carry)
        check_carry(init_val, carry)
    return as_arrays(carry, leaf_dtypes(trial))


def check_bounds(lower: Bound, upper: Bound) -> None:
    """Raise TypeError unless the bounds are scalars of one integer dtype.

    A Python int goes with any signed integer.
    """
    for name, bound in (("lower", lower), ("upper", upper)):
        if np.ndim(bound) != 0:
            raise TypeError(f"{name} must be a scalar, got shape {np.shape(bound)}")
    types = (_bound_dtype(lower), _bound_dtype(upper))
    if not all(dtype.kind in "biuf" for dtype in types):
        raise TypeError(f"bounds must be numbers, got {types[0]} and {types[1]}")
    python = isinstance(lower, int) != isinstance(upper, int)
    if types[0] != types[1] and not (python and types[0].kind == types[1].kind == "i"):
        raise TypeError(f"bounds must have equal dtypes, got {types[0]} and {types[1]}")


def _bound_dtype(bound: Bound) -> np.dtype[Any]:
    dtype: np.dtype[Any] = np.dtype(CANONICAL.get(type(bound), np.asarray(bound).dtype))
    return dtype


def check_carry(old: Carry, new: Carry) -> None:
    """Raise TypeError unless two carries agree in structure and leaf by leaf in type."""
    before, after = list(leaves(old)), list(leaves(new))
    for one, other in zip_longest((path for path, _ in before), (path for path, _ in after)):
        if one != other:
            raise TypeError(f"carry must keep its structure, but has {other} in place of {one}")
    for (path, a), (_, b) in zip(before, after, strict=True):
        if not _fits(a, b):
            raise TypeError(f"carry leaf {path} must stay {_type(a)}, but became {_type(b)}")


def leaves(tree: Carry) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield each leaf and each container's end with its path, containers named by type."""
    kind = type(tree)
    if not _is_container(tree):
        yield (), tree
        return
    yield (kind,), None
    for key, child in _children(tree):
        for path, leaf in leaves(child):
            yield (kind, key, *path), leaf


def leaf_dtypes(tree: Carry) -> Iterator[Any]:
    """Yield the dtype of each leaf, in the order of :func:`leaves`; Python scalars take 32 bits."""
    for _, leaf in leaves(tree):
        if leaf is not None:
            yield CANONICAL.get(type(leaf), np.asarray(leaf).dtype)


def as_arrays(tree: Carry, dtypes: Iterator[Any]) -> Carry:
    """Return a carry whose leaves are arrays of these dtypes."""
    if not _is_container(tree):
        return np.asarray(tree, next(dtypes))
    children = {key: as_arrays(child, dtypes) for key, child in _children(tree)}
    match tree:
        case None:
            return None
        case dict():
            return children
        case tuple() if hasattr(tree, "_fields"):
            return type(tree)(*children.values())
        case tuple() | list():
            return type(tree)(children.values())
    return dataclasses.replace(tree, **children)


def _is_container(tree: Any) -> bool:
    return tree is None or isinstance(tree, tuple | list | dict) or dataclasses.is_dataclass(tree)


def _children(tree: Any) -> list[tuple[Any, Any]]:
    if isinstance(tree, dict):
        return sorted(tree.items())
    if isinstance(tree, tuple | list):
        return list(enumerate(tree))
    return sorted(vars(tree).items()) if tree is not None else []


def _fits(old: Any, new: Any) -> bool:
    weak = type(old) in PROMOTIONS and type(new) in CANONICAL
    if weak:
        return type(new) in PROMOTIONS[type(old)]
    return _type(old) == _type(new)


def _type(leaf: Any) -> tuple[Any, ...]:
    dtype = CANONICAL.get(type(leaf), np.asarray(leaf).dtype)
    return np.dtype(dtype).name, np.shape(leaf)
