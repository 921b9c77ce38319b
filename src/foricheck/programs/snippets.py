"""Loops written out as Python: for what body programs cannot say, such as nested carries.

A snippet is text over an array namespace ``xp``, so it is at once the case, what runs and what a
person pastes. The oracle runs the same text over NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from foricheck.cases.loop import Snippet
from foricheck.oracle import loop as oracle
from foricheck.programs.containers import containers
from foricheck.programs.dialects import written

__all__ = ["Parts", "expected", "parts"]


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
        namespace: ``numpy``, ``jax.numpy`` or ``keras.ops``.
    """
    scope: dict[str, Any] = {"xp": namespace, "np": np, **containers(namespace)}
    texts = (snippet.body, snippet.lower, snippet.upper, snippet.init)
    body, *values = (written(text, namespace.__name__) for text in texts)
    exec(body, scope)  # our own lines: the strategies write them
    lower, upper, init = (eval(text, scope) for text in values)
    return Parts(lower, upper, scope["body"], init)


def expected(snippet: Snippet) -> Any:
    """What the oracle's loop gives for a snippet, over NumPy."""
    made = parts(snippet, np)
    with np.errstate(over="ignore", invalid="ignore"):  # arithmetic on the edges is meant
        return oracle.fori_loop(made.lower, made.upper, made.body, made.init)
