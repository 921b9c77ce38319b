"""Wrong members as the sources of their families declare them: no family is imported, nor JAX."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from .member import Member

__all__ = ["declared"]

_ROOT = Path(__file__).parent


def declared(rules: Collection[str] = ()) -> tuple[Member, ...]:
    """Return the wrong members, sorted by path, as importing their families would register them.

    Args:
        rules: ids; only members that one of these rules must catch. Every wrong member if empty.
    """
    found = (
        member
        for source in _ROOT.rglob("*.py")
        for member in _in(source, rules)
        if not rules or not set(rules).isdisjoint(member.caught_by)
    )
    return tuple(sorted(found, key=lambda member: member.path))


def _in(source: Path, rules: Collection[str]) -> Iterator[Member]:
    text = source.read_text(encoding="utf-8")
    if rules and not any(f'"{id}"' in text for id in rules):
        return  # parsing is what takes time
    family = ".".join(source.relative_to(_ROOT).with_suffix("").parts)
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and (arguments := _arguments(node)):
            yield _member(node, family, *arguments)


def _arguments(node: ast.FunctionDef) -> tuple[Any, dict[str, Any]] | None:
    """The kind of mistake and the keyword arguments of ``@wrong``, or None without it."""
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Name(id="wrong"), args=[mistake], keywords=given):
                named = {each.arg: ast.literal_eval(each.value) for each in given if each.arg}
                return ast.literal_eval(mistake), named
    return None


def _member(node: ast.FunctionDef, family: str, mistake: Any, named: dict[str, Any]) -> Member:
    return Member(
        name=node.name,
        kind="recurrence" if "hidden" in _parameters(node) else "loop",
        path=f"{__package__}.{family}:{node.name}",
        mistake=mistake,
        story=" ".join((ast.get_docstring(node) or "").split()),
        right=False,
        **named,
    )


def _parameters(node: ast.FunctionDef) -> set[str]:
    given = node.args
    return {each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
