"""``foricheck replay``: run one failed case again."""

from __future__ import annotations

from pathlib import Path

import click

from foricheck.cli.help import examples

__all__ = ["command"]


@click.command(
    "replay",
    epilog=examples("foricheck replay 3f9a1c", "foricheck replay 3f9a1c --from report.json"),
)
@click.argument("id")
@click.option(
    "--from",
    "report",
    metavar="REPORT.json",
    help="Take the case from a JSON report instead of the failures stored in .foricheck.",
)
def command(*, id: str, report: str | None) -> int:
    """Run the failed case ID again.

    A failure ends with its ID. Exit status: 0 the case passes now, 1 it still fails, 2 the case
    is unknown.
    """
    from foricheck.cli.run import finish
    from foricheck.cli.screen import Screen
    from foricheck.cli.streams import follow
    from foricheck.report import reading
    from foricheck.report.terminal import Terminal
    from foricheck.runner import replays, supervisor

    record = replays.find(id) if report is None else reading.find(id, Path(report))
    with Terminal(Screen()) as terminal:
        followed = follow(supervisor.replay(record), terminal)
    return finish(followed)
