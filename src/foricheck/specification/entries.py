"""What a page says of a rule: the rule, its property, what it catches, what deviates from it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from foricheck.expected.deviations import DEVIATIONS
from foricheck.rules.rule import Rule

__all__ = ["Entry", "Member", "entries"]


@dataclass(frozen=True)
class Member:
    """A wrong implementation of the zoo.

    Attributes:
        name: its name.
        story: what it does wrong, in a sentence.
        rules: the ids of the rules that must catch it.
    """

    name: str
    story: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A rule with what belongs to it.

    Attributes:
        rule: the rule.
        source: the lines of its property, after the decorator.
        members: the wrong implementations that it must catch.
        deviations: what released versions of JAX do instead, each in words.
    """

    rule: Rule
    source: str
    members: tuple[Member, ...]
    deviations: tuple[str, ...]


def entries(rules: Sequence[Rule]) -> list[Entry]:
    """The entry of each rule, in order."""
    zoo: Any = importlib.import_module("foricheck.conformance.zoo")
    members = [Member(each.name, each.story, tuple(each.caught_by)) for each in zoo.declared()]
    return [_entry(rule, members) for rule in rules]


def _entry(rule: Rule, members: Sequence[Member]) -> Entry:
    return Entry(
        rule=rule,
        source=_source(rule),
        members=tuple(member for member in members if rule.id in member.rules),
        deviations=tuple(str(each) for each in DEVIATIONS if each.rule == rule.id),
    )


def _source(rule: Rule) -> str:
    lines = inspect.getsource(rule.prop).splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("def "))
    return "\n".join(lines[first:])
