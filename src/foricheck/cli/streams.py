"""What the command line does with a stream of events: tell it, fold it, and always end it."""

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
    """How following a stream ended.

    Attributes:
        report: what was found, or None when it ended before the first event.
        stopped: what ended it early, or None.
    """

    report: Report | None
    stopped: KeyboardInterrupt | OSError | None = None


def follow(events: Iterator[Event], terminal: Terminal, *, notes: tuple[str, ...] = ()) -> Followed:
    """Tell each event on the terminal and fold them into a report.

    A stream that ends early, is interrupted or cannot be told is given an end, so that what was
    found so far can be reported. The notes are added to the end.
    """
    report: Report | None = None
    stopped: KeyboardInterrupt | OSError | None = None
    ended, started = False, time.perf_counter()
    try:
        for event in events:
            told = _noted(event, notes, started)
            report = report.after(told) if report else Report.of([told])
            ended = isinstance(told, RunFinished)
            terminal.handle(told)
    except (KeyboardInterrupt, OSError) as error:
        stopped = error
    finally:
        _close(events)
    if report is None or ended:
        return Followed(report, stopped)
    end = _noted(_early_end(report, stopped), notes, started)
    # The terminal itself may be what cannot be written; that error is in `stopped` already.
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
    """The end with the notes and the time that went by; any other event as it is."""
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
    """End the worker behind a generator."""
    close = getattr(events, "close", None)
    if close is not None:
        close()
