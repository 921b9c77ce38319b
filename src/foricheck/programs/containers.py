"""Containers of a carry other than Python's built-in ones.

A named tuple and a registered dataclass defined here, and two mappings of the standard library.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

__all__ = ["Pair", "Point", "containers", "prelude"]


class Pair(NamedTuple):
    """A named tuple of two elements."""

    a: Any
    b: Any


@dataclass(frozen=True)
class Point:
    """A dataclass of two fields, registered as a pytree for JAX."""

    x: Any
    y: Any


_REGISTRATION = """\
jax.tree_util.register_pytree_node(
    Point, lambda point: ((point.x, point.y), None), lambda _, leaves: Point(*leaves)
)
"""


def containers(namespace: ModuleType) -> dict[str, type]:
    """The containers by name, registered with JAX if ``namespace`` is ``jax.numpy``."""
    if namespace.__name__ == "jax.numpy":
        _register_with_jax()
    return {"Pair": Pair, "Point": Point, "OrderedDict": OrderedDict, "defaultdict": defaultdict}


def prelude(text: str, namespace: str) -> str:
    """The lines a pasted script needs above a text that uses these containers, or ``""``."""
    if mappings := [name for name in ("OrderedDict", "defaultdict") if f"{name}(" in text]:
        return f"from collections import {', '.join(mappings)}\n"
    used = [kind for kind in (Pair, Point) if f"{kind.__name__}(" in text]
    lines = [inspect.getsource(kind) for kind in used]
    if Point in used and namespace == "jax":
        lines.append(_REGISTRATION)
    imports = "from dataclasses import dataclass\nfrom typing import Any, NamedTuple\n"
    return "\n\n".join([imports, *lines]) if used else ""


@lru_cache(maxsize=1)
def _register_with_jax() -> None:
    import jax

    jax.tree_util.register_pytree_node(
        Point, lambda point: ((point.x, point.y), None), lambda _, leaves: Point(*leaves)
    )
