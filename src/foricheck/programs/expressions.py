"""Evaluate expressions that call ``fori_loop``, such as a transformation of a loop.

A `foricheck.cases.loop.Expression` is text. ``call`` is evaluated over the target's arrays with the
target as ``fori_loop``; ``expected`` is evaluated over NumPy with the oracle's loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from foricheck.cases.loop import Expression
from foricheck.oracle import loop as oracle
from foricheck.programs.containers import containers
from foricheck.programs.dialects import written

__all__ = ["assigned", "expected", "scope", "value"]

Scope = dict[str, Any]


def scope(namespace: ModuleType) -> Scope:
    """The names every expression may use: ``xp``, ``np`` and the containers."""
    return {"xp": namespace, "np": np, **containers(namespace)}


def assigned(lines: str, namespace: ModuleType) -> Scope:
    """The variables that ``lines`` assigns, over an array namespace."""
    names = scope(namespace)
    before = {*names, "__builtins__"}
    code = _compiled(lines, "exec", namespace.__name__)
    exec(code, names)  # trusted: the strategies wrote it
    return {name: value for name, value in names.items() if name not in before}


def value(case: Expression, names: Mapping[str, Any]) -> Any:
    """The value of ``call``; ``given`` and ``setup`` run again for every evaluation.

    Args:
        case: the expression.
        names: its bounds and values, ``fori_loop``, and the names of `scope`.
    """
    inner, namespace = dict(names), names["xp"].__name__
    exec(_compiled(f"{case.given}\n{case.setup}", "exec", namespace), inner)
    return eval(_compiled(case.call, "eval", namespace), inner)


def expected(case: Expression, *, loop: Callable[..., Any] = oracle.fori_loop) -> Any:
    """The value of ``expected``, over NumPy with the oracle's loop."""
    names = scope(np) | {"fori_loop": loop}
    exec(_compiled(f"{case.bounds}\n{case.values}\n{case.given}", "exec"), names)
    with np.errstate(over="ignore", invalid="ignore"):  # cases overflow and make NaN on purpose
        return eval(_compiled(case.expected, "eval"), names)


@lru_cache(maxsize=1024)
def _compiled(text: str, mode: str, namespace: str = "numpy") -> CodeType:
    return compile(written(text.strip(), namespace), "<expression>", mode, optimize=0)
