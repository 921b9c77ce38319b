"""The kill matrix as JSON, as `foricheck.zoo.document` declares it."""

from __future__ import annotations

import json

import msgspec

from foricheck.report.document import EnvironmentEntry
from foricheck.zoo.document import Implementation, KillsEntry, ZooDocument
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.trials import TrialResult

__all__ = ["render"]


def render(matrix: KillMatrix) -> str:
    """The matrix as one JSON document in ASCII, ending in a newline."""
    return json.dumps(msgspec.to_builtins(_document(matrix)), indent=1) + "\n"


def _document(matrix: KillMatrix) -> ZooDocument:
    return ZooDocument(
        schema=1,
        environment=msgspec.convert(matrix.environment, EnvironmentEntry, from_attributes=True),
        seeds=tuple(matrix.seeds),
        seconds=matrix.seconds,
        finished=not matrix.unfinished,
        reason=matrix.unfinished,
        troubles=tuple(matrix.troubles),
        median_seconds=matrix.median,
        rules=msgspec.convert(matrix.kills(), tuple[KillsEntry, ...], from_attributes=True),
        implementations=tuple(map(_row, matrix.rows)),
    )


def _row(row: TrialResult) -> Implementation:
    trial, first = row.trial, row.first
    members = vars(trial) | {
        "target": trial.path,
        "first_rule": first.rule if first else None,
        "seconds": row.seconds,
        "lost": row.lost,
        "finished": row.finished,
        "trouble": row.trouble,
        "cells": row.cells,
    }
    return msgspec.convert(members, Implementation, from_attributes=True)
