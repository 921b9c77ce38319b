"""A rule: one sentence of the specification, and the property that checks it."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from foricheck.cases.variants import EVERY_VARIANT, Variant
from foricheck.rules.budget import Budget
from foricheck.rules.chapters import CHAPTERS, Kind, chapter
from foricheck.rules.docstrings import docstring
from foricheck.rules.documents import Source, Statement
from foricheck.rules.draws import Draw
from foricheck.targets.capabilities import CAPABILITIES

__all__ = ["Level", "Rule"]


class Level(enum.Enum):
    """How binding a rule is."""

    CORE = "core"
    """Documented."""

    PARITY = "parity"
    """JAX does so, and a drop-in replacement must."""

    QUIRK = "quirk"
    """Tied to versions of JAX; judged only when named with ``--rules``."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One sentence of the specification.

    Attributes:
        id: chapter and number, such as ``CARRY-03``.
        level: core, parity or quirk.
        statements: what the documents say about it, the most direct statement first.
        catches: the bugs that the rule is there to find, in a few words each.
        needs: the capabilities without which the rule does not apply to a target.
        variants: the variants under which the rule is judged.
        draw: how the cases are made.
        budget: how many of them.
        prop: the property, a function of the subject and a batch of cases that raises
            `foricheck.comparison.violations.Violation`; it returns the test ratio, if the rule
            has an error bound.
        reproduction: from a failed case to the calls that show the failure, where it takes several.
        against: the variant that each variant is compared with, where the rule does so.
        nested: whether the body of a case is run in a loop from 0 to the index of an outer one.

    Raises:
        ValueError: the rule is incomplete or contradicts itself; the message names the rule.
    """

    id: str
    level: Level
    statements: tuple[Statement, ...]
    catches: tuple[str, ...]
    needs: frozenset[str]
    variants: tuple[Variant, ...]
    draw: Draw
    budget: Budget
    prop: Callable[..., float | None]
    reproduction: Callable[[Any], Sequence[Any]]
    against: Variant | None = None
    nested: bool = False

    def __post_init__(self) -> None:
        for is_wrong, message in _mistakes(self):
            if is_wrong:
                raise ValueError(f"{self.id}: {message}")

    @property
    def chapter(self) -> str:
        """The part of the id before the dash: ``CARRY`` of ``CARRY-03``."""
        return chapter(self.id)

    @property
    def kind(self) -> Kind:
        """The kind of target that the rule judges: that of its chapter."""
        return CHAPTERS[self.chapter].kind

    @property
    def source(self) -> Source:
        """Where it is said: in a document if it is a core rule, otherwise by a released JAX."""
        if self.level is Level.CORE:
            return self.statements[0].source
        return CHAPTERS[self.chapter].measured

    @property
    def sentence(self) -> str:
        """What the rule says: the first paragraph of the property's docstring."""
        return _paragraphs(self.prop)[0]

    @property
    def why(self) -> str:
        """Why it matters: the rest of the property's docstring."""
        return "\n\n".join(_paragraphs(self.prop)[1:])

    @property
    def place(self) -> str:
        """Where the property is: ``conformance/test_carry.py::test_structure_is_kept``."""
        return f"conformance/{_module(self.prop)}.py::{self.prop.__name__}"

    def compared(self, variant: Variant) -> tuple[Variant, ...]:
        """The variants in which a failure in ``variant`` shows."""
        return (variant, self.against) if self.against else (variant,)

    def lacking(self, capabilities: frozenset[str]) -> Sequence[str]:
        """The capabilities that the rule needs and the target does not have."""
        return sorted(self.needs - capabilities)


def _mistakes(rule: Rule) -> list[tuple[bool, str]]:
    """Whether a rule makes each mistake that its fields can show, and how to mend it."""
    if not re.fullmatch(r"[A-Z]+-\d\d", rule.id) or rule.chapter not in CHAPTERS:
        return [(True, f"an id is a chapter ({', '.join(CHAPTERS)}) and two digits")]
    unknown = sorted(rule.needs - set(CAPABILITIES))
    return [
        (
            rule.level is Level.CORE and not rule.statements,
            "a core rule cites a statement of conformance/documents.toml; without one, the rule "
            "is parity or quirk",
        ),
        (not rule.catches or not all(rule.catches), "catches names the bugs that it finds"),
        (bool(unknown), f"needs capabilities that no target can have: {', '.join(unknown)}"),
        (
            not rule.variants or not set(rule.variants) <= set(EVERY_VARIANT),
            "variants are one or more of foricheck.cases.variants",
        ),
    ]


def _module(prop: Callable[..., Any]) -> str:
    return prop.__module__.rpartition(".")[2]


def _paragraphs(prop: Callable[..., Any]) -> list[str]:
    return [" ".join(part.split()) for part in docstring(prop).split("\n\n")]
