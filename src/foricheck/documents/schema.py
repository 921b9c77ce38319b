"""The JSON schema of a declaration."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

__all__ = ["schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(*declared: Any, id: str, title: str, description: str) -> dict[str, Any]:
    """The schema of a document; its objects have no members but those declared.

    Args:
        declared: the type of the document; one of several where there is a choice.
        id: of the schema, a URN.
        title: of the document.
        description: of the document.
    """
    roots, parts = msgspec.json.schema_components(declared, ref_template="#/$defs/{name}")
    return {
        "$schema": _DIALECT,
        "$id": id,
        "title": title,
        "description": description,
        **(roots[0] if len(roots) == 1 else {"oneOf": list(roots)}),
        "$defs": {name: _closed(part) for name, part in parts.items()},
    }


def _closed(part: dict[str, Any]) -> dict[str, Any]:
    """An object without unknown members; its docstring is its description."""
    closed = part | ({"additionalProperties": False} if "properties" in part else {})
    if "description" in part:
        closed["description"] = inspect.cleandoc(part["description"])  # as Python 3.13 compiles it
    return closed
