"""Exit statuses, and the line on standard error that explains a bad one."""

from __future__ import annotations

import click

__all__ = ["BROKEN_PIPE", "INTERRUPTED", "STATUSES", "WRONG", "complain"]

WRONG = 2
STATUSES = {"conformant": 0, "nonconformant": 1, "error": WRONG}
"""By verdict."""
INTERRUPTED = 130
"""As a shell reports a process ended by SIGINT."""
BROKEN_PIPE = 141
"""As a shell reports a process ended by SIGPIPE."""


def complain(message: str, *, status: int = WRONG) -> int:
    """Print an error in one line, and return the exit status."""
    click.echo(f"foricheck: {' '.join(message.split())}", err=True)
    return status
