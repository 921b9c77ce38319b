"""The progress of a run: one line that changes on interactive terminals, else a line at times."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column

from foricheck.judging import events
from foricheck.report.wording import counted

__all__ = ["Bar", "Lines", "is_interactive"]

_UPDATES_PER_SECOND = 5
_PAUSE = 60.0
"""Seconds without a line after which the current rule is named."""


class Bar:
    """The current rule and variant, the rules done, the cases so far, the time."""

    def __init__(self, console: Console) -> None:
        self._progress = _progress(console) if is_interactive(console) else None
        self._task = TaskID(0)
        self._cases_done = 0
        self._cases_now: dict[str, int] = {}

    def start(self, rules: int) -> None:
        """Show the line, with the number of rules to judge."""
        if self._progress is None:
            return
        self._task = self._progress.add_task("", total=rules, rule="", variant="", cases="")
        self._progress.start()

    def rule(self, rule: str) -> None:
        """A rule is about to be judged."""
        self._cases_now = {}
        self._show(rule=rule, variant="")

    def cases(self, progress: events.Progress) -> None:
        """Cases of the rule have been judged."""
        self._cases_now[progress.variant] = progress.cases
        total = self._cases_done + sum(self._cases_now.values())
        self._show(rule=progress.rule, variant=progress.variant, cases=counted(total, "case"))

    def finished(self, cases: int) -> None:
        """The rule has been judged on this number of cases."""
        self._cases_done += cases
        self._cases_now = {}
        if self._progress is not None:
            self._progress.advance(self._task)

    def stop(self) -> None:
        """Remove the line."""
        if self._progress is not None:
            self._progress.stop()

    def _show(self, **fields: str) -> None:
        if self._progress is not None:
            self._progress.update(self._task, **fields)  # type: ignore[arg-type]  # task fields


class Lines:
    """Lines that name the current rule, where nothing else was printed for long.

    Args:
        console: where to write.
        clock: the time in seconds.
    """

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console, self._clock = console, clock
        self._last = clock()

    def printed(self) -> None:
        """Note that something else was printed."""
        self._last = self._clock()

    def cases(self, progress: events.Progress) -> None:
        """Cases of a rule have been judged."""
        if is_interactive(self._console) or self._clock() < self._last + _PAUSE:
            return
        self._last = self._clock()
        amount = counted(progress.cases, "case")
        self._console.print(
            f"  {progress.rule} called {progress.variant}: {amount} so far", style="dim"
        )


def is_interactive(console: Console) -> bool:
    """Whether a line can be overwritten, which takes an interactive terminal."""
    # With FORCE_COLOR rich treats a pipe as a terminal, which is right for colours only.
    return console.is_terminal and not console.is_dumb_terminal and console.file.isatty()


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.fields[rule]}", style="bold", markup=False),
        TextColumn("{task.fields[variant]}", markup=False, table_column=Column(min_width=21)),
        BarColumn(14, style="dim", complete_style="green", finished_style="green"),
        TextColumn("{task.completed:.0f}/{task.total:.0f}", markup=False),
        TextColumn("{task.fields[cases]}", markup=False),
        TextColumn("{task.elapsed:.0f} s", style="dim", markup=False),
        console=console,
        transient=True,
        refresh_per_second=_UPDATES_PER_SECOND,
    )
