"""Follow a stream of events: print it, fold it into a report, and always close it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from foricheck.judging.events import Event, RunFinished
from foricheck.judging.verdict import not_judged
from foricheck.report.report import Report
from foricheck.report.terminal import Terminal
from foricheck.runner import signals

__all__ = ["Followed", "follow"]


@dataclass(frozen=True)
class Followed:
    """The end of a stream.

    Attributes:
        report: the results so far, or None if it ended before the first event.
        stopped: the interruption or error that ended it early, or None.
    """

    report: Report | None
    stopped: KeyboardInterrupt | OSError | None = None


def follow(events: Iterator[Event], terminal: Terminal) -> Followed:
    """Print each event on the terminal and fold all of them into a report.

    A stream that ends early, is interrupted or cannot be printed gets an end, so that the results
    so far can be reported.
    """
    report: Report | None = None
    stopped: KeyboardInterrupt | OSError | None = None
    ended, started = False, time.perf_counter()
    try:
        for event in events:
            timed = _timed(event, started)
            report = report.after(timed) if report else Report.of([timed])
            ended = isinstance(timed, RunFinished)
            terminal.handle(timed)
        signals.at_the_end()
    except (KeyboardInterrupt, OSError) as error:
        stopped = error
    finally:
        _close(events)
    if report is None or ended:
        return Followed(report, stopped)
    end = _timed(_early_end(report, stopped), started)
    # If the terminal itself cannot be written, that error is in `stopped` already.
    with suppress(OSError):
        terminal.handle(end)
    return Followed(report.after(end), stopped)


def _timed(event: Event, started: float) -> Event:
    """The end with the elapsed time; any other event unchanged."""
    match event:
        case RunFinished():
            seconds = round(time.perf_counter() - started, 3)
            return replace(event, seconds=seconds)
        case _:
            return event


def _early_end(report: Report, stopped: KeyboardInterrupt | OSError | None) -> RunFinished:
    match stopped:
        case KeyboardInterrupt():
            reason = str(stopped) or "interrupted"
        case BrokenPipeError():
            reason = "the terminal report was no longer read"
        case OSError():
            reason = stopped.strerror or str(stopped)
        case None:
            reason = report.reason
    judged = {result.id for result in report.results}
    notes = tuple(filter(None, [not_judged(report.header.rules, judged)]))
    return RunFinished("nonconformant" if report.failures else "error", reason, notes)


def _close(events: Iterator[Event]) -> None:
    """End the workers behind a generator."""
    close = getattr(events, "close", None)
    if close is not None:
        close()
