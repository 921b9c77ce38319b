"""The console that commands print on."""

from __future__ import annotations

import sys

from rich.console import Console

__all__ = ["Screen"]


class Screen(Console):
    """Prints text as it is, on standard output or on standard error."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(file=sys.stderr if stderr else sys.stdout, highlight=False)

    def on_broken_pipe(self) -> None:
        """Pass the error on; rich itself would exit with status 1, which is a verdict here."""
        raise  # rich calls this while it handles the error
