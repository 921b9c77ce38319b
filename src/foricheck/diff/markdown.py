"""A difference as Markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from foricheck.diff import wording
from foricheck.diff.diff import Diff, headline
from foricheck.diff.rules import RuleChange

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
    target = _code(diff.new.header.target)
    reason = f" {_code(diff.new.reason)}" if diff.new.reason else ""
    return f"{target}: {wording.verdict(diff)}{reason}"


def _items(changes: Sequence[RuleChange]) -> Iterator[str]:
    for change in changes:
        if not change.is_brief:
            yield from _item(change)
    for status, ids in wording.brief([change for change in changes if change.is_brief]):
        yield f"- {status}: {_escaped(ids)}"


def _item(change: RuleChange) -> Iterator[str]:
    level = f" ({change.level})" if change.level else ""
    said = f": {_escaped(change.sentence)}" if change.sentence else ""
    yield f"- **{_escaped(change.id)}**{level} {wording.status(change)}{said}"
    if reason := wording.reason(change):
        yield f"  - {_code(reason)}"
    for label, text in wording.differences(change):
        yield f"  - {label} {_code(text)}"
    if text := wording.case(change):
        yield f"  - case {_case(text)}"


def _details(diff: Diff) -> str:
    lines = [f"- {label}: {_escaped(text)}" for label, text in wording.amounts(diff) if text]
    lines += [
        f"- {wording.CATEGORIES[each.category]}: {_code(wording.setting(each))}"
        for each in diff.settings
    ]
    inside = "\n".join(lines)
    return f"<details><summary>Environment and coverage</summary>\n\n{inside}\n\n</details>"


def _code(text: str) -> str:
    """Foreign text as a code span, in which nothing is markup and nobody is mentioned."""
    line = " ".join(text.split())
    fence = "`" * (_longest_fence(line) + 1)
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def _case(text: str) -> str:
    return _block(text) if len(text.splitlines()) > 1 else _code(text)


def _block(text: str) -> str:
    """Lines as a block of code within an item of an item of a list."""
    fence = "`" * max(3, _longest_fence(text) + 1)
    lines = ("", fence, *text.splitlines(), fence)
    return "\n".join(f"    {line}" if line else "" for line in lines).lstrip(" ")


def _longest_fence(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _escaped(text: str) -> str:
    """Text of a report without markup of its own; double backticks are those of a docstring."""
    line = " ".join(text.split())
    parts = re.split("``(.+?)``", line)
    return "".join(_code(part) if n % 2 else _marked(part) for n, part in enumerate(parts))


def _marked(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]|#@])", r"\\\1", text)
