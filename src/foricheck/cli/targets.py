"""``foricheck targets``: the targets with a name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from foricheck.cli.help import examples

if TYPE_CHECKING:
    from rich.console import Console

    from foricheck.conformance.targets import Adapter

__all__ = ["command"]

_NAMES = 18
"""The width of the column of names."""


@click.command(
    "targets",
    epilog=examples(
        "foricheck targets",
        "foricheck run haiku-init",
        "foricheck targets --json - | jq -r '.[] | select(.missing == []) | .name'",
    ),
)
@click.option(
    "--json",
    "destination",
    metavar="FILE",
    help="Write the list as JSON; - is standard output.",
)
def command(*, destination: str | None) -> int:
    """List the targets with a name, and what each of them needs.

    These are loops of other libraries, engines and languages, for `foricheck run NAME`.
    """
    from foricheck.cli import files
    from foricheck.conformance.targets import ADAPTERS

    if destination is not None:
        entries = [_entry(adapter) for adapter in ADAPTERS.values()]
        files.write(destination, json.dumps(entries, indent=2) + "\n")
        return 0
    from foricheck.cli.screen import Screen

    console = Screen()
    for adapter in ADAPTERS.values():
        _print(console, adapter)
    return 0


def _print(console: Console, adapter: Adapter) -> None:
    """The name and a summary; below, the installed versions, or how to install it."""
    from rich.text import Text

    from foricheck.report.hanging import hang

    hang(console, Text(f"{adapter.name:<{_NAMES}}", style="bold"), Text(adapter.summary))
    hang(console, Text(" " * _NAMES), Text(_state(adapter), style="dim"))


def _state(adapter: Adapter) -> str:
    from foricheck.targets import adapters, distributions

    lacking = adapters.missing(adapter)
    if lacking:
        return f"not installed: {adapters.install(adapter) or ', '.join(lacking)}"
    versions = distributions.versions(adapter.packages).items()
    installed = [*(f"{name} {version}" for name, version in versions), *adapter.tools]
    return f"installed: {', '.join(installed)}"


def _entry(adapter: Adapter) -> dict[str, Any]:
    from foricheck.targets import adapters, distributions

    return {
        "name": adapter.name,
        "summary": adapter.summary,
        "versions": distributions.versions(adapter.packages),
        "missing": adapters.missing(adapter),
        "install": adapters.install(adapter),
    }
