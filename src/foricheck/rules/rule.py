"""A rule: one sentence of the specification, and the property that checks it."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from foricheck.cases.variants import Variant
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Draw
from foricheck.rules.sources import Source

__all__ = ["Kind", "Level", "Rule", "chapter"]

Kind = Literal["loop", "recurrence"]


class Level(enum.Enum):
    """How binding a rule is."""

    CORE = "core"
    """Documented."""

    PARITY = "parity"
    """JAX does so, and a drop-in replacement must."""

    QUIRK = "quirk"
    """Tied to versions of JAX; judged only when named with ``--rules``."""


def chapter(id: str) -> str:
    """``CARRY`` of ``CARRY-03``."""
    return id.partition("-")[0]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One sentence of the specification.

    Attributes:
        id: chapter and number, such as ``CARRY-03``.
        kind: what sort of target the rule speaks of.
        level: core, parity or quirk.
        source: the document that says so.
        catches: the bugs that the rule is there to find, in a few words each.
        needs: the capabilities without which the rule says nothing about a target.
        variants: the variants under which the rule is judged.
        draw: how the cases are made.
        budget: how many of them.
        prop: the property, a function of the subject and a batch of cases that raises
            `foricheck.comparison.violations.Violation`.
        shown: from a failed case to the calls that show the failure, where it takes several.
        against: the variant that each way is compared with, where the rule does so.
        nested: whether the body of a case is run in a loop from 0 to the index of an outer one.
    """

    id: str
    kind: Kind
    level: Level
    source: Source
    catches: tuple[str, ...]
    needs: frozenset[str]
    variants: tuple[Variant, ...]
    draw: Draw
    budget: Budget
    prop: Callable[..., None]
    shown: Callable[[Any], Sequence[Any]]
    against: Variant | None = None
    nested: bool = False

    @property
    def chapter(self) -> str:
        """The part of the id before the dash: ``CARRY`` of ``CARRY-03``."""
        return chapter(self.id)

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
        return f"conformance/{self.prop.__module__.rpartition('.')[2]}.py::{self.prop.__name__}"

    def compared(self, variant: Variant) -> tuple[Variant, ...]:
        """The variants in which a failure in ``variant`` shows."""
        return (variant, self.against) if self.against else (variant,)

    def lacking(self, capabilities: frozenset[str]) -> Sequence[str]:
        """The capabilities that the rule needs and the target does not have."""
        return sorted(self.needs - capabilities)


def _paragraphs(prop: Callable[..., Any]) -> list[str]:
    text = inspect.getdoc(prop) or ""
    return [" ".join(part.split()) for part in text.split("\n\n")] or [""]
