"""Follow a stream of events: print it, fold it into a report, and always close it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from foricheck.judging.events import Event, RuleFinished, RunFinished, RunStarted
from foricheck.report.report import Report
from foricheck.report.terminal import Terminal

__all__ = ["Followed", "follow", "until_failure"]


@dataclass(frozen=True)
class Followed:
    """The end of a stream.

    Attributes:
        report: the results so far, or None if it ended before the first event.
        stopped: the interruption or error that ended it early, or None.
    """

    report: Report | None
    stopped: KeyboardInterrupt | OSError | None = None


def follow(events: Iterator[Event], terminal: Terminal, *, notes: tuple[str, ...] = ()) -> Followed:
    """Print each event on the terminal and fold all of them into a report.

    A stream that ends early, is interrupted or cannot be printed gets an end, so that the results
    so far can be reported. The notes are added to the end.
    """
    report: Report | None = None
    stopped: KeyboardInterrupt | OSError | None = None
    ended, started = False, time.perf_counter()
    try:
        for event in events:
            noted = _noted(event, notes, started)
            report = report.after(noted) if report else Report.of([noted])
            ended = isinstance(noted, RunFinished)
            terminal.handle(noted)
    except (KeyboardInterrupt, OSError) as error:
        stopped = error
    finally:
        _close(events)
    if report is None or ended:
        return Followed(report, stopped)
    end = _noted(_early_end(report, stopped), notes, started)
    # If the terminal itself cannot be written, that error is in `stopped` already.
    with suppress(OSError):
        terminal.handle(end)
    return Followed(report.after(end), stopped)


def until_failure(events: Iterator[Event]) -> Iterator[Event]:
    """The events up to the first failed rule, which ends the run."""
    left = 0
    try:
        for event in events:
            yield event
            match event:
                case RunStarted(header):
                    left = len(header.rules)
                case RuleFinished(result):
                    left -= 1
                    if result.status in ("failed", "xpassed"):
                        yield RunFinished("nonconformant", notes=_not_judged(left))
                        return
    finally:
        _close(events)


def _noted(event: Event, notes: tuple[str, ...], started: float) -> Event:
    """The end with the notes and the elapsed time; any other event unchanged."""
    match event:
        case RunFinished():
            seconds = round(time.perf_counter() - started, 3)
            return replace(event, notes=(*event.notes, *notes), seconds=seconds)
        case _:
            return event


def _early_end(report: Report, stopped: KeyboardInterrupt | OSError | None) -> RunFinished:
    match stopped:
        case KeyboardInterrupt():
            reason = "interrupted"
        case BrokenPipeError():
            reason = "the terminal report was no longer read"
        case OSError():
            reason = stopped.strerror or str(stopped)
        case None:
            reason = report.reason
    return RunFinished("nonconformant" if report.failures else "error", reason)


def _not_judged(rules: int) -> tuple[str, ...]:
    return (f"stopped at the first failure; rules not judged: {rules}",) if rules else ()


def _close(events: Iterator[Event]) -> None:
    """End the workers behind a generator."""
    close = getattr(events, "close", None)
    if close is not None:
        close()
