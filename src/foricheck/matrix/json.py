"""The matrix as JSON, described by ``conformance/schemas/matrix-1.json``; evidence is left out."""

from __future__ import annotations

import json
from typing import Any

from foricheck.matrix.table import Column, Matrix, Row

__all__ = ["render"]

_VERSION = 1


def render(matrix: Matrix) -> str:
    """The matrix as one JSON document in ASCII, ending in a newline."""
    return json.dumps(_document(matrix), indent=1) + "\n"


def _document(matrix: Matrix) -> dict[str, Any]:
    return {
        "schema": _VERSION,
        "title": matrix.title,
        "targets": [_target(matrix, n, column) for n, column in enumerate(matrix.columns)],
        "rules": [_rule(row) for row in matrix.rows],
    }


def _target(matrix: Matrix, at: int, column: Column) -> dict[str, Any]:
    report = column.report
    counts = {chapter: matrix.counts(at, chapter) for chapter in matrix.chapters}
    return {
        "name": column.name,
        "anchor": column.anchor,
        "kind": report.header.kind,
        "profile": report.header.profile,
        "seed": report.header.seed,
        "versions": report.header.environment.versions,
        "verdict": report.verdict,
        "reason": report.reason,
        "chapters": {chapter: found for chapter, found in counts.items() if found},
    }


def _rule(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "class": row.level,
        "sentence": row.sentence,
        "statuses": list(row.statuses),
    }
