"""Build the matrix from reports, each with a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foricheck.errors import RequestError
from foricheck.judging.events import RuleResult
from foricheck.matrix.naming import anchors, short
from foricheck.matrix.table import Column, Matrix, Row
from foricheck.report.report import Report
from foricheck.rules.chapters import CHAPTERS

__all__ = ["SECTIONS", "TITLE", "Named", "collect"]

TITLE = "fori_loop conformance"
SECTIONS = ("targets", "rules", "failures", "xfailed", "skipped", "details", "broken-only")
"""The page's other addresses, beside those of targets, chapters and cells."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A report with a name.

    Attributes:
        name: of its target, on the page.
        origin: the file that it was read from, for messages.
        report: the report.
    """

    name: str
    origin: str
    report: Report


def collect(reports: Sequence[Named], *, title: str = TITLE) -> Matrix:
    """The matrix of these reports, the targets in their order.

    Raises:
        RequestError: two of them have the same name.
    """
    _check_unique(reports)
    rows = _rows([named.report for named in reports])
    return Matrix(title, _columns(reports, {row.chapter for row in rows}), rows)


def _columns(reports: Sequence[Named], chapters: Iterable[str]) -> tuple[Column, ...]:
    names = [named.name for named in reports]
    taken = {*SECTIONS, *(f"chapter-{chapter}" for chapter in chapters)}
    return tuple(
        Column(name=named.name, short=head, anchor=anchor, report=named.report)
        for named, head, anchor in zip(reports, short(names), anchors(names, taken), strict=True)
    )


def _rows(reports: Sequence[Report]) -> tuple[Row, ...]:
    """Every rule in any report, in the order of the specification."""
    by_rule = [{result.id: result for result in report.results} for report in reports]
    rules = sorted(set().union(*by_rule), key=_order)
    return tuple(_row(rule, tuple(found.get(rule) for found in by_rule)) for rule in rules)


def _row(rule: str, results: tuple[RuleResult | None, ...]) -> Row:
    first = next(result for result in results if result is not None)
    return Row(id=rule, level=first.level, sentence=first.sentence, results=results)


def _check_unique(reports: Sequence[Named]) -> None:
    first: dict[str, Named] = {}
    for named in reports:
        other = first.setdefault(named.name, named)
        if other is not named:
            raise RequestError(
                f"{other.origin} and {named.origin} are both reports on {named.name!r}: "
                f"leave one out, or give it another name with NAME={named.origin}"
            )


def _order(rule: str) -> tuple[int, str, int]:
    name, _, number = rule.partition("-")
    known = list(CHAPTERS).index(name) if name in CHAPTERS else len(CHAPTERS)
    return known, name, int(number)
