"""The reference loop: the documented Python implementation, plus a check of the carry's type."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

__all__ = ["CarryError", "fori_loop", "indices"]

Body = Callable[[int, Any], Any]


class CarryError(TypeError):
    """The body changed the carry's structure, a leaf's shape or a leaf's dtype."""


def indices(lower: int, upper: int) -> list[int]:
    """The indices that the body is called with, in order."""
    return list(range(lower, upper))


def fori_loop(lower: int, upper: int, body: Body, init: Any) -> Any:
    """Run ``val = body(i, val)`` for ``i`` from ``lower`` up to, but not including, ``upper``.

    Args:
        lower: the first index.
        upper: the index after the last; if ``upper <= lower``, no iteration runs.
        body: a function of the index and the carry.
        init: the initial carry: nested containers with arrays at the leaves.

    Returns:
        The final carry, with NumPy arrays at the leaves.

    Raises:
        CarryError: the body changes the carry's structure, shapes or dtypes; this is checked even
            if no iteration runs.
    """
    init = _as_arrays(init)
    _check(init, _as_arrays(body(int(lower), init)))
    val = init
    for i in indices(int(lower), int(upper)):
        val = _as_arrays(body(i, val))
        _check(init, val)
    return val


def _as_arrays(tree: Any) -> Any:
    """The same containers with fresh NumPy arrays at the leaves."""
    match tree:
        case None:
            return None
        case dict():
            mapping = tree.copy()  # keeps the type and the order of keys
            mapping.update((key, _as_arrays(part)) for key, part in tree.items())
            return mapping
        case tuple() if hasattr(tree, "_fields"):
            return type(tree)(*map(_as_arrays, tree))
        case tuple() | list():
            return type(tree)(map(_as_arrays, tree))
        case _ if is_dataclass(tree) and not isinstance(tree, type):
            parts = {field.name: _as_arrays(getattr(tree, field.name)) for field in fields(tree)}
            return type(tree)(**parts)
        case _:
            return np.array(tree)


def _check(before: Any, after: Any) -> None:
    one, other = _type(before), _type(after)
    if one != other:
        raise CarryError(f"the carry must stay {one}, but the body made it {other}")


def _type(tree: Any) -> Any:
    """The type of a carry: its containers, with dtype and shape at the leaves."""
    match tree:
        case None:
            return None
        case dict():
            keys = tree if isinstance(tree, OrderedDict) else sorted(tree)
            return (type(tree).__name__, *((key, _type(tree[key])) for key in keys))
        case tuple() | list():
            return (type(tree).__name__, *map(_type, tree))
        case np.ndarray():
            return (tree.dtype.name, tree.shape)
        case _:
            parts = {field.name: _type(getattr(tree, field.name)) for field in fields(tree)}
            return (type(tree).__name__, parts)
