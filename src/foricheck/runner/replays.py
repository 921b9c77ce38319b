"""Failures stored on disk, so that ``foricheck replay ID`` runs one again."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from foricheck.documents.reading import InvalidDocument, convert, load
from foricheck.errors import RequestError
from foricheck.evidence.record import Record

__all__ = ["DIRECTORY", "find", "store"]

DIRECTORY = Path(".foricheck")


def store(record: Record, directory: Path) -> None:
    """Write a failure that has a case.

    Raises:
        OSError: the directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{record.id}.json"
    path.write_text(json.dumps(msgspec.to_builtins(record), indent=1) + "\n")


def find(id: str, directory: Path = DIRECTORY) -> Record:
    """The stored failure of this id.

    Raises:
        RequestError: the directory does not have it, or its file cannot be read.
    """
    path = directory / f"{id}.json"
    if Path(id).name != id or not path.is_file():
        raise RequestError(
            f"no failure {id!r} is kept in {directory}/; in another place, name the report that "
            "has it with --from"
        )
    try:
        return convert(load(path), Record)
    except InvalidDocument as error:
        raise RequestError(f"{path} is no failure that foricheck kept: {error}") from error
