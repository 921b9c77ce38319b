"""The report on a terminal, printed while the run proceeds."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from rich.console import Console

from foricheck.judging.events import (
    Event,
    Header,
    Progress,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunFinished,
    RunStarted,
)
from foricheck.report import blocks
from foricheck.report.causes import cause
from foricheck.report.progress import Bar, Lines
from foricheck.report.report import Report
from foricheck.report.summary import Summary
from foricheck.rules.chapters import chapter

__all__ = ["Terminal"]

_WHOLE = 5
"""So many failures are printed with all their evidence, each with another cause."""


class Terminal:
    """Prints each event as it arrives; its context ends the progress line.

    Args:
        console: where to write.
        durations: how many of the slowest rules to name at the end.
        clock: the time in seconds.
    """

    def __init__(
        self,
        console: Console,
        *,
        durations: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._durations = durations
        self._bar, self._lines = Bar(console), Lines(console, clock)
        self._report: Report | None = None
        self._shown: set[str] = set()
        self._whole: dict[str, str] = {}
        self._after_block = False
        self._at_the_top = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def handle(self, event: Event) -> None:
        """Print one event.

        Raises:
            OSError: the terminal, or the file in its place, cannot be written.
        """
        self._report = self._report.after(event) if self._report else None
        match event:
            case RunStarted(header):
                self._started(header)
            case RuleStarted(rule):
                self._bar.rule(rule)
            case Progress():
                self._bar.cases(event)
                self._lines.cases(event)
            case RuleFinished(result):
                self._judged(result)
            case RunFinished():
                self._finished()

    def _started(self, header: Header) -> None:
        self._report = Report(header)
        blocks.header(self._console, header)
        self._bar.start(len(header.rules))

    def _judged(self, result: RuleResult) -> None:
        self._bar.finished(result.cases)
        match result.status:
            case "failed":
                self._failed(result)
            case "xpassed":
                self._block(blocks.xpassed, result)
        name = chapter(result.id)
        if len(self._results(name)) == self._planned(name):
            self._chapter(name)

    def _failed(self, result: RuleResult) -> None:
        """Print a failure: whole, if its cause is new and not too many were printed so."""
        words = cause(result)
        first = self._whole.get(words, "") if words else ""
        if first or len(self._whole) >= _WHOLE:
            self._block(partial(blocks.in_a_line, first=first), result)
        else:
            self._whole[words or result.id] = result.id
            self._block(blocks.failed, result)

    def _planned(self, name: str) -> int:
        rules = self._report.header.rules if self._report else ()
        return sum(chapter(rule) == name for rule in rules)

    def _results(self, name: str) -> tuple[RuleResult, ...]:
        results = self._report.results if self._report else ()
        return tuple(result for result in results if chapter(result.id) == name)

    def _block(self, show: Callable[[Console, RuleResult], None], result: RuleResult) -> None:
        self._lines.printed()
        if not self._at_the_top:
            self._console.print()
        show(self._console, result)
        self._after_block, self._at_the_top = True, False

    def _chapter(self, name: str) -> None:
        self._lines.printed()
        self._at_the_top = False
        self._shown.add(name)
        if self._after_block:
            self._console.print()
            self._after_block = False
        results = self._results(name)
        blocks.chapter_line(self._console, name, results, planned=self._planned(name))

    def _finished(self) -> None:
        self._bar.stop()
        if self._report is None:
            return
        for name in dict.fromkeys(chapter(result.id) for result in self._report.results):
            if name not in self._shown:
                self._chapter(name)
        self._console.print()
        blocks.ending(self._console, self._report)
        if self._durations:
            self._console.print()
            blocks.durations(self._console, Summary.of(self._report).slowest(self._durations))
