"""Start a harness from the command that a person typed."""

from __future__ import annotations

import os
import shlex

from foricheck.errors import RequestError
from foricheck.targets.wire.process import Process

__all__ = ["PREFIX", "start"]

PREFIX = "exec:"
"""The prefix of a target that is a command."""


def start(command: str) -> Process:
    """A harness, started by a command: a program and its arguments, quoted as for a shell.

    No shell is used, so that ending the process ends the harness.

    Raises:
        RequestError: it cannot be started.
    """
    arguments = _arguments(command)
    try:
        return Process(arguments)
    except FileNotFoundError:
        raise RequestError(_not_found(arguments[0])) from None
    except PermissionError:
        raise RequestError(f"the harness {arguments[0]!r} is not executable") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise RequestError(f"the harness {arguments[0]!r} cannot be started: {reason}") from None


def _arguments(command: str) -> list[str]:
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise RequestError(f"the command {command!r} cannot be read: {error}") from None
    if not arguments:
        raise RequestError("exec: names no command; write, for example, 'exec:node harness.mjs'")
    return arguments


def _not_found(program: str) -> str:
    here = os.path.isfile(program) and os.sep not in program
    hint = f": write ./{program} for the one in this directory" if here else ""
    missing = "file" if os.sep in program else "command"
    return f"the harness cannot be started: there is no {missing} {program!r}{hint}"
