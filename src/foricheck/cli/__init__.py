"""The command line.

This package imports nothing heavy: a command loads what it needs when it is called.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn, TextIO

import click

from foricheck.cli import (
    bench,
    cache,
    diff,
    explain,
    matrix,
    new_rule,
    replay,
    rules,
    run,
    smoke,
    targets,
    vectors,
    zoo,
)
from foricheck.cli.completion import completed
from foricheck.cli.help import examples, with_help
from foricheck.cli.status import BROKEN_PIPE, INTERRUPTED, WRONG, complain
from foricheck.errors import RequestError
from foricheck.runner import signals

__all__ = ["foricheck", "main"]


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "foricheck run                          the bundled reference",
        "foricheck run mypkg.loops:fori_loop    a callable of yours",
        "foricheck rules                        the specification",
        "foricheck explain CARRY-03             one rule of it",
    ),
)
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.pass_context
def foricheck(context: click.Context, *, version: bool) -> int | None:
    """Is this loop a fori_loop?

    Judges any implementation of jax.lax.fori_loop, or of the recurrence built on it, against
    the documented semantics, and shows the smallest case that breaks a rule.
    """
    if version:
        return _show_version()
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(WRONG)
    return None


for _module in (
    run,
    rules,
    explain,
    replay,
    diff,
    zoo,
    matrix,
    bench,
    cache,
    targets,
    smoke,
    vectors,
    new_rule,
):
    foricheck.add_command(with_help(_module.command))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its status; ``arguments`` stand in for ``sys.argv[1:]``."""
    signals.handle()
    _open_what_is_closed()
    status = _status(list(sys.argv[1:] if arguments is None else arguments))
    signals.at_the_end()
    if arguments is not None:  # the process goes on
        signals.restore()
    sys.exit(status)


def _open_what_is_closed() -> None:
    """Open standard streams that are closed, so that no pipe takes their numbers."""
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(opened, True)  # as standard streams are
    os.close(opened)
    sys.stdout = sys.stdout or _stream(1)
    sys.stderr = sys.stderr or _stream(2)


def _stream(number: int) -> TextIO:
    return open(number, "w", closefd=False)


def _show_version() -> NoReturn:
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"foricheck {version('foricheck')}")
    except PackageNotFoundError:
        click.echo("foricheck (not installed, so of unknown version)")
    raise click.exceptions.Exit(0)


def _status(arguments: list[str]) -> int:
    """The exit status of one command; whatever stops it is reported in one line."""
    try:
        return _invoke(arguments)
    except click.UsageError as error:
        hint = f" (try '{error.ctx.command_path} --help')" if error.ctx else ""
        return complain(f"{error.format_message().rstrip('.')}{hint}")
    except RequestError as error:
        return complain(str(error))
    except signals.Stopped as stopped:
        return complain(str(stopped), status=stopped.status)
    except KeyboardInterrupt:
        return complain("interrupted", status=INTERRUPTED)
    except BrokenPipeError:
        _settle_output()
        return BROKEN_PIPE
    except OSError as error:
        _settle_output()
        return complain(_of_system(error))
    except Exception:
        traceback.print_exc()
        return complain("this is a bug in foricheck: please report it with the lines above")


def _invoke(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A sentence may contain a character that the terminal's encoding lacks.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if (status := completed(foricheck)) is not None:
        return status
    try:
        with foricheck.make_context("foricheck", arguments) as context:
            status = int(foricheck.invoke(context) or 0)
    except click.exceptions.Exit as leaving:
        status = leaving.exit_code
    sys.stdout.flush()
    return status


def _of_system(error: OSError) -> str:
    place = error.filename or "standard output"
    return f"{place}: {error.strerror or error}"


def _settle_output() -> None:
    """Flush now, so that Python's flush at exit does not report the same error again."""
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()


def _discard_output() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
