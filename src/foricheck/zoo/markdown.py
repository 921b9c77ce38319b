"""The kill matrix as tables in Markdown, for documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.summary import facts, runs, verdict
from foricheck.zoo.trials import TrialResult

__all__ = ["render"]


def render(matrix: KillMatrix) -> str:
    """The matrix as Markdown: the facts, one table a group, and one of the rules."""
    parts = [f"**{verdict(matrix)}**", _facts(matrix)]
    if matrix.troubles:
        parts.append("\n".join(f"- {trouble}" for trouble in matrix.troubles))
    parts += [_group(name, rows) for name, rows in matrix.groups().items()]
    if matrix.wrong:
        parts += ["## Rules", _rules(matrix)]
    return "\n\n".join(parts) + "\n"


def _facts(matrix: KillMatrix) -> str:
    return _table(("", ""), facts(matrix))


def _group(name: str, rows: Sequence[TrialResult]) -> str:
    heading = f"## {name.capitalize()}"
    if rows[0].trial.expected == "passes":
        right = ("implementation", "profile", "judgements", "accused")
        return f"{heading}\n\n{_table(right, (_right(row) for row in rows))}"
    head = ("implementation", "first rule", "cases", "seconds", "other rules")
    return f"{heading}\n\n{_table(head, (_wrong(row) for row in rows))}"


def _right(row: TrialResult) -> tuple[str, ...]:
    accused = sum(cell.caught for cell in row.cells)
    name = row.trial.name if row.finished else f"{row.trial.name} (unfinished)"
    return (name, row.trial.profile, f"{runs(row):,}", f"{accused:,}")


def _wrong(row: TrialResult) -> tuple[str, ...]:
    first = row.first
    if first is None:
        return (row.trial.name, row.trouble or row.lost or row.trial.expected, "", "", "")
    others = ", ".join(cell.rule for cell in row.cells if cell.caught and cell is not first)
    return (row.trial.name, first.rule, f"{first.cases:,}", f"{first.seconds:.2f}", others)


def _rules(matrix: KillMatrix) -> str:
    head = ("rule", "members", "first to catch", "runs", "caught", "not in every run")
    rows = (
        (
            kills.rule,
            f"{kills.members:,}",
            f"{kills.first:,}",
            f"{kills.runs:,}",
            f"{kills.caught:,}",
            ", ".join(kills.weakest),
        )
        for kills in matrix.kills()
    )
    return _table(head, rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
