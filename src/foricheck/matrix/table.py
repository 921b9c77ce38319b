"""The matrix: the result of each rule in each report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from foricheck.judging.events import RuleResult, Status
from foricheck.report.report import Report
from foricheck.report.summary import Summary
from foricheck.rules.chapters import chapter

__all__ = ["Column", "Matrix", "Row"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One target.

    Attributes:
        name: the target, as a person named it.
        short: a shorter form, for column heads.
        anchor: a form for addresses and file names.
        report: on the target.
    """

    name: str
    short: str
    anchor: str
    report: Report

    def cell(self, rule: str) -> str:
        """The address of the evidence for a rule."""
        return f"{self.anchor}-{rule}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule.

    Attributes:
        id: the rule's id.
        level: ``core``, ``parity`` or ``quirk``.
        sentence: what the rule says.
        results: one a column; None where the rule was not judged.
    """

    id: str
    level: str
    sentence: str
    results: tuple[RuleResult | None, ...]

    @property
    def chapter(self) -> str:
        """``CARRY`` of ``CARRY-03``."""
        return chapter(self.id)

    @property
    def statuses(self) -> tuple[Status | None, ...]:
        """The statuses of the results."""
        return tuple(None if result is None else result.status for result in self.results)

    @property
    def is_broken(self) -> bool:
        """Whether a target fails the rule, or passes it unexpectedly."""
        return not {"failed", "xpassed"}.isdisjoint(self.statuses)


@dataclass(frozen=True)
class Matrix:
    """Targets by rules.

    Attributes:
        title: of the page.
        columns: the targets, in the order of their reports.
        rows: the rules in any report, by chapter.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @cached_property
    def chapters(self) -> dict[str, tuple[Row, ...]]:
        """The rules by chapter."""
        names = dict.fromkeys(row.chapter for row in self.rows)
        return {name: tuple(row for row in self.rows if row.chapter == name) for name in names}

    def counts(self, at: int, chapter: str) -> dict[Status, int]:
        """The number of rules of a chapter in each status that occurs, for one column."""
        results = (row.results[at] for row in self.chapters[chapter])
        return Summary(tuple(result for result in results if result is not None)).counts
