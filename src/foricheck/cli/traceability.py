"""``foricheck rules --documents``: from a sentence of a document to what breaks it, and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from foricheck.cli.screen import Screen
from foricheck.report.hanging import hang

if TYPE_CHECKING:
    from rich.console import Console

    from foricheck.rules.rule import Rule
    from foricheck.rules.statements import Statement

__all__ = ["show"]

_SHOWN = 3
"""How many wrong implementations are named for a rule; ``foricheck explain`` names them all."""


def show(rules: Sequence[Rule]) -> None:
    """Print every statement with those of the rules that check it, then the rules of no document.

    A rule's property is named where the rule is first met.
    """
    from foricheck.rules.statements import statements

    table = _Table(Screen(), {rule.id: rule for rule in rules})
    for document, said in groupby(statements(), lambda statement: statement.document):
        table.title(document)
        for statement in said:
            table.statement(statement)
    cited = {id for statement in statements() for id in statement.rules}
    measured = [rule for rule in rules if rule.id not in cited]
    if measured:
        table.title("In no document, measured on released JAX")
        table.rules(measured)


class _Table:
    def __init__(self, console: Console, rules: dict[str, Rule]) -> None:
        from foricheck.conformance import zoo

        self._console = console
        self._rules = rules
        self._members = zoo.members()
        self._met: set[str] = set()

    def title(self, text: str) -> None:
        self._console.print(Text(text, style="bold"))

    def statement(self, statement: Statement) -> None:
        rules = [self._rules[id] for id in statement.rules if id in self._rules]
        if not rules and not statement.untestable:
            return
        hang(self._console, Text("  "), Text(statement.says))
        if statement.untestable:
            hang(self._console, Text("    untestable: "), Text(statement.untestable))
        self.rules(rules)

    def rules(self, rules: Sequence[Rule]) -> None:
        for rule in rules:
            label = Text.assemble("    ", (f"{rule.id:<11}", "bold"))
            for line in self._told(rule):
                hang(self._console, label, Text(line))
                label = Text(" " * label.cell_len)
            self._met.add(rule.id)

    def _told(self, rule: Rule) -> list[str]:
        if rule.id in self._met:
            return ["see above"]
        caught = [member.name for member in self._members if rule.id in member.caught_by]
        more = f" and {len(caught) - _SHOWN} more" if len(caught) > _SHOWN else ""
        return [rule.place, f"catches {', '.join(caught[:_SHOWN]) or 'nothing'}{more}"]
