"""``foricheck diff``: what changed between two reports."""

from __future__ import annotations

from pathlib import Path

import click

from foricheck.cli import completion
from foricheck.cli.help import examples

__all__ = ["command"]

_WORSE = 1


@click.command(
    "diff",
    epilog=examples(
        "foricheck diff jax-0.8.json jax-0.12.json",
        "foricheck diff main.json branch.json --format markdown > comment.md",
        "foricheck diff cpu.json gpu.json --format json | jq '.rules[].id'",
    ),
    short_help="Show what changed between two JSON reports.",
)
@click.argument("old", shell_complete=completion.files)
@click.argument("new", shell_complete=completion.files)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How to print; Markdown is for a comment on a pull request.",
)
def command(*, old: str, new: str, form: str) -> int:
    """Compare the reports OLD and NEW of `foricheck run --json FILE`.

    Names the rules that got worse or better, that fail in another way, or that only one report
    has; the versions, flags and options that changed; and how much was judged.

    Exit status: 0 nothing got worse; 1 a rule that held fails or is no longer judged, a rule
    fails that was not judged or expected to fail, a new rule fails, or the new report has no
    verdict; 2 a file is no readable report.
    """
    from foricheck.cli.screen import Screen
    from foricheck.diff import json, markdown, text
    from foricheck.diff.diff import compare
    from foricheck.report.reading import read

    diff = compare(read(Path(old)), read(Path(new)))
    match form:
        case "json":
            click.echo(json.render(diff), nl=False)
        case "markdown":
            click.echo(markdown.render(diff), nl=False)
        case _:
            text.show(Screen(), diff)
    return _WORSE if diff.is_worse else 0
