"""Mutants of the loops of the installed JAX, one change each, as targets.

``foricheck run foricheck.conformance.jax_mutants:while_loop__eq_to_not_eq`` judges one, and
``python -m foricheck.conformance.jax_mutants`` all of them. A mutant is a changed copy of the
module in which JAX defines its loops. The copy defines primitives of its own, so a rule of
differentiation or batching can be changed without a change to the installed JAX.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from foricheck.zoo.mutation import mutants_of

__all__ = ["MODULE", "PARTS", "JaxMutant", "jax_mutants", "loop_of"]

MODULE = "jax._src.lax.control_flow.loops"
"""The module in which JAX defines ``fori_loop``; JAX has no public name for it."""

PARTS: dict[str, tuple[str, ...]] = {
    "fori_loop": ("fori_loop", "_fori_cond_fun", "_fori_body_fun", "_fori_scan_body_fun"),
    "while_loop": ("while_loop",),
    "scan": ("scan",),
    "while_batching": ("_while_loop_batching_rule",),
    "while_jvp": ("_while_loop_jvp",),
    "scan_impl": ("_scan_impl",),
    "scan_jvp": ("_scan_jvp",),
    "scan_linearize": ("_scan_linearize",),
    "scan_transpose": ("_scan_transpose_fancy", "_transpose_scan_jaxpr_fancy"),
    "scan_batching": ("_scan_batching_rule",),
}
"""The definitions that are changed, by the name of the part; another version may lack some."""


@dataclass(frozen=True)
class JaxMutant:
    """A copy of the module of JAX's loops that differs from it in one place.

    Attributes:
        name: an identifier, unique in this version of JAX.
        part: a name of `PARTS`.
        line: the changed line of the installed module.
        description: what was changed into what.
        tree: the changed module.
    """

    name: str
    part: str
    line: int
    description: str
    tree: ast.Module = field(repr=False, compare=False)


def jax_mutants() -> tuple[JaxMutant, ...]:
    """Every mutant of the installed JAX, part by part, in the order of the lines."""
    return tuple(_by_name().values())


def loop_of(mutant: JaxMutant) -> Callable[..., Any]:
    """The ``fori_loop`` of a mutant, from a fresh copy of the module."""
    package = MODULE.rpartition(".")[0]
    namespace: dict[str, Any] = {"__name__": MODULE, "__package__": package, "__file__": _file()}
    tree = ast.fix_missing_locations(mutant.tree)
    exec(compile(tree, f"<{mutant.name}>", "exec"), namespace)
    loop: Callable[..., Any] = namespace["fori_loop"]
    return loop


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("__") or name not in _by_name():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return loop_of(_by_name()[name])


@lru_cache(maxsize=1)
def _by_name() -> dict[str, JaxMutant]:
    tree = ast.parse(Path(_file()).read_text(encoding="utf-8"))
    return {each.name: each for part in PARTS for each in _of_part(part, tree)}


def _of_part(part: str, tree: ast.Module) -> Iterator[JaxMutant]:
    for mutant in mutants_of(tree, within=PARTS[part]):
        name = f"{part}__{mutant.name}"
        yield JaxMutant(name, part, mutant.line, mutant.description, mutant.tree)


def _file() -> str:
    return str(importlib.import_module(MODULE).__file__)
