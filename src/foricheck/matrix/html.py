"""The matrix as one HTML page, which loads nothing and runs no script."""

from __future__ import annotations

import shlex
from typing import Any

from foricheck.judging.events import Status
from foricheck.matrix import versions
from foricheck.matrix.evidence import evidence, reasons
from foricheck.matrix.table import Column, Matrix
from foricheck.report import wording
from foricheck.report.report import Report
from foricheck.report.rule_pages import NOWHERE, RulePages
from foricheck.report.summary import Summary
from foricheck.report.templates import template
from foricheck.targets.target import BUNDLED

__all__ = ["MARKS", "render"]

MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "xfailed": "~", "xpassed": "!"}
"""The text of a cell, so that colour is not needed."""

_WITH_REASONS: tuple[Status, ...] = ("xfailed", "passed", "skipped")
_VERDICT_MARKS = {"conformant": "✓", "nonconformant": "✗", "error": "?"}
_LEVELS = {
    "core": "core: documented",
    "parity": "parity: as JAX does",
    "quirk": "quirk: tied to versions of JAX",
}


def render(matrix: Matrix, *, pages: RulePages = NOWHERE) -> str:
    """The matrix as one HTML document, whose rules lead to these pages."""
    text: str = template("matrix.html.j2").render(
        matrix=matrix,
        pages=pages,
        lead=_lead(matrix),
        judged_with=_judged_with(matrix),
        kinds={column.report.header.kind for column in matrix.columns},
        targets=[_target(column) for column in matrix.columns],
        evidence={row.id: evidence(matrix, row) for row in matrix.rows if row.is_broken},
        reasons={status: reasons(matrix, status) for status in _WITH_REASONS},
        marks=MARKS,
        verdict_marks=_VERDICT_MARKS,
        levels=_LEVELS,
    )
    return text


def _lead(matrix: Matrix) -> str:
    """The first sentence of the page."""
    conformant = sum(column.report.conformant for column in matrix.columns)
    targets = wording.counted(len(matrix.columns), "target")
    rules = wording.counted(len(matrix.rows), "rule")
    return f"{targets}, judged by {rules}: {conformant} conformant."


def _judged_with(matrix: Matrix) -> str:
    """The versions of foricheck, the profiles and the seeds of all runs."""
    headers = [column.report.header for column in matrix.columns]
    found = {
        "foricheck": (header.environment.versions.get("foricheck", "") for header in headers),
        "profile": (header.profile for header in headers),
        "seed": (str(header.seed) for header in headers),
    }
    each = {what: dict.fromkeys(filter(None, values)) for what, values in found.items()}
    return ", ".join(f"{what} {' and '.join(values)}" for what, values in each.items() if values)


def _target(column: Column) -> dict[str, Any]:
    """One target on the page, besides its cells."""
    report = column.report
    return {
        "column": column,
        "report": report,
        "header": report.header,
        "summary": Summary.of(report),
        "claim": wording.claim(report.header.kind),
        "lacking": wording.lacking(report.header.capabilities),
        "verdict": _verdict(report),
        "versions": versions.own(report.header),
        "every_version": versions.text(report.header.environment.versions),
        "again": _again(report),
    }


def _verdict(report: Report) -> str:
    if failed := Summary.of(report).counts.get("failed"):
        return f"{failed} failed"
    if unexpected := len(report.failures):
        return f"{unexpected} passed unexpectedly"
    return wording.VERDICTS[report.verdict].lower()


def _again(report: Report) -> str:
    """The command that judges the target again, by the default rules."""
    header = report.header
    target = [] if header.target == BUNDLED else [header.target]
    options = ["--profile", header.profile, "--seed", str(header.seed)]
    return shlex.join(["foricheck", "run", *target, *options])
