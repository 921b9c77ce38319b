"""The kill matrix on a terminal: troubles as they occur, the table at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from foricheck.report import blocks
from foricheck.report.hanging import hang
from foricheck.report.progress import is_interactive
from foricheck.report.wording import plain
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.summary import facts, verdict
from foricheck.zoo.trials import Trial, TrialResult

__all__ = ["ZooTerminal"]

_FEW = 5
"""Up to this many implementations are each shown with story and case."""

_HOUR = 3600.0
"""Seconds of the past from which the remaining time is estimated: one run may take minutes."""


class ZooTerminal:
    """Reports trials as they end, and all of them at the end.

    Args:
        console: where to write.
        trials: the trials that run.
        members: whether each implementation is shown, or only troubles.
    """

    def __init__(self, console: Console, trials: Iterable[Trial], *, members: bool = True) -> None:
        self._console, self._members = console, members
        self._caught = 0
        self._left = {trial: len(trial.seeds) for trial in trials}
        runs = sum(self._left.values())
        self._progress = (
            _progress(console, runs > len(self._left)) if is_interactive(console) else None
        )
        if self._progress:
            self._task = self._progress.add_task("", total=runs, name="", caught="")

    def __enter__(self) -> Self:
        if self._progress:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress:
            self._progress.stop()

    def on_run(self, trial: Trial) -> None:
        """Advance the progress bar by one run."""
        self._advance(trial, 1)

    def on_result(self, row: TrialResult) -> None:
        """Print a trouble, if the trial has one.

        Raises:
            OSError: the output cannot be written.
        """
        self._caught += row.trial.expected == "caught" and not row.trouble
        if row.trouble:
            self._console.print(_trouble(f"{row.trial.name}: {row.trouble}"))
        self._advance(row.trial, self._left[row.trial])

    def _advance(self, trial: Trial, runs: int) -> None:
        self._left[trial] -= runs
        if self._progress:
            caught = f"{self._caught:,} caught" if self._caught else ""
            self._progress.update(self._task, advance=runs, name=trial.name, caught=caught)

    def finish(self, matrix: KillMatrix) -> None:
        """Print the matrix and its summary.

        Raises:
            OSError: the output cannot be written.
        """
        if self._progress:
            self._progress.stop()
        if self._members:
            for group, rows in matrix.groups().items():
                _print(self._console, _table(group, rows))
            if len(matrix.rows) <= _FEW:
                _stories(self._console, matrix.rows)
        if len(matrix.seeds) > 1 and matrix.wrong:
            _print(self._console, _detection(matrix))
        _ending(self._console, matrix)


def _stories(console: Console, rows: Iterable[TrialResult]) -> None:
    for row in rows:
        console.print(Text(row.trial.name, style="bold"))
        hang(console, Text("  "), Text(plain(row.trial.story)))
        blocks.rows(console, _particulars(row))
        console.print()


def _particulars(row: TrialResult) -> Iterator[tuple[str, str]]:
    if row.first:
        yield "case", row.first.case
    if row.first and row.trial.path:
        yield "again", f"foricheck run {row.trial.path} --rules {row.first.rule}"


def _table(group: str, rows: Iterable[TrialResult]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(group, width=40, no_wrap=True, overflow="ellipsis", header_style="bold")
    table.add_column("first rule", min_width=10, header_style="dim")
    for column in ("cases", "seconds", "others"):
        table.add_column(column, justify="right", no_wrap=True, header_style="dim")
    for row in rows:
        table.add_row(Text(f"  {row.trial.name}"), *_cells(row))
    return table


def _print(console: Console, table: Table) -> None:
    """Print a table without padding at line ends, and an empty line."""
    for line in console.render_lines(table, pad=False):
        text = Text.assemble(*((segment.text, segment.style or "") for segment in line))
        text.rstrip()
        console.print(text, soft_wrap=True)
    console.print()


def _cells(row: TrialResult) -> tuple[Text | str, ...]:
    if first := row.first:
        others = sum(cell.caught > 0 for cell in row.cells) - 1
        style = "green" if row.trial.expected == "caught" else "bold red"
        more = f"+{others}" if others else ""
        return Text(first.rule, style=style), f"{first.cases:,}", f"{first.seconds:.2f}", more
    if row.lost:
        return Text(_in_a_word(row), style="green" if not row.trouble else "bold red"), "", "", ""
    word, style = ("survives", "bold red") if row.trouble else (_silent(row), "dim")
    cases = sum(cell.cases for cell in row.cells)
    return Text(word, style=style), f"{cases:,}", f"{row.seconds:.2f}", ""


def _silent(row: TrialResult) -> str:
    if row.trial.expected != "passes":
        return "equivalent"
    return "passes" if row.finished else "unfinished"


def _in_a_word(row: TrialResult) -> str:
    return "hangs" if "silent" in row.lost else "dies"


def _detection(matrix: KillMatrix) -> Table:
    """The detection rate of each rule over all seeds."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("rule", header_style="bold")
    for column in ("members", "runs", "caught"):
        table.add_column(column, justify="right", header_style="dim")
    table.add_column("not in every run", header_style="dim")
    for kills in matrix.kills():
        style = "green" if kills.caught == kills.runs else "bold red"
        caught = Text(f"{kills.caught:,}", style=style)
        numbers = (f"{kills.members:,}", f"{kills.runs:,}", caught)
        table.add_row(kills.rule, *numbers, ", ".join(kills.weakest))
    return table


def _ending(console: Console, matrix: KillMatrix) -> None:
    console.print(
        Text(verdict(matrix), style="bold green" if matrix.is_as_expected else "bold red")
    )
    for trouble in matrix.troubles:
        hang(console, Text("  trouble  ", style="red"), Text(plain(trouble)))
    blocks.rows(console, facts(matrix))


def _trouble(text: str) -> Text:
    return Text.assemble(("TROUBLE ", "bold red"), plain(text))


def _progress(console: Console, takes_long: bool) -> Progress:
    rest = (TimeRemainingColumn(compact=True), TextColumn("left", style="dim"))
    return Progress(
        BarColumn(14, style="dim", complete_style="green", finished_style="green"),
        TextColumn("{task.completed:.0f}/{task.total:.0f}", markup=False),
        TextColumn("{task.fields[caught]}", markup=False),
        TextColumn("{task.elapsed:.0f} s", style="dim", markup=False),
        *(rest if takes_long else ()),
        TextColumn("{task.fields[name]}", style="dim", markup=False),
        console=console,
        transient=True,
        refresh_per_second=5,
        speed_estimate_period=_HOUR,
    )
