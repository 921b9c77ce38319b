"""Help texts: the docstrings of the commands, with examples at the end."""

from __future__ import annotations

import click

from foricheck.rules.docstrings import docstring

__all__ = ["examples", "with_help"]

_KEEP_LINES = "\b"  # click's mark for a paragraph whose lines it keeps


def examples(*lines: str) -> str:
    """An epilog with one example a line."""
    return "\n".join((_KEEP_LINES, "Examples:", *(f"  {line}" for line in lines)))


def with_help(command: click.Command) -> click.Command:
    """The command with its help text, which ``python -OO`` has removed."""
    if command.help is None and command.callback is not None:
        command.help = docstring(command.callback)
    return command
