"""A rule with all that is known about it, for its page."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from foricheck.conformance.zoo import Member, declared
from foricheck.expected.deviations import DEVIATIONS, Deviation
from foricheck.rules.rule import Rule
from foricheck.targets.capabilities import CAPABILITIES

__all__ = ["Entry", "entries"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One rule, and what belongs to it.

    Attributes:
        rule: the rule.
        members: the wrong implementations of the zoo that it must catch.
        deviations: in which released JAX breaks it.
    """

    rule: Rule
    members: tuple[Member, ...]
    deviations: tuple[Deviation, ...]

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def needs(self) -> dict[str, str]:
        """The capabilities that the rule needs, each with what it means."""
        return {name: CAPABILITIES[name] for name in sorted(self.rule.needs)}

    @cached_property
    def code(self) -> str:
        """The source of the property, with its decorators."""
        return inspect.getsource(self.rule.prop)

    @property
    def words(self) -> str:
        """What a search finds the rule by, besides its id and its sentence."""
        names = (member.name for member in self.members)
        return " ".join((self.rule.why, *self.rule.catches, *names)).lower()


def entries(rules: Sequence[Rule]) -> tuple[Entry, ...]:
    """The rules with what belongs to them, in the same order."""
    members = declared()
    return tuple(
        Entry(
            rule=rule,
            members=tuple(member for member in members if rule.id in member.caught_by),
            deviations=tuple(each for each in DEVIATIONS if each.rule == rule.id),
        )
        for rule in rules
    )
