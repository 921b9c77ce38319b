"""A run in processes of its own, so that a target that dies or hangs does not end the run.

Workers judge, one rule at a time, and send events, which are handed on here. When a worker is
lost, another one judges the same rule case by case, to learn which case it is; the rule has
failed, and the run goes on.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from foricheck import replays, worker
from foricheck.crew import Lost, Member, ready
from foricheck.events import (
    Event,
    Header,
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
    crew: list[Member] = field(default_factory=list)
    losses: int = 0
    results: list[RuleResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""

    def events(self) -> Generator[Event]:
        try:
            self._hire()
            while self.crew:
                for member in ready(self.crew):
                    if member in self.crew:  # not dismissed with another one
                        yield from self._hear(member)
            yield self._finished()
        finally:
            for member in self.crew:
                member.end()

    def _hear(self, member: Member) -> Iterator[Event]:
        try:
            event = member.hear()
        except Lost as lost:
            yield from self._after_loss(member, str(lost))
            return
        match event:
            case RunStarted(header):
                yield from self._loaded(member, header)
            case RuleStarted():
                member.judging = event
                if not member.how:  # it is told already that the rule is judged
                    yield event
            case RuleFinished(result):
                yield self._judged(member, result)
                self._go_on(member)
            case RunFinished(verdict="error", reason=reason):
                self._stop(reason)
            case RunFinished():  # of a replay
                self._dismiss(member)
            case Trying(case):
                member.trying = case
                yield event
            case _:
                yield event

    def _loaded(self, member: Member, header: Header) -> Iterator[Event]:
        """A worker has loaded the target: give it a rule."""
        if self.header is None:
            self.header, self.waiting = header, [] if self.record else list(header.rules)
            yield RunStarted(header)
            for _ in range(_workers(self.request, header) - 1):
                self._hire()
        if member.order:
            member.resume()
        else:
            self._go_on(member)

    def _go_on(self, member: Member) -> None:
        """Give a worker its next rule: of the chapter that it is at, whose programs it has."""
        if self.record:
            return
        mine = _chapter(member.order.rule) if member.order else ""
        others = {_chapter(each.order.rule) for each in self.crew if each.order}
        member.how = ""
        for chosen in (
            [rule for rule in self.waiting if _chapter(rule) == mine],
            [rule for rule in self.waiting if _chapter(rule) not in others],
            self.waiting[::-1],
        ):
            if chosen:
                self.waiting.remove(chosen[0])
                member.give(worker.Order(chosen[0]))
                return
        self._dismiss(member)

    def _judged(self, member: Member, result: RuleResult) -> Event:
        """What is told of a rule that has been judged; it is kept."""
        if member.how and member.judging and result.status == "passed":
            member.trying = None  # case by case the target was not lost
            return self._keep(self._failed(member, member.judging, member.how))
        return self._keep(result)

    def _after_loss(self, member: Member, how: str) -> Iterator[Event]:
        """Judge the rule again, case by case, to learn which case it is; then it has failed."""
        member.end()
        if self.header is None:
            raise RequestError(f"the target could not be loaded: the process {how}")
        if member.order is None and len(self.crew) > 1:
            self.crew.remove(member)  # the others go on
        elif member.judging is None:
            self._stop(f"the process {how} between two rules")
        elif not member.how and member.order:
            member.how, member.order = how, replace(member.order, careful=True)
            member.restart()
        else:
            self.losses += 1
            yield self._keep(self._failed(member, member.judging, how))
            self._replace(member)

    def _replace(self, member: Member) -> None:
        """Another worker for the rules that are left, unless too many were lost."""
        if self.losses >= _LOSSES:
            self._dismiss_all()
        elif self.waiting:
            member.order = member.judging = member.trying = None
            member.how = ""
            member.restart()
        else:
            self.crew.remove(member)

    def _failed(self, member: Member, judging: RuleStarted, how: str) -> RuleResult:
        failure = member.trying or _unknown(judging, self.record)
        return RuleResult(
            id=judging.rule,
            binding=judging.binding,
            sentence=judging.sentence,
            status="xfailed" if judging.rule in self.request.expected else "failed",
            reason=self.request.expected.get(judging.rule, ""),
            failure=replace(failure, got=f"the process {how}"),
        )

    def _keep(self, result: RuleResult) -> RuleFinished:
        event = RuleFinished(result)
        self.results.append(result)
        try:
            replays.keep(event, self.request, self.directory)
        except OSError as error:
            self.notes.append(f"failures cannot be kept for replay: {error}")
        return event

    def _hire(self) -> None:
        task = worker.Task(self.request, self.record)
        self.crew.append(Member(task, silence=self.request.timeout))

    def _dismiss(self, member: Member) -> None:
        member.end()
        self.crew.remove(member)

    def _stop(self, reason: str) -> None:
        """End the run without a verdict."""
        self.error = reason
        self._dismiss_all()

    def _dismiss_all(self) -> None:
        for member in list(self.crew):
            self._dismiss(member)

    def _finished(self) -> RunFinished:
        if self.error:
            return RunFinished("error", self.error, tuple(self.notes))
        missing = len(self.header.rules) - len(self.results) if self.header else 0
        if missing:
            self.notes.append(f"the target was lost {_LOSSES} times: {missing} rules not judged")
        return verdict(self.results, dict.fromkeys(self.notes))


def _workers(request: Request, header: Header) -> int:
    """How many workers judge: several on a CPU; an accelerator's memory belongs to one."""
    if request.jobs is not None:
        return min(request.jobs, len(header.rules))
    if "cpu" not in header.environment.device.lower():
        return 1
    worth = len(header.rules) // _RULES_A_WORKER
    return max(1, min(os.cpu_count() or 1, _MOST_WORKERS, worth))


def _chapter(rule: str) -> str:
    return rule.partition("-")[0]


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
