"""Trials in processes of their own, several at once: what hangs or dies ends nothing but itself."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from foricheck.errors import RequestError
from foricheck.judging.events import RunFinished
from foricheck.runner.process import WorkerLost, WorkerProcess, wait_for_events
from foricheck.zoo import judging, worker
from foricheck.zoo.trials import Row, Trial

__all__ = ["Ran", "rows"]

Ran = Callable[[Trial], None]
"""Told that one more run of a trial has ended."""

_SILENCE = 60.0


def rows(
    trials: Iterable[Trial], *, jobs: int | None = None, ran: Ran = lambda _: None
) -> Generator[Row]:
    """Judge all trials, and yield what came of each as soon as it is known.

    When interrupted, what was found until then of the trials that are under way comes last.

    Args:
        trials: those that take longest should come first.
        jobs: how many processes judge at once; one a processor when absent.
        ran: told of a trial each time that one run of it, that with one seed, has ended.

    Raises:
        RequestError: an implementation cannot be loaded.
    """
    waiting = list(trials)[::-1]
    several = min(jobs or os.cpu_count() or 1, len(waiting))
    keeping = all(trial.profile != "deep" for trial in waiting)  # there, each is met once
    stalls = [_Stall(ran, keeping=keeping) for _ in range(several)]
    try:
        while stalls:
            for stall in wait_for_events(stalls):
                yield from stall.row()
                if stall.is_idle and not stall.take(waiting):
                    stall.end()
                    stalls.remove(stall)
    except KeyboardInterrupt:
        yield from (row for stall in stalls for row in stall.unfinished())
        raise
    finally:
        for stall in stalls:
            stall.end()


@dataclass
class _Work:
    trial: Trial
    started: float = field(default_factory=time.perf_counter)
    findings: list[judging.Finding] = field(default_factory=list)

    def row(self, *, lost: str = "", finished: bool = True) -> Row:
        return Row(
            trial=self.trial,
            cells=judging.cells(self.trial, self.findings),
            seconds=round(time.perf_counter() - self.started, 3),
            lost=lost,
            finished=finished,
        )


class _Stall(WorkerProcess):
    """A place where one implementation after the other is judged."""

    def __init__(self, ran: Ran, *, keeping: bool) -> None:
        self.is_idle, self._ran = False, ran
        self._work: _Work | None = None
        super().__init__(worker.main, keeping, silence=_SILENCE)

    def take(self, waiting: list[Trial]) -> bool:
        """Begin the next trial, if there is one."""
        if not waiting:
            return False
        self.is_idle, self._work = False, _Work(waiting.pop())
        self.silence = self._work.trial.silence
        self.send(self._work.trial)
        return True

    def row(self) -> Sequence[Row]:
        """What came of the trial, if the message to be heard is its end."""
        try:
            message = self.receive()
        except WorkerLost as lost:
            return self._after_loss(str(lost))
        except RequestError as error:
            raise RequestError(self._of_this(str(error))) from error
        match message:
            case worker.Ready():
                self.is_idle = True
                return self._done()
            case RunFinished(verdict="error", reason=reason):
                raise RequestError(self._of_this(reason))
            case judging.Finding() if self._work:
                self._work.findings.append(message)
            case judging.Ran() if self._work:
                self._ran(self._work.trial)
        return ()

    def unfinished(self) -> Iterator[Row]:
        """What was found so far of one that must pass; of another, it would be no news."""
        if self._work and self._work.findings and self._work.trial.expected == "passes":
            yield self._work.row(finished=False)

    def _of_this(self, trouble: str) -> str:
        return f"{self._work.trial.name}: {trouble}" if self._work else trouble

    def _done(self, *, lost: str = "") -> Sequence[Row]:
        work, self._work = self._work, None
        return (work.row(lost=lost),) if work else ()

    def _after_loss(self, how: str) -> Sequence[Row]:
        if self._work is None:
            raise RequestError(f"the zoo could not be opened: the process {how}")
        self.end()
        self.restart()
        return self._done(lost=how)
