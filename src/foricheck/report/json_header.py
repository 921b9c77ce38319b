"""A JSON document in a file, as far as all that foricheck writes is alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foricheck.errors import RequestError
from foricheck.judging.events import Environment
from foricheck.report.json_fields import Fields, InvalidDocument

__all__ = ["environment", "opened"]


@contextmanager
def opened(
    path: Path, *, what: str, of: str, schema: int, members: frozenset[str]
) -> Iterator[Fields]:
    """The document in a file; what is found wrong with it inside is told with its path.

    Args:
        path: of the file.
        what: it has to be, such as ``a report``.
        of: the command that writes such documents.
        schema: the version of it that is read.
        members: that tell it from other documents.

    Raises:
        RequestError: the file cannot be read, is not JSON, is another document, or is `Unfit`.
    """
    document = _json(path)
    if not isinstance(document, dict) or not {"schema"} | members <= set(document):
        raise RequestError(f"{path}: not {what} of {of}")
    version = document["schema"]
    if version != schema or isinstance(version, bool):
        read = f"this foricheck reads schema {schema}"
        raise RequestError(f"{path}: {what} of schema {version!r}; {read}")
    try:
        yield Fields(document)
    except InvalidDocument as unfit:
        raise RequestError(f"{path}: not {what} of {of}: {unfit}") from unfit


def environment(fields: Fields) -> Environment:
    """Where the run took place that a document tells of.

    Raises:
        Unfit: it does not say so.
    """
    return Environment(
        versions=fields.texts_by_name("versions"),
        platform=fields.text("platform"),
        device=fields.text("device"),
    )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RequestError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RequestError(f"{path}: not UTF-8 text") from error
    except ValueError as error:
        raise RequestError(f"{path}: not JSON: {error}") from error
    except RecursionError as error:
        raise RequestError(f"{path}: not JSON that can be read: too deeply nested") from error
