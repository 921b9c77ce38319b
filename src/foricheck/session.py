"""A run in a process of its own, so that a target that dies or hangs does not end the run.

The worker judges and sends events; here they are handed on. When the worker is lost, the rule
that it was judging has failed, and a new worker goes on with the next one.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from foricheck import replays, worker
from foricheck.events import (
    Event,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunFinished,
    RunStarted,
    Trying,
)
from foricheck.evidence import Failure
from foricheck.request import Request, RequestError
from foricheck.verdict import verdict

__all__ = ["events", "replay"]

_LOADING = 300.0
"""Seconds that the import of a target and of JAX may take."""

_LOSSES = 3
"""After so many rules under which the target was lost, the others are not judged."""


def events(request: Request, *, directory: Path | None = None) -> Iterator[Event]:
    """Judge a target and yield what happens.

    Args:
        request: what is asked for.
        directory: where failures are kept for replay; ``.foricheck`` by default.

    Raises:
        RequestError: the target cannot be loaded, or the request makes no sense.
    """
    return _Session(request, directory or replays.DIRECTORY).events()


def replay(
    id: str, *, directory: Path | None = None, report: Path | None = None
) -> Iterator[Event]:
    """Judge one failed case again and yield what happens.

    Args:
        id: the id of the failure.
        directory: where failures are kept.
        report: a JSON report to look in instead.

    Raises:
        RequestError: the failure is not known, or its target cannot be loaded.
    """
    record = replays.find(id, directory=directory or replays.DIRECTORY, report=report)
    return _Session(record.asking(), directory or replays.DIRECTORY, record).events()


class _Lost(Exception):
    """The worker is gone; the message says how."""


@dataclass
class _Session:
    request: Request
    directory: Path
    record: replays.Record | None = None
    started: RunStarted | None = None
    judging: RuleStarted | None = None
    careful: str | None = None
    how: str = ""
    trying: Failure | None = None
    losses: int = 0
    results: list[RuleResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def events(self) -> Generator[Event, None, None]:
        while True:
            try:
                yield from self._from_worker()
                return
            except _Lost as lost:
                idle = self.judging is None
                yield from self._after_loss(str(lost))
                if idle:
                    return
                if self._all_judged() or self.losses == _LOSSES:
                    yield self._finished()
                    return

    def _from_worker(self) -> Iterator[Event]:
        """The events of one worker, without those that an earlier one has sent."""
        again = self.started is not None
        judged = frozenset(result.id for result in self.results)
        task = worker.Task(self.request, self.record, judged, self.careful)
        with _Worker(task) as running:
            for event in running.events(self.request.timeout):
                match event:
                    case RunStarted() if again:
                        continue
                    case RuleStarted(rule) if again and rule == self.careful:
                        continue
                    case RunFinished(verdict="error"):
                        yield event
                        return
                    case RunFinished():
                        yield self._finished()
                        return
                    case _:
                        yield self._noted(event)

    def _noted(self, event: Event) -> Event:
        match event:
            case RuleFinished(RuleResult(status="passed")) if self.careful and self.judging:
                self.trying = None  # case by case the target was not lost
                return self._noted(self._failed(self.judging, self.how))
            case RunStarted():
                self.started = event
            case RuleStarted():
                self.judging, self.trying = event, None
            case Trying(case):
                self.trying = case
            case RuleFinished(result):
                self.judging = self.careful = None
                self.results.append(result)
                self._keep(event)
            case _:
                pass
        return event

    def _after_loss(self, how: str) -> Iterator[Event]:
        """Judge the rule again, case by case, to learn which case it is; then it has failed."""
        if self.started is None:
            raise RequestError(f"the target could not be loaded: the process {how}")
        if self.judging is None:
            yield RunFinished("error", f"the process {how} between two rules", tuple(self.notes))
            return
        if self.careful is None and self.record is None:
            self.careful, self.how = self.judging.rule, how
            return
        self.losses += 1
        yield self._noted(self._failed(self.judging, how))

    def _failed(self, judging: RuleStarted, how: str) -> RuleFinished:
        got = f"the process {how}"
        failure = replace(self.trying or _unknown(judging, self.record), got=got)
        result = RuleResult(
            id=judging.rule,
            binding=judging.binding,
            sentence=judging.sentence,
            status="xfailed" if judging.rule in self.request.expected else "failed",
            reason=self.request.expected.get(judging.rule, ""),
            failure=failure,
        )
        return RuleFinished(result)

    def _keep(self, event: RuleFinished) -> None:
        try:
            replays.keep(event, self.request, self.directory)
        except OSError as error:
            self.notes.append(f"failures cannot be kept for replay: {error}")

    def _all_judged(self) -> bool:
        assert self.started is not None
        return len(self.results) == len(self.started.header.rules)

    def _finished(self) -> RunFinished:
        missing = len(self.started.header.rules) - len(self.results) if self.started else 0
        if missing and self.losses == _LOSSES:
            self.notes.append(f"the target was lost {_LOSSES} times: {missing} rules not judged")
        return verdict(self.results, dict.fromkeys(self.notes))


def _unknown(judging: RuleStarted, record: replays.Record | None) -> Failure:
    """A failure whose case is not known, unless it is the one that was to be run again."""
    return Failure(
        id=record.id if record else f"{judging.rule}-lost",
        rule=judging.rule,
        sentence=judging.sentence,
        way=record.way if record else "unknown",
        case="the recorded case" if record else "not known: it did not happen case by case",
        path="",
        expected="a value",
        got="",
        why="lost",
        ratio=None,
        script="",
        data=record.data if record else {},
    )


class _Worker:
    """A worker process and the events that it sends."""

    def __init__(self, task: worker.Task) -> None:
        context = multiprocessing.get_context("spawn")
        self._events, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=worker.main, args=(task, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self._events.close()

    def events(self, silence: float) -> Iterator[Event]:
        """What the worker sends.

        Raises:
            RequestError: the worker says that the request cannot be met.
            _Lost: the worker died, or was silent for longer than ``silence`` seconds.
        """
        patience = max(_LOADING, silence)
        while True:
            event = _receive(self._events, patience, self._process)
            if isinstance(event, RequestError):
                raise event
            yield event
            if isinstance(event, RunFinished):
                return
            patience = silence


def _receive(
    connection: Connection, patience: float, process: multiprocessing.process.BaseProcess
) -> Event:
    if not connection.poll(patience):
        raise _Lost(f"was silent for {patience:g} seconds and was ended")
    try:
        event: Event = connection.recv()
    except EOFError:
        process.join()
        raise _Lost(_how_it_died(process.exitcode)) from None
    return event


def _how_it_died(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"exited with status {status}"
