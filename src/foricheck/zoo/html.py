"""The kill matrix as one HTML page that needs no network and runs no script."""

from __future__ import annotations

from foricheck.report.rule_pages import NOWHERE, RulePages
from foricheck.report.templates import template
from foricheck.rules.chapters import chapter
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.summary import facts, verdict
from foricheck.zoo.trials import Cell, TrialResult

__all__ = ["render"]


def render(matrix: KillMatrix, *, pages: RulePages = NOWHERE) -> str:
    """The matrix as one HTML document, whose rules lead to these pages."""
    text: str = template("zoo.html.j2").render(
        matrix=matrix,
        pages=pages,
        verdict=verdict(matrix),
        facts=facts(matrix),
        chapters=_chapters(matrix.columns),
        mark=_mark,
    )
    return text


def _chapters(rules: tuple[str, ...]) -> dict[str, list[str]]:
    """Rules by chapter, for the head of the table."""
    chapters: dict[str, list[str]] = {}
    for rule in rules:
        chapters.setdefault(chapter(rule), []).append(rule)
    return chapters


def _mark(row: TrialResult, cell: Cell) -> str:
    """How a cell looks: the first rule that caught it, another one, or one that did not."""
    if cell.caught:
        return "first" if row.first and cell.rule == row.first.rule else "caught"
    return "held" if cell.passed else "skipped"
