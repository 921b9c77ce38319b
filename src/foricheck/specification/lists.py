"""The three ways into the specification: by chapter, by document and by wrong implementation."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from foricheck.conformance.zoo import MISTAKES, Member
from foricheck.rules.chapters import CHAPTERS
from foricheck.rules.documents import Statement, statements
from foricheck.specification.entries import Entry

__all__ = ["Item", "Part", "by_chapter", "by_document", "by_member"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of a list, which a search or a filter may hide.

    Attributes:
        id: the address within the page.
        says: what it says.
        entries: the rules that it leads to.
        note: where it comes from, or why it has no rules.
        words: what a search finds it by, besides what is shown.
    """

    id: str
    says: str
    entries: tuple[Entry, ...]
    note: str = ""
    words: str = ""

    @property
    def levels(self) -> str:
        """The levels of its rules."""
        return " ".join(sorted({entry.rule.level.value for entry in self.entries}))

    @property
    def kinds(self) -> str:
        """The kinds of target that its rules judge."""
        return " ".join(sorted({entry.rule.kind for entry in self.entries}))


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a list, with its heading.

    Attributes:
        name: the heading.
        items: the lines.
        about: a sentence below the heading, or ``""``.
    """

    name: str
    items: tuple[Item, ...]
    about: str = ""


def by_chapter(entries: Sequence[Entry]) -> Iterator[Part]:
    """The rules of each chapter."""
    for name, found in groupby(entries, key=lambda entry: entry.rule.chapter):
        items = (
            Item(id=entry.id, says=entry.rule.sentence, entries=(entry,), words=entry.words)
            for entry in found
        )
        yield Part(name=name, items=tuple(items), about=_about(name))


def by_document(entries: Sequence[Entry]) -> Iterator[Part]:
    """The sentences of each document with the rules that check them, then the rules of none."""
    for document, said in groupby(statements(), key=lambda statement: statement.document):
        items = (_statement(each, entries) for each in said)
        if kept := tuple(item for item in items if item.entries or item.note):
            yield Part(name=document, items=kept)
    measured = (entry for entry in entries if not entry.rule.statements)
    if kept := tuple(_measured(entry) for entry in measured):
        about = "What no document says, and released JAX does."
        yield Part(name="In no document", items=kept, about=about)


def by_member(entries: Sequence[Entry]) -> Iterator[Part]:
    """The wrong implementations by the kind of their mistake, with the rules that catch them."""
    members = dict.fromkeys(member for entry in entries for member in entry.members)
    for mistake in MISTAKES:
        made = sorted((each for each in members if each.mistake == mistake), key=_name)
        if made:
            yield Part(name=mistake, items=tuple(_member(each, entries) for each in made))


def _name(member: Member) -> str:
    return member.name


def _member(member: Member, entries: Iterable[Entry]) -> Item:
    return Item(
        id=member.name,
        says=member.story,
        entries=tuple(entry for entry in entries if member in entry.members),
        words=f"{member.name.replace('_', ' ')} {member.path}",
    )


def _statement(statement: Statement, entries: Iterable[Entry]) -> Item:
    return Item(
        id=statement.id,
        says=statement.says,
        entries=tuple(entry for entry in entries if statement in entry.rule.statements),
        note=f"Untestable: {statement.untestable}" if statement.untestable else "",
    )


def _measured(entry: Entry) -> Item:
    return Item(
        id=f"measured.{entry.id}", says=entry.rule.sentence, entries=(entry,), words=entry.words
    )


def _about(chapter: str) -> str:
    """What a chapter is about: the first paragraph of its module, after the chapter's name."""
    module = importlib.import_module(f"foricheck.conformance.{CHAPTERS[chapter].module}")
    said = ast.get_docstring(ast.parse(inspect.getsource(module))) or ""
    about = " ".join(said.partition("\n\n")[0].split()).partition(": ")[2]
    return about[:1].upper() + about[1:]
