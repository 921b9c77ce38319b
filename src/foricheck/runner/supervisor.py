"""A run in worker processes, so that a target that dies or hangs does not end the run."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from foricheck.errors import RequestError
from foricheck.evidence.record import Record
from foricheck.judging.canaries import CHANGED, applicable, tampering
from foricheck.judging.confirming import confirmable
from foricheck.judging.events import (
    CaseStarted,
    Event,
    Header,
    Progress,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunFinished,
    RunStarted,
)
from foricheck.runner import losses, replays, worker
from foricheck.runner.confirmation import Confirmation
from foricheck.runner.losses import Dismiss, Fail, Isolate, LossPolicy, Repeat, Skip, Stop
from foricheck.runner.process import WorkerLost, WorkerSilent, wait_for_events
from foricheck.runner.request import Request
from foricheck.runner.results import Results
from foricheck.runner.rule_worker import RuleWorker
from foricheck.runner.schedule import Schedule, worker_count

__all__ = ["events", "replay"]


def events(request: Request, *, directory: Path = replays.DIRECTORY) -> Generator[Event]:
    """Judge a target and yield the events.

    Args:
        request: the target, and how to judge it.
        directory: where failures are stored for replay.

    Raises:
        RequestError: the target cannot be loaded, or the request makes no sense.
    """
    return _Supervisor(request, None, Results(request, directory)).events()


def replay(record: Record, *, directory: Path = replays.DIRECTORY) -> Generator[Event]:
    """Judge one failed case again and yield the events.

    Args:
        record: the failure.
        directory: where it is stored if it still fails.

    Raises:
        RequestError: the target of the failure cannot be loaded.
    """
    request = Request(spec=record.spec)
    return _Supervisor(request, record, Results(request, directory)).events()


class _Supervisor:
    """Passes on the events of a pool of workers, and keeps the workers busy."""

    def __init__(self, request: Request, record: Record | None, results: Results) -> None:
        self._request, self._record, self._results = request, record, results
        self._losses = LossPolicy(request.expected, record)
        self._schedule = Schedule()
        self._header: Header | None = None
        self._pool: list[RuleWorker] = []
        self._confirmation = Confirmation(self._open)

    def events(self) -> Generator[Event]:
        limit = self._request.time_limit or math.inf
        until = time.monotonic() + limit
        try:
            self._open()
            while self._pool:
                if time.monotonic() >= until:
                    self._stop(f"the time limit of {limit:g} seconds was reached")
                    break
                for each in wait_for_events(self._pool, until=until):
                    if each in self._pool:  # not closed together with an earlier one
                        yield from self._receive(each)
            yield self._results.finish(self._planned)
        finally:
            self._close(*self._pool)

    @property
    def _planned(self) -> tuple[str, ...]:
        return self._header.rules if self._header else ()

    def _receive(self, sender: RuleWorker) -> Iterator[Event]:
        try:
            message = sender.receive()
        except WorkerLost as lost:
            yield from self._after_loss(sender, f"{lost.what} {lost}", lost)
        except RequestError as error:
            if self._header is None:
                raise
            # The target could be loaded before, so the worker counts as lost.
            yield from self._after_loss(sender, sender.lost_before or str(error))
        else:
            yield from self._handle(sender, message)

    def _handle(self, sender: RuleWorker, message: Any) -> Iterator[Event]:
        match message:
            case worker.HarnessAlive():
                pass
            case worker.JudgeChanged():
                self._stop(str(message), no_verdict=True)
            case worker.CanariesJudged(at_the_end) if sender.canaries is not None:
                self._after_canaries(sender, at_the_end=at_the_end)
            case RuleFinished(result) | worker.Confirmed(result) if sender.canaries is not None:
                sender.canaries.append(result)
            case RuleStarted() | Progress() | CaseStarted() if sender.canaries is not None:
                pass
            case RunStarted() if sender is self._confirmation.by:
                self._confirmation.send()
            case worker.Confirmed(result) if self._confirmation.expects(sender, result):
                self._confirmation.confirmed()
                yield self._results.add(result)
            case Progress() | CaseStarted() if sender is self._confirmation.by:
                pass
            case RunStarted(header):
                yield from self._start(sender, header)
            case RuleStarted(rule) if self._record or sender.is_judging(rule):
                sender.started = message
                if not sender.lost_before:  # the event has been passed on the first time
                    yield message
            case RuleFinished(result) if self._record or sender.is_judging(result.id):
                judged = self._corrected(sender, result)
                sender.finished()
                if confirmable(judged) and self._record is None:
                    self._confirmation.add(judged)
                else:
                    yield self._results.add(judged)
                if self._losses.gives_up_after(judged):
                    self._give_up()
            case RunFinished(verdict="error", reason=reason):
                self._stop(reason)
            case RunFinished() if self._record:
                self._close(sender)
            case CaseStarted(case):
                sender.last_case = case
                yield message
            case Progress():
                yield message
            case _:  # the target has sent it
                self._stop(f"{CHANGED} a message was sent that no one sends now", no_verdict=True)

    def _start(self, sender: RuleWorker, header: Header) -> Iterator[Event]:
        """A worker has loaded the target; the first one to do so starts the run."""
        if self._header is None:
            rules = header.rules if self._record else self._request.rules_of(header.kind)
            self._header = replace(header, rules=rules)
            self._schedule = Schedule(() if self._record else rules)
            yield RunStarted(self._header)
            if header.rules != rules:
                self._stop(f"{CHANGED} other rules would be judged", no_verdict=True)
                return
            device = header.environment.device
            for _ in range(worker_count(self._request.jobs, rules=len(rules), device=device) - 1):
                self._open()
        if sender.order:
            sender.resume()
        else:
            self._assign_next(sender)

    def _assign_next(self, idle: RuleWorker) -> None:
        if self._record:
            return
        assigned = [each.order.rule for each in self._pool if each.order]
        if rule := self._schedule.take(after=idle.judged, elsewhere=assigned):
            idle.assign(worker.Order(rule))
        else:
            idle.canaries = []
            idle.send(worker.JudgeCanaries())

    def _after_canaries(self, sender: RuleWorker, *, at_the_end: bool) -> None:
        """Without a verdict if the judge was changed; otherwise the worker continues."""
        judged, sender.canaries = sender.canaries or [], None
        assert self._header is not None
        kinds = self._header.kind.split(" and ")
        known = applicable(self._header.array_namespace, kinds, at_the_end=at_the_end)
        if sender is self._confirmation.by:
            known = [*(each for each in known if each.is_confirmed), *known]
        if changed := tampering(known, judged):
            self._stop(changed, no_verdict=True)
        elif sender is self._confirmation.by:
            self._confirm_next(sender)
        elif at_the_end:
            self._close(sender)
        else:
            self._assign_next(sender)

    def _confirm_next(self, ready: RuleWorker) -> None:
        if self._confirmation.goes_on():
            self._confirmation.send()
            return
        self._close(ready)
        self._confirmation.ensure_worker()

    def _unconfirmed(self, lost: RuleWorker) -> Iterator[Event]:
        """The worker that confirms is lost: what it was to confirm stands."""
        self._close(lost)
        if self._confirmation.waiting:
            yield self._results.add(self._confirmation.waiting.pop(0))
        self._confirmation.ensure_worker()

    def _corrected(self, sender: RuleWorker, result: RuleResult) -> RuleResult:
        """A rule that lost a worker has failed, even if no single case loses one.

        If the worker was only silent, the result of judging case by case stands; if a signal ended
        it and that does not happen again, the second result.
        """
        if not (sender.lost_before and sender.started) or result.status == "failed":
            return result
        if sender.is_repeating:
            return _with_reason(result, f"judged again: {sender.lost_before}, but only once")
        if sender.was_only_silent:
            seconds = f"{sender.silence:g} seconds"
            return _with_reason(result, f"judged case by case: together they took over {seconds}")
        sender.last_case = None
        return self._losses.failed(sender, sender.started, sender.lost_before)

    def _after_loss(
        self, lost: RuleWorker, how: str, error: WorkerLost | None = None
    ) -> Iterator[Event]:
        lost.end()
        killed = error is not None and error.by_signal
        if self._header is None and killed and not lost.is_repeating:
            lost.repeat(how)
            return
        if self._header is None:
            raise RequestError(f"the target could not be loaded: {how}{losses.xla_flags()}")
        if lost is self._confirmation.by:
            yield from self._unconfirmed(lost)
            return
        if lost.canaries is not None:
            self._stop(f"while the judge itself was checked, {how}")
            return
        match self._losses.decide(lost, how, others=self._has_others, error=error):
            case Dismiss():
                self._close(lost)
            case Stop(reason):
                self._stop(reason)
            case Repeat():
                lost.repeat(how)
            case Isolate():
                lost.isolate(how, silent=isinstance(error, WorkerSilent))
            case Fail(result, gives_up) | Skip(result, gives_up):
                yield self._results.add(result)
                self._replace(lost, gives_up=gives_up)

    @property
    def _has_others(self) -> bool:
        return len([each for each in self._pool if each is not self._confirmation.by]) > 1

    def _replace(self, lost: RuleWorker, *, gives_up: bool) -> None:
        """Start another worker for the pending rules, unless the run gives up."""
        if gives_up:
            self._give_up()
        elif self._schedule:
            lost.start_afresh()
        else:
            self._close(lost)

    def _give_up(self) -> None:
        """Judge no more rules; the failures that wait are still confirmed."""
        self._results.given_up = self._losses.why
        self._close(*[each for each in self._pool if each is not self._confirmation.by])

    def _open(self) -> RuleWorker:
        task = worker.Task(self._request, self._record)
        self._pool.append(RuleWorker(task, silence=self._request.timeout))
        return self._pool[-1]

    def _close(self, *workers: RuleWorker) -> None:
        for each in workers:
            each.end()
            self._pool.remove(each)
            if each is self._confirmation.by:
                self._confirmation.by = None

    def _stop(self, reason: str, *, no_verdict: bool = False) -> None:
        """End the run; without a verdict, unless a rule has failed and the judge can be trusted."""
        if self._header is None:
            raise RequestError(reason)
        self._results.error, self._results.no_verdict = reason, no_verdict
        self._close(*self._pool)


def _with_reason(result: RuleResult, reason: str) -> RuleResult:
    return replace(result, reason="; ".join(filter(None, (result.reason, reason))))
