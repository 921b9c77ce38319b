"""A difference on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from foricheck.diff import wording
from foricheck.diff.diff import Diff, headline
from foricheck.diff.rules import RuleChange
from foricheck.report.blocks import rows
from foricheck.report.hanging import hang
from foricheck.report.wording import plain

__all__ = ["show"]

_STYLES = {"worse": "bold red", "better": "bold green"}
_INDENT = 13


def show(console: Console, diff: Diff) -> None:
    """Print a difference: the verdict, what changed around the run, then rule by rule."""
    _head(console, diff)
    for kind, heading in wording.HEADINGS.items():
        if changes := diff.of(kind):
            console.print()
            console.print(Text(heading.upper(), style=_STYLES.get(kind, "bold")))
            _rules(console, changes)


def _head(console: Console, diff: Diff) -> None:
    style = _STYLES["worse"] if diff.is_worse else "bold"
    hang(console, Text(), Text(headline(diff), style=style))
    settings = [
        (heading, ", ".join(map(wording.setting, of_category)))
        for category, heading in wording.CATEGORIES.items()
        if (of_category := [each for each in diff.settings if each.category == category])
    ]
    lines: list[tuple[str, str | Text]] = [
        ("target", diff.new.header.target),
        ("verdict", wording.verdict(diff)),
        ("", diff.new.reason),
        *settings,
        *wording.amounts(diff),
    ]
    rows(console, lines)


def _rules(console: Console, changes: Sequence[RuleChange]) -> None:
    for change in changes:
        if not change.is_brief:
            _rule(console, change)
    for status, ids in wording.brief([change for change in changes if change.is_brief]):
        hang(console, _label(status), Text(ids))


def _rule(console: Console, change: RuleChange) -> None:
    level = f" ({change.level})" if change.level else ""
    hang(console, _label(change.id, "bold"), Text(f"{wording.status(change)}{level}"))
    for text in filter(None, (plain(change.sentence), wording.reason(change))):
        hang(console, _label(), Text(text))
    for label, text in (*wording.differences(change), ("case", wording.case(change))):
        if text:
            hang(console, Text.assemble(_label(), (f"{label:<7}", "dim")), Text(text))


def _label(text: str = "", style: str = "") -> Text:
    return Text(f"  {plain(text):<{_INDENT - 2}}", style=style)
