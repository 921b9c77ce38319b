"""The HTML report: one page, which loads nothing and runs no script."""

from __future__ import annotations

from foricheck.report import wording
from foricheck.report.causes import causes
from foricheck.report.extent import extent, part, thin
from foricheck.report.report import Report
from foricheck.report.rule_pages import NOWHERE, RulePages
from foricheck.report.summary import Summary
from foricheck.report.templates import template

__all__ = ["render"]


def render(report: Report, *, pages: RulePages = NOWHERE) -> str:
    """The report as one HTML document, whose rules lead to these pages."""
    text: str = template("report.html.j2").render(
        report=report,
        pages=pages,
        header=report.header,
        summary=Summary.of(report),
        verdict=wording.VERDICTS[report.verdict],
        claim=wording.claim(report.header.kind),
        extent=extent(report),
        part=part(report),
        thin=thin(report),
        causes=causes(report.results),
        lacking=wording.lacking(report.header.capabilities),
    )
    return text
