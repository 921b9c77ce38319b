"""The files of the specification: three lists, and a page for each rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from foricheck.report.templates import template
from foricheck.report.wording import counted
from foricheck.rules.rule import Rule
from foricheck.specification.entries import Entry, entries
from foricheck.specification.lists import Part, by_chapter, by_document, by_member

__all__ = ["files"]

_WRONG = "wrong implementation"
_LEVELS = {
    "core": "documented",
    "parity": "as released JAX does",
    "quirk": "tied to versions of JAX; judged only when named",
}


def files(rules: Sequence[Rule]) -> dict[str, str]:
    """The contents of each file by its name; the same rules give the same bytes.

    Args:
        rules: those that get a page, in order.
    """
    found = entries(rules)
    lists = {
        "index.html": _list("by chapter", by_chapter(found), found, noun="rule"),
        "documents.html": _list("by document", by_document(found), found, noun="sentence"),
        "members.html": _list(
            "by wrong implementation", by_member(found), found, noun="wrong implementation"
        ),
    }
    return lists | {f"{entry.id}.html": _page(at, found) for at, entry in enumerate(found)}


def _list(by: str, parts: Iterable[Part], found: Sequence[Entry], *, noun: str) -> str:
    parts = tuple(parts)
    text: str = template("specification.html.j2").render(
        by=by,
        parts=parts,
        noun=noun,
        number=sum(len(part.items) for part in parts),
        lead=_lead(found),
        levels=_LEVELS,
    )
    return text


def _page(at: int, found: Sequence[Entry]) -> str:
    around: dict[str, Any] = {
        "before": found[at - 1] if at else None,
        "after": found[at + 1] if at + 1 < len(found) else None,
    }
    text: str = template("rule.html.j2").render(
        entry=found[at], rule=found[at].rule, levels=_LEVELS, **around
    )
    return text


def _lead(found: Sequence[Entry]) -> str:
    """How many rules there are, by level."""
    levels = [entry.rule.level.value for entry in found]
    each = ", ".join(f"{levels.count(level)} {level}" for level in _LEVELS if level in levels)
    return f"{counted(len(found), 'rule')}: {each}."
