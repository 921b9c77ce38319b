"""The specification as HTML: an index that can be searched, and a page for each rule."""

from __future__ import annotations

from collections.abc import Sequence

from foricheck.report.templates import template
from foricheck.rules.chapters import CHAPTERS
from foricheck.rules.documents import Statement, statements
from foricheck.rules.rule import Rule
from foricheck.specification.entries import Entry, Member
from foricheck.targets.capabilities import CAPABILITIES

__all__ = ["address", "index", "page"]

_LEVELS = {
    "core": "a document says it",
    "parity": "released JAX does it, and a drop-in replacement must",
    "quirk": "tied to versions of JAX; judged only when named",
}
_KINDS = {"loop": "fori_loop", "recurrence": "fori_loop_recurrence"}


def address(id: str) -> str:
    """The file of a rule's page."""
    return f"{id}.html"


def index(entries: Sequence[Entry]) -> str:
    """The page from which all others can be reached."""
    text: str = template("rules.html.j2").render(
        chapters=_by_chapter(entries),
        documents=_by_document(entries),
        members=_by_member(entries),
        count=len(entries),
        levels=_LEVELS,
        kinds=_KINDS,
        address=address,
    )
    return text


def page(entry: Entry, *, before: Rule | None, after: Rule | None) -> str:
    """The page of one rule, with links to the rules before and after it."""
    text: str = template("rule.html.j2").render(
        entry=entry,
        rule=entry.rule,
        before=before,
        after=after,
        levels=_LEVELS,
        kinds=_KINDS,
        capabilities=CAPABILITIES,
        address=address,
    )
    return text


def _by_chapter(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    chapters = {name: [each for each in entries if each.rule.chapter == name] for name in CHAPTERS}
    return {name: found for name, found in chapters.items() if found}


def _by_document(entries: Sequence[Entry]) -> dict[str, list[tuple[Statement, list[Rule]]]]:
    """The statements of each document, with the rules that check them."""
    documents: dict[str, list[tuple[Statement, list[Rule]]]] = {}
    for statement in statements():
        rules = [each.rule for each in entries if statement in each.rule.statements]
        if rules or statement.untestable:
            documents.setdefault(statement.document, []).append((statement, rules))
    return documents


def _by_member(entries: Sequence[Entry]) -> list[Member]:
    every = {member.name: member for entry in entries for member in entry.members}
    return [every[name] for name in sorted(every)]
