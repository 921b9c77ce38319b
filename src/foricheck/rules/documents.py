"""What the documents say, sentence by sentence, with the place in the document."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from foricheck.errors import did_you_mean

__all__ = ["Source", "Statement", "statement", "statements"]


@dataclass(frozen=True)
class Source:
    """A place in a document.

    Attributes:
        document: an address or a title.
        place: the part of it that says so.
    """

    document: str
    place: str

    def __str__(self) -> str:
        return f"{self.document} ({self.place})"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence of a document, in our own words.

    Attributes:
        id: what a rule cites, such as ``fori_loop.indices``.
        document: the title of the document.
        says: the sentence.
        source: where the document says it.
        untestable: why no rule can check it, or ``""``.

    Raises:
        ValueError: ``says`` is not a sentence.
    """

    id: str
    document: str
    says: str
    source: Source
    untestable: str = ""

    def __post_init__(self) -> None:
        if not self.says.endswith("."):
            raise ValueError(f"{self.id}: what a document says ends with a full stop")


@lru_cache(maxsize=1)
def statements() -> tuple[Statement, ...]:
    """Every statement, document by document (``conformance/documents.toml``)."""
    text = resources.files("foricheck.conformance").joinpath("documents.toml").read_text("utf-8")
    return tuple(
        _statement(f"{name}.{key}", document, entry)
        for name, document in tomllib.loads(text).items()
        for key, entry in document.items()
        if isinstance(entry, dict)
    )


def statement(id: str) -> Statement:
    """The statement with this id.

    Raises:
        ValueError: the documents have none.
    """
    by_id = {each.id: each for each in statements()}
    if id not in by_id:
        hint = did_you_mean(id, by_id) or "; conformance/documents.toml lists them"
        raise ValueError(f"no statement has the id {id!r}{hint}")
    return by_id[id]


def _statement(id: str, document: dict[str, Any], entry: dict[str, Any]) -> Statement:
    address = entry.get("address", document.get("address", document["title"]))
    return Statement(
        id=id,
        document=document["title"],
        says=entry["says"],
        source=Source(address, entry["place"]),
        untestable=entry.get("untestable", ""),
    )
