"""Loops written out as Python: for what body programs cannot say, such as nested carries.

A snippet is text over an array namespace ``xp``, so it is at once the case, what runs and what a
person pastes. The oracle runs the same text over NumPy.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from foricheck.cases import Snippet
from foricheck.oracle import loop as oracle

__all__ = ["Pair", "Parts", "Point", "expected", "parts", "prelude"]


class Pair(NamedTuple):
    """A named tuple of two."""

    a: Any
    b: Any


@dataclass(frozen=True)
class Point:
    """A dataclass of two, registered as a pytree for JAX."""

    x: Any
    y: Any


@dataclass(frozen=True)
class Parts:
    """The arguments of a call, made from a snippet."""

    lower: Any
    upper: Any
    body: Any
    init: Any


def parts(snippet: Snippet, namespace: ModuleType) -> Parts:
    """Evaluate a snippet over an array namespace; the body and the arrays are fresh.

    Args:
        snippet: the loop as text.
        namespace: ``numpy`` or ``jax.numpy``.
    """
    if namespace is not np:
        _register_with_jax()
    scope: dict[str, Any] = {"xp": namespace, "np": np, "Pair": Pair, "Point": Point}
    exec(snippet.body, scope)  # our own lines: the strategies write them
    lower, upper, init = (eval(t, scope) for t in (snippet.lower, snippet.upper, snippet.init))
    return Parts(lower, upper, scope["body"], init)


def expected(snippet: Snippet) -> Any:
    """What the oracle's loop gives for a snippet, over NumPy."""
    made = parts(snippet, np)
    with np.errstate(over="ignore", invalid="ignore"):  # arithmetic on the edges is meant
        return oracle.fori_loop(made.lower, made.upper, made.body, made.init)


def prelude(snippet: Snippet, namespace: str) -> str:
    """The lines that a person pastes above a snippet, ``""`` for most."""
    used = [kind for kind in (Pair, Point) if f"{kind.__name__}(" in snippet.init + snippet.body]
    lines = [inspect.getsource(kind) for kind in used]
    if Point in used and namespace == "jax":
        lines.append("jax.tree_util.register_dataclass(Point, ['x', 'y'], [])\n")
    imports = "from dataclasses import dataclass\nfrom typing import Any, NamedTuple\n"
    return "\n\n".join([imports, *lines]) if used else ""


@lru_cache(maxsize=1)
def _register_with_jax() -> None:
    import jax

    jax.tree_util.register_dataclass(Point, ["x", "y"], [])
