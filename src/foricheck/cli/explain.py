"""``foricheck explain``: rules in full."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from foricheck.cli import completion
from foricheck.cli.help import examples
from foricheck.targets.capabilities import CAPABILITIES

if TYPE_CHECKING:
    from rich.console import Console

    from foricheck.rules.rule import Rule

__all__ = ["command"]


@click.command(
    "explain",
    epilog=examples("foricheck explain CARRY-03", "foricheck explain ITER GRAD-01"),
    short_help="Show rules in full: source, why, what they catch.",
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True, shell_complete=completion.rules)
def command(*, ids: tuple[str, ...]) -> int:
    """Show the rules ID: sentence, source, why it matters and what it catches.

    ID is that of a rule, a chapter such as ITER, or a glob such as 'ITER-0*'.
    """
    from foricheck.cli.screen import Screen
    from foricheck.rules.registry import all_rules
    from foricheck.rules.selection import chosen

    console = Screen()
    for number, rule in enumerate(chosen(ids, all_rules())):
        if number:
            console.print()
        _print(console, rule)
        _print_list(console, "members", _members(rule))
    return 0


def _print(console: Console, rule: Rule) -> None:
    from rich.text import Text

    from foricheck.report.hanging import hang

    title = f"{rule.id}, a {rule.level.value} rule for a {rule.kind}"
    console.print(Text(title, style="bold"))
    for paragraph in (rule.sentence, *filter(None, rule.why.split("\n\n"))):
        console.print()
        hang(console, Text(), Text(paragraph.replace("``", "`")))
    console.print()
    _print_list(console, "source", [str(rule.source)])
    _print_list(console, "catches", rule.catches)
    needs = [f"{name} ({CAPABILITIES[name]})" for name in sorted(rule.needs)]
    _print_list(console, "needs", needs)
    _print_list(console, "variants", [", ".join(str(variant) for variant in rule.variants)])


def _members(rule: Rule) -> list[str]:
    """The members of the zoo that the rule catches, each with its story."""
    zoo = importlib.import_module("foricheck.conformance.zoo")
    return [f"{member.name}: {member.story}" for member in zoo.declared([rule.id])]


def _print_list(console: Console, label: str, items: Iterable[str]) -> None:
    """Print items below each other, to the right of their label; nothing if the list is empty."""
    from rich.text import Text

    from foricheck.report.hanging import hang

    for item in items:
        hang(console, Text(f"{label:<9}", style="bold"), Text(item))
        label = ""
