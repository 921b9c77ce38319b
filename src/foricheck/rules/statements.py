"""What the documents say, sentence by sentence, with the rules that check it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

__all__ = ["Statement", "statements"]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence of a document, in our own words.

    Attributes:
        document: the title of the document.
        says: the sentence.
        rules: the ids of the rules that check it.
        untestable: why no rule can, or ``""``.
    """

    document: str
    says: str
    rules: tuple[str, ...] = ()
    untestable: str = ""


@lru_cache(maxsize=1)
def statements() -> tuple[Statement, ...]:
    """Every statement, document by document (``conformance/documents.toml``)."""
    text = resources.files("foricheck.conformance").joinpath("documents.toml").read_text("utf-8")
    return tuple(
        Statement(
            document=document["title"],
            says=entry["says"],
            rules=tuple(entry.get("rules", ())),
            untestable=entry.get("untestable", ""),
        )
        for document in tomllib.loads(text)["document"]
        for entry in document["statement"]
    )
