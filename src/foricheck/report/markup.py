"""Text for Markdown, as GitHub renders it in comments and summaries."""

from __future__ import annotations

import re

__all__ = ["code", "escaped", "lines_of_code"]


def code(text: str) -> str:
    """Foreign text in one line as a code span, in which nothing is markup."""
    line = " ".join(text.split())
    fence = "`" * (_longest_fence(line) + 1)
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def lines_of_code(text: str) -> str:
    """Foreign text of several lines as a block of code in an item of an item of a list."""
    if len(text.splitlines()) < 2:
        return code(text)
    fence = "`" * max(3, _longest_fence(text) + 1)
    lines = ("", fence, *text.splitlines(), fence)
    return "\n".join(f"    {line}" if line else "" for line in lines).lstrip(" ")


def escaped(text: str) -> str:
    """Text without markup of its own; double backticks are those of a docstring."""
    parts = re.split("``(.+?)``", " ".join(text.split()))
    return "".join(code(part) if n % 2 else _marked(part) for n, part in enumerate(parts))


def _marked(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]|#@])", r"\\\1", text)


def _longest_fence(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
