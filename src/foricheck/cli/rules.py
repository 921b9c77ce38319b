"""``foricheck rules``: the specification, as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foricheck.cli.help import examples

if TYPE_CHECKING:
    from foricheck.rules.rule import Rule

__all__ = ["command"]

_WIDE = 10_000
"""A width at which no sentence wraps."""


@click.command(
    "rules",
    epilog=examples(
        "foricheck rules --kind loop",
        "foricheck rules --class parity",
        "foricheck rules --documents",
        "foricheck rules --html rules/",
        "foricheck rules --json - | jq '.[].id'",
    ),
)
@click.option("--kind", type=click.Choice(["loop", "recurrence"]), help="Only rules of this kind.")
@click.option(
    "--class",
    "level",
    type=click.Choice(["core", "parity", "quirk"]),
    help="Only rules of this class: documented, as JAX does, or tied to versions of JAX.",
)
@click.option(
    "--documents",
    is_flag=True,
    help="List the documents' sentences, each with its rules, properties and what they catch.",
)
@click.option(
    "--html",
    "pages",
    metavar="DIRECTORY",
    help="Write the rules as pages, DIRECTORY/index.html first; HTML reports beside a DIRECTORY "
    "named `rules` lead to them.",
)
@click.option(
    "--json",
    "destination",
    metavar="FILE",
    help="Write the rules as JSON; - is standard output.",
)
def command(
    *,
    kind: str | None,
    level: str | None,
    documents: bool,
    pages: str | None,
    destination: str | None,
) -> int:
    """List the rules, each in one sentence."""
    from foricheck.cli import files, traceability
    from foricheck.rules.registry import all_rules

    chosen = [
        rule
        for rule in all_rules()
        if kind in (None, rule.kind) and level in (None, rule.level.value)
    ]
    if pages is not None:
        _write_pages(Path(pages), chosen)
    if destination is not None:
        files.write(destination, _document(chosen))
    if documents:
        traceability.show(chosen)
    if pages is None and destination is None and not documents:
        _print(chosen)
    return 0


def _write_pages(directory: Path, rules: Sequence[Rule]) -> None:
    from foricheck.cli import files
    from foricheck.errors import RequestError
    from foricheck.report.wording import counted

    if str(directory) == files.STDOUT:
        raise RequestError("--html writes many files: name a directory")

    from foricheck.specification import site

    files.write_all(directory, site.files(rules), option="--html")
    click.echo(f"{directory / 'index.html'}: {counted(len(rules), 'rule')}", err=True)


def _print(rules: Sequence[Rule]) -> None:
    """Print to fit a terminal, and to anything else one line a rule, for ``grep``."""
    from rich.text import Text

    from foricheck.cli.screen import Screen
    from foricheck.report.hanging import hang

    console = Screen()
    if not console.file.isatty():
        console.width = _WIDE
    console.print(Text(_columns("id", "class", "kind") + "sentence", style="bold"))
    for rule in rules:
        rest = _columns("", rule.level.value, rule.kind)[len(rule.id) :]
        hang(console, Text.assemble((rule.id, "bold"), rest), Text(rule.sentence))


def _columns(id: str, level: str, kind: str) -> str:
    return f"{id:<10}{level:<8}{kind:<12}"


def _document(rules: Sequence[Rule]) -> str:
    return json.dumps([_entry(rule) for rule in rules], indent=2) + "\n"


def _entry(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "class": rule.level.value,
        "kind": rule.kind,
        "sentence": rule.sentence,
        "why": rule.why,
        "source": {"document": rule.source.document, "place": rule.source.place},
        "hunts": list(rule.catches),
        "needs": sorted(rule.needs),
        "ways": [str(variant) for variant in rule.variants],
        "property": rule.place,
        "statements": [each.says for each in rule.statements],
    }
