"""The kill matrix as JSON, described by ``conformance/schemas/zoo-1.json``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.trials import TrialResult

__all__ = ["VERSION", "render"]

VERSION = 1
"""Of the schema."""


def render(matrix: KillMatrix) -> str:
    """The matrix as one JSON document in ASCII, ending in a newline."""
    return json.dumps(_document(matrix), indent=1) + "\n"


def _document(matrix: KillMatrix) -> dict[str, Any]:
    return {
        "schema": VERSION,
        "environment": asdict(matrix.environment),
        "seeds": list(matrix.seeds),
        "seconds": matrix.seconds,
        "finished": not matrix.unfinished,
        "reason": matrix.unfinished,
        "troubles": list(matrix.troubles),
        "median_seconds": matrix.median,
        "rules": [asdict(kills) for kills in matrix.kills()],
        "implementations": [_row(row) for row in matrix.rows],
    }


def _row(row: TrialResult) -> dict[str, Any]:
    trial, first = row.trial, row.first
    return {
        "name": trial.name,
        "target": trial.path,
        "kind": trial.kind,
        "group": trial.group,
        "story": trial.story,
        "expected": trial.expected,
        "declared": list(trial.declared),
        "profile": trial.profile,
        "first_rule": first.rule if first else None,
        "seconds": row.seconds,
        "lost": row.lost,
        "finished": row.finished,
        "trouble": row.trouble,
        "cells": [asdict(cell) for cell in row.cells],
    }
