"""``foricheck matrix``: many reports on one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from foricheck.cli.help import examples

if TYPE_CHECKING:
    from foricheck.matrix.table import Matrix

__all__ = ["command"]


@click.command(
    "matrix",
    epilog=examples(
        "foricheck matrix *.json -o site/",
        "foricheck matrix reports/ -o site/ --title 'Loops of our libraries'",
        "foricheck matrix 'jax 0.8=old.json' 'jax 0.12=new.json' -o site/",
    ),
)
@click.argument("reports", metavar="[NAME=]FILE|DIRECTORY...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    "directory",
    metavar="DIRECTORY",
    required=True,
    help="Where to write index.html, matrix.json and badges/NAME.svg.",
)
@click.option("--title", metavar="TEXT", help="The title of the page.")
def command(*, reports: tuple[str, ...], directory: str, title: str | None) -> int:
    """Make one static page of many JSON reports: targets by rules, with a badge for each target.

    FILE is a report of `foricheck run --json FILE`; in a DIRECTORY, every .json file is read. A
    target has the name it was run by, or NAME. Targets stay in the order given. Rules lead to their
    pages where `foricheck rules --html DIRECTORY/rules` has written them.

    Exit status: 0 the page was written, whatever the verdicts; 2 a file is no readable report,
    two reports have the same target, or a file could not be written.
    """
    from foricheck.cli import files
    from foricheck.matrix import collecting, site, sources
    from foricheck.report import rule_pages

    matrix = collecting.collect(sources.gather(reports), title=title or collecting.TITLE)
    contents = site.files(matrix, pages=rule_pages.pages(Path(directory)))
    files.write_all(Path(directory), contents, option="-o")
    click.echo(_summary(matrix, Path(directory) / "index.html"))
    return 0


def _summary(matrix: Matrix, page: Path) -> str:
    from foricheck.report.wording import counted

    targets = counted(len(matrix.columns), "target")
    return f"{page}: {targets} by {counted(len(matrix.rows), 'rule')}"
