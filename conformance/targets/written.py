"""Targets defined by a small wrapper function around a loop of another library."""

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
    """A target from a wrapper function, whose source goes into scripts: they need no foricheck.

    Args:
        function: a function of lower, upper, body_fun and init_val.
        imports: the imports that the function needs.
        without: capabilities it lacks, in addition to those inferred from its parameters.
        namespace: the arrays it accepts.
    """
    target = of_callable(function, without=without, array_namespace=namespace)
    return replace(target, imports={"loop": f"{imports}\n\n\n{_bare(function)}\n"})


def _bare(function: Callable[..., Any]) -> str:
    """The source of the function, renamed to ``fori_loop``, without annotations and docstring."""
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
