"""``foricheck smoke``: is the harness itself sound?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from foricheck.cli.help import examples
from foricheck.cli.seconds import positive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from foricheck.targets.wire.messages import Hello
    from foricheck.targets.wire.smoke import Outcome

__all__ = ["command"]

_STYLES = {"passed": "green", "failed": "bold red", "left out": "magenta"}


@click.command(
    "smoke",
    epilog=examples('foricheck smoke "exec:node harness.mjs"', "foricheck smoke exec:./harness"),
)
@click.argument("target")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    callback=positive,
    default=10.0,
    show_default=True,
    help="How long an answer may take.",
)
def command(*, target: str, timeout: float) -> int:
    """Check the harness TARGET itself, before it represents an implementation.

    A few cases of zero or one trips distinguish a broken harness from a wrong loop. A wrong loop is
    no failure here: finding it is for the rules.

    Exit status: 0 sound, 1 not sound, 2 it cannot be started, or sends no valid hello.
    """
    from foricheck.cli.screen import Screen
    from foricheck.targets.wire.client import Client
    from foricheck.targets.wire.smoke import checks
    from foricheck.targets.wire.target import command_of

    console, client = Screen(), Client(command_of(target), timeout=timeout)
    try:
        _print_hello(console, target, client.hello)
        outcomes = [_printed(console, *each) for each in enumerate(checks(client), 1)]
    finally:
        client.close()
    return _print_summary(console, outcomes)


def _print_hello(console: Console, target: str, hello: Hello) -> None:
    """Print how the harness describes itself."""
    _row(console, "harness", target)
    _row(console, "says", f"hello; it is {hello.name} {hello.version}")
    _row(console, "kinds", ", ".join(sorted(hello.kinds)))
    _row(console, "bounds", ", ".join(hello.dtypes))
    _row(console, "can do", ", ".join(sorted(hello.capabilities)))
    console.print()


def _printed(console: Console, number: int, outcome: Outcome) -> Outcome:
    """Print an outcome, and return it."""
    from rich.text import Text

    from foricheck.report.hanging import hang

    word = outcome.status.upper() if outcome.status == "failed" else outcome.status
    label = Text.assemble(f"{number:>3}  ", (f"{word:<10}", _STYLES[outcome.status]))
    hang(console, label, Text(outcome.sentence))
    found = "because" if outcome.status == "left out" else "found"
    for name, text in ((found, outcome.found), ("mend", outcome.hint), ("note", outcome.note)):
        _row(console, name, text, indent=5)
    return outcome


def _print_summary(console: Console, outcomes: Sequence[Outcome]) -> int:
    """Print whether the harness is sound, and return the exit status."""
    from rich.text import Text

    failed = sum(outcome.status == "failed" for outcome in outcomes)
    passed = sum(outcome.status == "passed" for outcome in outcomes)
    left = sum(outcome.status == "left out" for outcome in outcomes)
    noted = any(outcome.note for outcome in outcomes)
    console.print()
    if failed:
        word, rest = "NOT SOUND", f"{failed} of {len(outcomes)} checks failed: mend the harness"
    else:
        after = "; see the notes on the implementation" if noted else ""
        besides = f", {left} left out" if left else ""
        word, rest = "SOUND", f"{passed} checks passed{besides}{after}"
    console.print(Text.assemble((word, _STYLES["failed" if failed else "passed"]), f"  {rest}"))
    return 1 if failed else 0


def _row(console: Console, label: str, text: str, *, indent: int = 2) -> None:
    from rich.text import Text

    from foricheck.report.hanging import hang
    from foricheck.report.wording import plain

    if text:
        hang(console, Text(f"{'':{indent}}{label:<10}", style="dim"), Text(plain(text)))
