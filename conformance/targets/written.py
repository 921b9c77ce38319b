"""Targets that are a few lines written here, around a loop of another library."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from foricheck.targets.loading import of_callable
from foricheck.targets.target import Namespace, Target

__all__ = ["written"]


def written(
    function: Callable[..., Any],
    *,
    imports: str,
    without: Iterable[str] = (),
    namespace: Namespace = "jax",
) -> Target:
    """The target that is a function, whose source a script repeats: it needs no foricheck.

    Args:
        function: takes lower, upper, body_fun and init_val.
        imports: the lines that bind what the function uses.
        without: capabilities that it does not claim, beside those that its parameters tell.
        namespace: the arrays that it takes.
    """
    target = of_callable(function, without=without, array_namespace=namespace)
    return replace(target, imports={"loop": f"{imports}\n\n\n{_bare(function)}\n"})


def _bare(function: Callable[..., Any]) -> str:
    """The source as a function ``fori_loop``, without annotations and the docstring."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    assert isinstance(tree, ast.FunctionDef)
    tree.name = "fori_loop"
    tree.body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    return ast.unparse(tree)
