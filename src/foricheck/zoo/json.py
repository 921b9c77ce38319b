"""The kill matrix as JSON, described by ``conformance/schemas/zoo-1.json``."""

from __future__ import annotations

import json

import msgspec

from foricheck.zoo.document import SCHEMA_VERSION, Implementation, ZooDocument
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.trials import TrialResult

__all__ = ["render"]


def render(matrix: KillMatrix) -> str:
    """The matrix as one JSON document in ASCII, ending in a newline."""
    return json.dumps(msgspec.to_builtins(_document(matrix)), indent=1) + "\n"


def _document(matrix: KillMatrix) -> ZooDocument:
    return ZooDocument(
        schema=SCHEMA_VERSION,
        environment=matrix.environment,
        seeds=matrix.seeds,
        seconds=matrix.seconds,
        finished=not matrix.unfinished,
        reason=matrix.unfinished,
        troubles=matrix.troubles,
        median_seconds=matrix.median,
        rules=matrix.kills(),
        implementations=tuple(map(_implementation, matrix.rows)),
    )


def _implementation(row: TrialResult) -> Implementation:
    trial = row.trial
    return Implementation(
        name=trial.name,
        target=trial.path,
        kind=trial.kind,
        group=trial.group,
        story=trial.story,
        expected=trial.expected,
        declared=trial.declared,
        profile=trial.profile,
        first_rule=row.first.rule if row.first else None,
        seconds=row.seconds,
        lost=row.lost,
        finished=row.finished,
        trouble=row.trouble,
        cells=row.cells,
    )
