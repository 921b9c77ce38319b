"""A difference as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foricheck.diff import wording
from foricheck.diff.diff import Diff, headline
from foricheck.diff.rules import RuleChange
from foricheck.report.markup import code, escaped, lines_of_code

__all__ = ["render"]


def render(diff: Diff) -> str:
    """The difference as Markdown; lines are not wrapped, as a comment would break there."""
    parts = [f"### foricheck: {headline(diff)}", _verdict(diff)]
    for kind, heading in wording.HEADINGS.items():
        if changes := diff.of(kind):
            items = "\n".join(_items(changes))
            parts.append(f"**{heading.capitalize()}**\n\n{items}")
    parts.append(_details(diff))
    return "\n\n".join(parts) + "\n"


def _verdict(diff: Diff) -> str:
    target = code(diff.new.header.target)
    reason = f" {code(diff.new.reason)}" if diff.new.reason else ""
    return f"{target}: {wording.verdict(diff)}{reason}"


def _items(changes: Sequence[RuleChange]) -> Iterator[str]:
    for change in changes:
        if not change.is_brief:
            yield from _item(change)
    for status, ids in wording.brief([change for change in changes if change.is_brief]):
        yield f"- {status}: {escaped(ids)}"


def _item(change: RuleChange) -> Iterator[str]:
    level = f" ({change.level})" if change.level else ""
    said = f": {escaped(change.sentence)}" if change.sentence else ""
    yield f"- **{escaped(change.id)}**{level} {wording.status(change)}{said}"
    if reason := wording.reason(change):
        yield f"  - {code(reason)}"
    for label, text in wording.differences(change):
        yield f"  - {label} {code(text)}"
    if text := wording.case(change):
        yield f"  - case {lines_of_code(text)}"


def _details(diff: Diff) -> str:
    lines = [f"- {label}: {escaped(text)}" for label, text in wording.amounts(diff) if text]
    lines += [
        f"- {wording.CATEGORIES[each.category]}: {code(wording.setting(each))}"
        for each in diff.settings
    ]
    inside = "\n".join(lines)
    return f"<details><summary>Environment and coverage</summary>\n\n{inside}\n\n</details>"
