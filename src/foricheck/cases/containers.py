"""Containers of a carry, by name: from leaves, in the order of flattening, to a tree."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["CONTAINERS", "Checked", "Tagged", "Triple", "build", "size_of"]


class Triple(NamedTuple):
    """A named tuple of three."""

    p: Any
    q: Any
    r: Any


@dataclass
class Tagged:
    """A node of two leaves that keeps static data beside them."""

    u: Any
    v: Any
    tag: Any = ("static", 3)


class Checked:
    """A node that refuses to be made of anything but arrays."""

    def __init__(self, leaf: Any) -> None:
        if not hasattr(leaf, "dtype"):
            raise TypeError(f"a Checked holds an array, not {type(leaf).__name__}")
        self.leaf = leaf

    @property
    def _fields(self) -> tuple[str, ...]:
        return ("leaf",)


Leaves = Sequence[Any]

CONTAINERS: dict[str, tuple[int, Callable[[Leaves], Any]]] = {
    "leaf": (1, lambda x: x[0]),
    "tuple": (0, tuple),
    "list": (0, list),
    "one": (1, lambda x: (x[0],)),
    "dict": (3, lambda x: {"b": x[1], "a": x[0], "z": x[2]}),
    "ordered dict": (3, lambda x: OrderedDict(zip("zab", x, strict=True))),
    "named tuple": (3, lambda x: Triple(*x)),
    "nested": (
        5,
        lambda x: {"a": ((x[0],), [x[1], []]), "k": [x[2], (x[3], {"w": x[4]})]},
    ),
    "None inside": (3, lambda x: (None, x[0], {"x": None, "y": x[1]}, [x[2], None])),
    "empty": (-1, lambda _: {}),
    "no leaves": (-1, lambda _: (None, [], {})),
    "tagged": (2, lambda x: Tagged(*x)),
    "checked": (1, lambda x: Checked(x[0])),
}
"""How many leaves (0: any number, -1: none), and the tree of them."""


def build(container: str, leaves: Leaves) -> Any:
    """The tree of these leaves."""
    return CONTAINERS[container][1](leaves)


def size_of(container: str, otherwise: int) -> int:
    """How many leaves a container has."""
    size = CONTAINERS[container][0]
    return otherwise if size == 0 else max(size, 0)
