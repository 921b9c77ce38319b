"""Evaluate loops written as Python text, for what body programs cannot express: nested carries.

A snippet is text over an array namespace ``xp``. The same text is the case, the code that runs and
the code in the pasted script; the oracle runs it over NumPy.
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
    """The arguments of a call, evaluated from a snippet."""

    lower: Any
    upper: Any
    body: Any
    init: Any


def parts(snippet: Snippet, namespace: ModuleType) -> Parts:
    """Evaluate a snippet over an array namespace; the body and the arrays are new objects.

    Args:
        snippet: the loop as text.
        namespace: ``numpy``, ``jax.numpy`` or ``keras.ops``.
    """
    scope: dict[str, Any] = {"xp": namespace, "np": np, **containers(namespace)}
    texts = (snippet.body, snippet.lower, snippet.upper, snippet.init)
    body, *values = (written(text, namespace.__name__) for text in texts)
    exec(body, scope)  # trusted: the strategies wrote it
    lower, upper, init = (eval(text, scope) for text in values)
    return Parts(lower, upper, scope["body"], init)


def expected(snippet: Snippet) -> Any:
    """The value of the oracle's loop for a snippet, over NumPy."""
    call = parts(snippet, np)
    with np.errstate(over="ignore", invalid="ignore"):  # cases overflow and make NaN on purpose
        return oracle.fori_loop(call.lower, call.upper, call.body, call.init)
