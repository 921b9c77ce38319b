"""Docstrings that are data: the sentence of a rule, the story of a wrong implementation.

``python -OO`` removes docstrings; then they are read from the source.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["docstring"]


def docstring(function: Callable[..., Any]) -> str:
    """The docstring of a function, without indentation; ``""`` if it has none."""
    written = inspect.getdoc(function) if function.__doc__ else None
    return written or _in_source(function)


def _in_source(function: Callable[..., Any]) -> str:
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    if not file or not sys.flags.optimize > 1:
        return ""
    return _docstrings(Path(file)).get(function.__qualname__, "")


@cache
def _docstrings(source: Path) -> dict[str, str]:
    """The docstrings of a file, by the qualified names of functions."""
    return dict(_within(ast.parse(source.read_text(encoding="utf-8")), ""))


def _within(node: ast.AST, prefix: str) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield f"{prefix}{name}", ast.get_docstring(child) or ""
            case ast.ClassDef(name=name):
                yield from _within(child, f"{prefix}{name}.")
            case _:
                yield from _within(child, prefix)
