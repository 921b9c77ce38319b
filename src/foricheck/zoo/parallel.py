"""Trials in separate processes, several at once: one that hangs or dies ends no other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from foricheck.errors import RequestError
from foricheck.judging.events import RunFinished
from foricheck.runner.process import WorkerLost, WorkerProcess, wait_for_events
from foricheck.zoo import judge_trial, worker
from foricheck.zoo.trials import Trial, TrialResult

__all__ = ["OnRun", "rows"]

OnRun = Callable[[Trial], None]
"""Called each time that one run of a trial, that with one seed, has ended."""

_SILENCE = 60.0


def rows(
    trials: Iterable[Trial], *, jobs: int | None = None, on_run: OnRun = lambda _: None
) -> Generator[TrialResult]:
    """Judge all trials, and yield the result of each as soon as it is known.

    After an interrupt, the partial results of the trials under way come last.

    Args:
        trials: which to judge; the longest should come first.
        jobs: how many processes judge at once; one a processor when absent.
        on_run: called each time that one run of a trial has ended.

    Raises:
        RequestError: an implementation cannot be loaded.
    """
    waiting = list(trials)[::-1]
    several = min(jobs or os.cpu_count() or 1, len(waiting))
    keeping = all(
        trial.profile != "deep" for trial in waiting
    )  # whose programs are compiled once each
    workers = [_TrialWorker(on_run, keeping=keeping) for _ in range(several)]
    try:
        while workers:
            for each in wait_for_events(workers):
                yield from each.row()
                if each.is_ready and not each.assign(waiting):
                    each.end()
                    workers.remove(each)
    except KeyboardInterrupt:
        yield from (row for each in workers for row in each.unfinished())
        raise
    finally:
        for each in workers:
            each.end()


@dataclass
class _Work:
    trial: Trial
    started: float = field(default_factory=time.perf_counter)
    findings: list[judge_trial.Finding] = field(default_factory=list)

    def row(self, *, lost: str = "", finished: bool = True) -> TrialResult:
        return TrialResult(
            trial=self.trial,
            cells=judge_trial.cells(self.trial, self.findings),
            seconds=round(time.perf_counter() - self.started, 3),
            lost=lost,
            finished=finished,
        )


class _TrialWorker(WorkerProcess):
    """A process that judges one implementation after the other."""

    def __init__(self, on_run: OnRun, *, keeping: bool) -> None:
        self.is_ready, self._on_run = False, on_run
        self._work: _Work | None = None
        super().__init__(worker.main, keeping, silence=_SILENCE)

    def assign(self, waiting: list[Trial]) -> bool:
        """Begin the next trial, if there is one."""
        if not waiting:
            return False
        self.is_ready, self._work = False, _Work(waiting.pop())
        self.silence = self._work.trial.silence
        self.send(self._work.trial)
        return True

    def row(self) -> Sequence[TrialResult]:
        """The result of the trial, if the next message is its end."""
        try:
            message = self.receive()
        except WorkerLost as lost:
            return self._after_loss(str(lost))
        except RequestError as error:
            raise RequestError(self._with_name(str(error))) from error
        match message:
            case worker.Ready():
                self.is_ready = True
                return self._done()
            case RunFinished(verdict="error", reason=reason):
                raise RequestError(self._with_name(reason))
            case judge_trial.Finding() if self._work:
                self._work.findings.append(message)
            case judge_trial.SeedFinished() if self._work:
                self._on_run(self._work.trial)
        return ()

    def unfinished(self) -> Iterator[TrialResult]:
        """The findings so far on an implementation that must pass; on others they say nothing."""
        if self._work and self._work.findings and self._work.trial.expected == "passes":
            yield self._work.row(finished=False)

    def _with_name(self, trouble: str) -> str:
        return f"{self._work.trial.name}: {trouble}" if self._work else trouble

    def _done(self, *, lost: str = "") -> Sequence[TrialResult]:
        work, self._work = self._work, None
        return (work.row(lost=lost),) if work else ()

    def _after_loss(self, how: str) -> Sequence[TrialResult]:
        if self._work is None:
            raise RequestError(f"the zoo could not be opened: the process {how}")
        self.end()
        self.restart()
        return self._done(lost=how)
