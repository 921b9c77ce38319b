"""Mutants: all modules that differ from a given one in one place.

A mutant is named for the function and the operator that changes it, and, from the second time on,
gets a number, so that an edit of another function renames no mutant.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from foricheck.zoo.operators import OPERATORS, Replacement
from foricheck.zoo.syntax import is_number

__all__ = ["Mutant", "execute", "mutants_of"]

_UNCHANGED_FIELDS = ("annotation", "returns", "decorator_list", "format_spec")
"""AST fields without runtime effect."""

_UNCHANGED_NODES = (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom)
"""Nodes that are not mutated: errors and their messages, and imports."""


@dataclass(frozen=True)
class Mutant:
    """A module that differs from another in one place.

    Attributes:
        name: an identifier, unique in its module: ``width__lt_to_lte``.
        line: where the original was changed.
        description: the old and the new text.
        tree: the changed module.
    """

    name: str
    line: int
    description: str
    tree: ast.Module = field(repr=False, compare=False)


def mutants_of(
    tree: ast.Module, function: str = "", *, within: Collection[str] = ()
) -> tuple[Mutant, ...]:
    """Every distinct mutant of some definitions of a module.

    Docstrings, annotations, decorators and the texts of errors stay as they are.

    Args:
        tree: the module.
        function: its name; it is changed, and the definitions that it reaches.
        within: the names of the definitions to change instead.
    """
    found, count = list[Mutant](), Counter[str]()
    for definition in _named(tree, within) if within else _reached(tree, function):
        seen = {ast.dump(definition)}
        for place, old in _sites(definition):
            for done, new in _replacements(old):
                changed = _replaced(definition, old, new)
                if (dumped := ast.dump(changed)) not in seen:
                    seen.add(dumped)
                    name = f"{place}__{done}"
                    count[name] += 1
                    body = [changed if each is definition else each for each in tree.body]
                    found.append(_mutant(name, count[name], old, new, ast.Module(body, [])))
    return tuple(found)


def execute(tree: ast.Module, *, module: str) -> dict[str, Any]:
    """The namespace of a changed module, executed under the name of the original."""
    namespace: dict[str, Any] = {"__name__": module, "__package__": module.rpartition(".")[0]}
    complete = ast.fix_missing_locations(tree)
    exec(compile(complete, f"<a mutant of {module}>", "exec"), namespace)
    return namespace


def _mutant(name: str, number: int, old: ast.AST, new: ast.AST, tree: ast.Module) -> Mutant:
    line = next((each.lineno for each in ast.walk(old) if hasattr(each, "lineno")), 0)
    before, after = (ast.unparse(node).strip().splitlines() for node in (old, new))
    description = f"{_others(before, after)} becomes {_others(after, before)}"
    return Mutant(name if number == 1 else f"{name}_{number}", line, description, tree)


def _others(lines: list[str], known: list[str]) -> str:
    """The lines that the other text lacks, joined."""
    return "; ".join(line.strip() for line in lines if line not in known) or "nothing"


def _replacements(node: ast.AST) -> Iterator[Replacement]:
    for operator in OPERATORS:
        yield from operator(node)


def _named(tree: ast.Module, names: Collection[str]) -> list[ast.stmt]:
    """The definitions of a module that have these names."""
    return [node for node in tree.body if set(names) & set(_defines(node))]


def _reached(tree: ast.Module, function: str) -> list[ast.stmt]:
    """The definitions that a function of the module reaches, itself included."""
    defined = {name: node for node in tree.body for name in _defines(node)}
    reached, waiting = set[ast.stmt](), [function]
    while waiting:
        node = defined[waiting.pop()]
        if node not in reached:
            reached.add(node)
            waiting += [each for each in _names(node) if each in defined]
    return [node for node in tree.body if node in reached]


def _defines(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
    return []


def _names(node: ast.AST) -> list[str]:
    return [each.id for _, each in _sites(node) if isinstance(each, ast.Name)]


def _sites(node: ast.AST, place: str = "") -> Iterator[tuple[str, ast.AST]]:
    """The nodes that may be mutated, each with the name of the definition around it."""
    if isinstance(node, _UNCHANGED_NODES) or _is_docstring(node):
        return
    if isinstance(node, ast.stmt) and not (place and isinstance(node, ast.Assign)):
        place = "_".join([*filter(None, [place]), *(name.strip("_") for name in _defines(node))])
    yield place, node
    if is_number(node):
        return
    for name, value in ast.iter_fields(node):
        if name not in _UNCHANGED_FIELDS:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _sites(child, place)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _replaced(root: Any, old: ast.AST, new: ast.AST) -> Any:
    """A copy of the tree in which one node is replaced."""
    if root is old:
        return new
    if isinstance(root, list):
        return [_replaced(each, old, new) for each in root]
    if not isinstance(root, ast.AST):
        return root
    fields = {name: _replaced(value, old, new) for name, value in ast.iter_fields(root)}
    return ast.copy_location(type(root)(**fields), root)
