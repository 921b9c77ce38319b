"""JSON values as what a declaration says they are; anything else is an error with its place.

A declaration is a `msgspec.Struct`, or any other type that msgspec reads.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from foricheck.errors import RequestError

__all__ = ["InvalidDocument", "convert", "load", "load_toml", "read"]

Declared = TypeVar("Declared")

_PLACED = re.compile(r"(?P<message>.*?)(?: - at `\$\.?(?P<place>.*)`)?", re.DOTALL)
"""A message of msgspec: ``Expected `str`, got `int` - at `$.rules[0].id```."""


class InvalidDocument(ValueError):
    """A value is not as declared; the message is its place and what is wrong."""


def convert(value: Any, type: type[Declared]) -> Declared:
    """A JSON value as a declared type.

    Raises:
        InvalidDocument: it is not of this type.
    """
    try:
        return msgspec.convert(value, type)
    except msgspec.ValidationError as error:
        raise InvalidDocument(_placed(str(error))) from None


def read(path: Path, type: type[Declared], *, what: str, version: int) -> Declared:
    """The document in a file.

    Args:
        path: of the file.
        type: the declaration.
        what: the document is, for messages: ``a report of foricheck run --json``.
        version: of its schema, which is its member ``schema``.

    Raises:
        RequestError: the file cannot be read, is not JSON, or is no such document.
    """
    document = load(path)
    if not isinstance(document, dict) or "schema" not in document:
        raise RequestError(f"{path}: not {what}")
    found = document["schema"]
    if found != version or isinstance(found, bool):
        name = what.partition(" of ")[0]
        raise RequestError(
            f"{path}: {name} of schema {found!r}; this foricheck reads schema {version}"
        )
    try:
        return convert(document, type)
    except InvalidDocument as error:
        raise RequestError(f"{path}: not {what}: {error}") from error


def load(path: Path) -> Any:
    """The JSON value in a file.

    Raises:
        RequestError: the file cannot be read, or is not JSON in UTF-8.
    """
    return _parsed(path, json.loads, "JSON")


def load_toml(path: Path) -> dict[str, Any]:
    """The tables in a file.

    Raises:
        RequestError: the file cannot be read, or is not TOML in UTF-8.
    """
    tables: dict[str, Any] = _parsed(path, tomllib.loads, "TOML")
    return tables


def _parsed(path: Path, parse: Callable[[str], Any], language: str) -> Any:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RequestError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RequestError(f"{path}: not UTF-8 text") from error
    except ValueError as error:
        raise RequestError(f"{path}: not {language}: {error}") from error
    except RecursionError as error:
        raise RequestError(f"{path}: not {language} that can be read: too deeply nested") from error


def _placed(message: str) -> str:
    """The message with the place first: ``rules[0].id: expected text, got int``."""
    found = _PLACED.fullmatch(message)
    assert found is not None
    place, text = found["place"], found["message"]
    text = text[:1].lower() + text[1:].replace("`", "'")
    return f"{place}: {text}" if place else text
