"""The failures of a run as a file for ``--expect-failures``, to be completed by hand.

A failure that was already expected keeps its entry. A rule that passed has none, and a known
deviation of JAX needs none.
"""

from __future__ import annotations

import json
import textwrap

from foricheck.expected.file import CATEGORIES, split
from foricheck.judging.events import RuleResult
from foricheck.report.report import Report
from foricheck.report.wording import plain

__all__ = ["render"]

_TO_FILL_IN = ("not yet", "to be filled in")


def render(report: Report) -> str:
    """The entries as TOML, each after a comment with the failure."""
    entries = (_entry(result) for result in report.results)
    return "\n".join([_head(report), *filter(None, entries)])


def _head(report: Report) -> str:
    categories = ", ".join(f'"{name}"' for name in CATEGORIES)
    return (
        f"# The rules that {_line(report.header.target)} is expected to break.\n"
        f"# A category is one of {categories}; an issue may be added.\n"
    )


def _entry(result: RuleResult) -> str:
    """The entry of a rule that failed, ``""`` for any other."""
    known = split(result.reason) if result.status == "xfailed" else None
    if result.status != "failed" and not known:
        return ""
    category, reason = known or _TO_FILL_IN
    return (
        f"# {_line(result.sentence)}\n{_difference(result)}"
        f"[{result.id}]\ncategory = {_text(category)}\nreason = {_text(reason)}\n"
    )


def _difference(result: RuleResult) -> str:
    failure = result.failure
    if failure is None:
        return ""
    place = f"at {failure.path}, " if failure.path else ""
    seen = _line(f"# {place}expected {failure.expected}, got {failure.got}")
    return textwrap.shorten(seen, 100, placeholder=" …") + "\n"


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _text(value: str) -> str:
    """A basic string of TOML: as in JSON, but with DEL escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
