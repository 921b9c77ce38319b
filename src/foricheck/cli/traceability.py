"""``foricheck rules --documents``: from a document's sentence to its rules and what they catch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from foricheck.cli.screen import Screen
from foricheck.report.hanging import hang

if TYPE_CHECKING:
    from rich.console import Console

    from foricheck.rules.documents import Statement
    from foricheck.rules.rule import Rule

__all__ = ["show"]

_NAMED = 3
"""How many wrong implementations are named for a rule; ``foricheck explain`` names them all."""


def show(rules: Sequence[Rule]) -> None:
    """Print every statement with those of the rules that check it, then the rules of no document.

    A rule's property is named where the rule first appears.
    """
    from foricheck.rules.documents import statements

    table = _Table(Screen(), rules)
    for document, said in groupby(statements(), lambda statement: statement.document):
        table.title(document)
        for statement in said:
            table.statement(statement)
    measured = [rule for rule in rules if not rule.statements]
    if measured:
        table.title("In no document, measured on released JAX")
        table.rules(measured)


class _Table:
    def __init__(self, console: Console, rules: Sequence[Rule]) -> None:
        from foricheck.conformance import zoo

        self._console = console
        self._rules = rules
        self._members = zoo.declared()
        self._shown: set[str] = set()
        self._begun = False

    def title(self, text: str) -> None:
        if self._begun:
            self._console.print()
        self._begun = True
        self._console.print(Text(text, style="bold"))

    def statement(self, statement: Statement) -> None:
        rules = [rule for rule in self._rules if statement in rule.statements]
        if not rules and not statement.untestable:
            return
        self._console.print()
        hang(self._console, Text("  "), Text(f"{statement.says} [{statement.id}]"))
        if statement.untestable:
            hang(self._console, Text("    untestable: "), Text(statement.untestable))
        self.rules(rules)

    def rules(self, rules: Sequence[Rule]) -> None:
        for rule in rules:
            label = Text.assemble("    ", (f"{rule.id:<11}", "bold"))
            for line in self._lines(rule):
                hang(self._console, label, Text(line))
                label = Text(" " * label.cell_len)
            self._shown.add(rule.id)

    def _lines(self, rule: Rule) -> list[str]:
        if rule.id in self._shown:
            return ["see above"]
        caught = [member.name for member in self._members if rule.id in member.caught_by]
        more = f" and {len(caught) - _NAMED} more" if len(caught) > _NAMED else ""
        return [rule.place, f"catches {', '.join(caught[:_NAMED]) or 'nothing'}{more}"]
