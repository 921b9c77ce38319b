"""The files of the site: the page, the matrix as JSON, a badge for each target."""

from __future__ import annotations

from foricheck.matrix import html as as_html
from foricheck.matrix import json as as_json
from foricheck.matrix.table import Matrix
from foricheck.report import badge
from foricheck.report.rule_pages import NOWHERE, RulePages

__all__ = ["files"]


def files(matrix: Matrix, *, pages: RulePages = NOWHERE) -> dict[str, str]:
    """The contents of each file by its path in the site; the same matrix gives the same bytes."""
    badges = {
        f"badges/{column.anchor}.svg": badge.render(column.report, name=column.name)
        for column in matrix.columns
    }
    data = {"matrix.json": as_json.render(matrix)}
    return {"index.html": as_html.render(matrix, pages=pages)} | data | badges
