"""Text with a hanging indent to the right of its label, without padding at line ends."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

__all__ = ["hang"]

_NARROWEST = 20


def hang(console: Console, label: Text, text: Text) -> None:
    """Print a label and, to its right, a text wrapped to the width of the console."""
    indent = label.cell_len
    for line in text.wrap(console, max(_NARROWEST, console.width - indent), overflow="fold"):
        line.rstrip()
        console.print(Text.assemble(label, line), soft_wrap=True)
        label = Text(" " * indent)
