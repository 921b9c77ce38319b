"""The files of the specification."""

from __future__ import annotations

from collections.abc import Sequence

from foricheck.rules.rule import Rule
from foricheck.specification import html
from foricheck.specification.entries import entries

__all__ = ["files"]


def files(rules: Sequence[Rule]) -> dict[str, str]:
    """The contents of each page by its name; the same rules give the same bytes."""
    found = entries(rules)
    beside = zip([None, *rules[:-1]], found, [*rules[1:], None], strict=True)
    pages = {
        html.address(entry.rule.id): html.page(entry, before=before, after=after)
        for before, entry, after in beside
    }
    return {"index.html": html.index(found)} | pages
