"""A run in processes of its own, so that a target that dies or hangs does not end the run.

Workers judge, one rule at a time, and send events, which are handed on here. When a worker is
lost, another one judges the same rule case by case, to learn which case it is; the rule has
failed, and the run goes on.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from foricheck.errors import RequestError
from foricheck.evidence.failure import Failure
from foricheck.expected.file import unused_expectations
from foricheck.judging.events import (
    CaseStarted,
    Event,
    Header,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunFinished,
    RunStarted,
    Verdict,
)
from foricheck.judging.verdict import verdict
from foricheck.rules.chapters import chapter
from foricheck.runner import replays, worker
from foricheck.runner.process import WorkerLost, wait_for_events
from foricheck.runner.request import Request
from foricheck.runner.rule_worker import RuleWorker

__all__ = ["events", "replay"]

_LOSSES = 3
"""After so many rules under which the target was lost, the others are not judged."""

_MOST_WORKERS = 4
_RULES_A_WORKER = 8
"""For fewer rules, another worker takes longer to start than it saves."""


def events(request: Request, *, directory: Path | None = None) -> Generator[Event]:
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
) -> Generator[Event]:
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


@dataclass
class _Session:
    request: Request
    directory: Path
    record: replays.Record | None = None
    header: Header | None = None
    waiting: list[str] = field(default_factory=list)
    pool: list[RuleWorker] = field(default_factory=list)
    losses: int = 0
    results: list[RuleResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""

    def events(self) -> Generator[Event]:
        try:
            self._open()
            while self.pool:
                for rule_worker in wait_for_events(self.pool):
                    if rule_worker in self.pool:  # not closed with another one
                        yield from self._hear(rule_worker)
            yield self._finished()
        finally:
            for rule_worker in self.pool:
                rule_worker.end()

    def _hear(self, rule_worker: RuleWorker) -> Iterator[Event]:
        try:
            event = rule_worker.hear()
        except WorkerLost as lost:
            yield from self._after_loss(rule_worker, f"{lost.what} {lost}")
            return
        except RequestError as error:
            if self.header is None:
                raise
            yield from self._after_loss(
                rule_worker, rule_worker.how or str(error)
            )  # it was loaded before
            return
        match event:
            case worker.HarnessAlive():
                pass
            case RunStarted(header):
                yield from self._loaded(rule_worker, header)
            case RuleStarted():
                rule_worker.judging = event
                if not rule_worker.how:  # it is told already that the rule is judged
                    yield event
            case RuleFinished(result):
                yield self._judged(rule_worker, result)
                self._go_on(rule_worker)
            case RunFinished(verdict="error", reason=reason):
                if self.header is None:
                    raise RequestError(reason)
                self._stop(reason)
            case RunFinished():  # of a replay
                self._close(rule_worker)
            case CaseStarted(case):
                rule_worker.last_case = case
                yield event
            case _:
                yield event

    def _loaded(self, rule_worker: RuleWorker, header: Header) -> Iterator[Event]:
        """A worker has loaded the target: give it a rule."""
        if self.header is None:
            self.header = header
            self.waiting = [] if self.record else list(header.rules)
            yield RunStarted(header)
            for _ in range(_workers(self.request, header) - 1):
                self._open()
        if rule_worker.order:
            rule_worker.resume()
        else:
            self._go_on(rule_worker)

    def _go_on(self, rule_worker: RuleWorker) -> None:
        """Give a worker its next rule: of the chapter that it is at, whose programs it has."""
        if self.record:
            return
        rule_worker.how = ""
        if rule := self._next(rule_worker):
            self.waiting.remove(rule)
            rule_worker.give(worker.Order(rule))
        else:
            self._close(rule_worker)

    def _next(self, rule_worker: RuleWorker) -> str | None:
        """A rule of the chapter that the seat is at, or of one where no other is, or the last.

        The last is farthest from where the others go on.
        """
        mine = chapter(rule_worker.order.rule) if rule_worker.order else ""
        others = {chapter(each.order.rule) for each in self.pool if each.order}
        own = (rule for rule in self.waiting if chapter(rule) == mine)
        free = (rule for rule in self.waiting if chapter(rule) not in others)
        return next(chain(own, free, reversed(self.waiting)), None)

    def _judged(self, rule_worker: RuleWorker, result: RuleResult) -> Event:
        """What is told of a rule that has been judged; it is kept."""
        if rule_worker.how and rule_worker.judging and result.status in ("passed", "skipped"):
            rule_worker.last_case = None  # case by case the target was not lost
            return self._keep(self._failed(rule_worker, rule_worker.judging, rule_worker.how))
        return self._keep(result)

    def _after_loss(self, rule_worker: RuleWorker, how: str) -> Iterator[Event]:
        """Judge the rule again, case by case, to learn which case it is; then it has failed.

        Where the rule is expected to fail, nothing is to be learned.
        """
        rule_worker.end()
        if self.header is None:
            raise RequestError(f"the target could not be loaded: {how}")
        if rule_worker.order is None and len(self.pool) > 1:
            self.pool.remove(rule_worker)  # the others go on
        elif rule_worker.judging is None:
            self._stop(f"between two rules, {how}")
        elif not rule_worker.how and rule_worker.order and not self._expects(rule_worker.judging):
            rule_worker.how, rule_worker.order = how, replace(rule_worker.order, isolate_cases=True)
            rule_worker.restart()
        else:
            self.losses += not self._expects(rule_worker.judging)
            yield self._keep(self._failed(rule_worker, rule_worker.judging, how))
            self._replace(rule_worker)

    def _expects(self, judging: RuleStarted) -> bool:
        return judging.rule in self.request.expected

    def _replace(self, rule_worker: RuleWorker) -> None:
        """Another worker for the rules that are left, unless too many were lost."""
        if self.losses >= _LOSSES:
            self._close_all()
        elif self.waiting:
            rule_worker.empty()
            rule_worker.how = ""
            rule_worker.restart()
        else:
            self.pool.remove(rule_worker)

    def _failed(self, rule_worker: RuleWorker, judging: RuleStarted, how: str) -> RuleResult:
        failure = rule_worker.last_case or _unknown(judging, self.record)
        return RuleResult(
            id=judging.rule,
            level=judging.level,
            sentence=judging.sentence,
            status="xfailed" if self._expects(judging) else "failed",
            reason=self.request.expected.get(judging.rule, ""),
            failure=replace(failure, got=how),
        )

    def _keep(self, result: RuleResult) -> RuleFinished:
        event = RuleFinished(result)
        self.results.append(result)
        try:
            replays.keep(event, self.request, self.directory)
        except OSError as error:
            self.notes.append(f"failures cannot be kept for replay: {error}")
        return event

    def _open(self) -> None:
        task = worker.Task(self.request, self.record)
        self.pool.append(RuleWorker(task, silence=self.request.timeout))

    def _close(self, rule_worker: RuleWorker) -> None:
        rule_worker.end()
        self.pool.remove(rule_worker)

    def _stop(self, reason: str) -> None:
        """End the run without a verdict."""
        self.error = reason
        self._close_all()

    def _close_all(self) -> None:
        for rule_worker in list(self.pool):
            self._close(rule_worker)

    def _finished(self) -> RunFinished:
        if self.error:
            ended: Verdict = "nonconformant" if self._has_failed else "error"
            return RunFinished(ended, self.error, tuple(self.notes))
        missing = len(self.header.rules) - len(self.results) if self.header else 0
        if missing:
            self.notes.append(f"the target was lost {_LOSSES} times; rules not judged: {missing}")
        notes = (*self.notes, *unused_expectations(self.request.expected, self.results))
        return verdict(self.results, dict.fromkeys(notes))

    @property
    def _has_failed(self) -> bool:
        return any(result.status in ("failed", "xpassed") for result in self.results)


def _workers(request: Request, header: Header) -> int:
    """How many workers judge: several on a CPU; an accelerator's memory belongs to one."""
    if request.jobs is not None:
        return min(request.jobs, len(header.rules))
    if "cpu" not in header.environment.device.lower():
        return 1
    worth = len(header.rules) // _RULES_A_WORKER
    return max(1, min(os.cpu_count() or 1, _MOST_WORKERS, worth))


def _unknown(judging: RuleStarted, record: replays.Record | None) -> Failure:
    """A failure whose case is not known, unless it is the one that was to be run again."""
    return Failure(
        id=record.id if record else f"{judging.rule}-lost",
        rule=judging.rule,
        sentence=judging.sentence,
        variant=record.variant if record else "unknown",
        case="the recorded case" if record else "not known: it did not happen case by case",
        path="",
        expected="a value",
        got="",
        why="lost",
        ratio=None,
        script="",
        data=record.data if record else {},
    )
