"""Text with a hanging indent to the right of its label, without padding at line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

__all__ = ["hang"]

_NARROWEST = 20

_BREAKS = (re.compile("::|/"), re.compile(r"[_.,;:=&?)\]-]"))
"""After what a word that is wider than the console is broken, the best places first."""


def hang(console: Console, label: Text, text: Text) -> None:
    """Print a label and, to its right, a text wrapped to the width of the console."""
    indent = label.cell_len
    width = max(_NARROWEST, console.width - indent)
    for line in _broken(text, width).wrap(console, width, overflow="fold"):
        line.rstrip()
        console.print(Text.assemble(label, line), soft_wrap=True)
        label = Text(" " * indent)


def _broken(text: Text, width: int) -> Text:
    """The text with the words that are too wide broken between their parts."""
    words = re.finditer(rf"\S{{{width + 1},}}", text.plain)
    places = [place for word in words for place in _places(word.start(), word.group(), width)]
    return Text("\n").join(text.divide(places)) if places else text


def _places(start: int, word: str, width: int) -> Iterator[int]:
    """Where to break a word so that no part is too wide; it begins at ``start``."""
    while len(word) > width:
        end = _end(word, width)
        start, word = start + end, word[end:]
        yield start


def _end(word: str, width: int) -> int:
    """The length of the first part of a word; the last resort is to break anywhere."""
    for breaks in _BREAKS:
        ends = [found.end() for found in breaks.finditer(word) if found.end() <= width]
        if ends and ends[-1] > width // 4:
            return ends[-1]
    return width
