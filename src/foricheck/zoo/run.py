"""Run all trials; report and save each, even if interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from foricheck.errors import RequestError
from foricheck.judging.events import Environment
from foricheck.rules.registry import all_rules
from foricheck.zoo import parallel
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.resume import SavedRows, merged
from foricheck.zoo.selection import ZooRequest
from foricheck.zoo.trials import Trial, TrialResult

__all__ = ["Interruption", "TrialListener", "ZooPlan", "run_trials"]

Interruption = KeyboardInterrupt | OSError | RequestError
"""What may end the trials early."""

SAVE_INTERVAL = 30.0
"""Seconds between two times that the results so far are saved."""


class TrialListener(Protocol):
    """Who follows the trials while they run."""

    def on_run(self, trial: Trial) -> None:
        """One run of a trial, that with one seed, has ended."""

    def on_result(self, result: TrialResult) -> None:
        """A trial has ended."""


@dataclass(frozen=True, kw_only=True)
class ZooPlan:
    """The trials to run, and how.

    Attributes:
        request: what the person asks for.
        trials: the trials that this selects.
        saved: the results that earlier reports have of some of them.
        here: the environment of this run.
        jobs: how many processes judge at once; None is one a processor.
    """

    request: ZooRequest
    trials: tuple[Trial, ...]
    saved: Sequence[SavedRows] = ()
    here: Environment
    jobs: int | None = None


def run_trials(
    plan: ZooPlan, listener: TrialListener, save: Callable[[KillMatrix], None]
) -> tuple[KillMatrix, Interruption | None]:
    """Run the trials of a plan.

    Args:
        plan: which trials, and how.
        listener: follows each trial.
        save: called with the results so far every `SAVE_INTERVAL` seconds.

    Returns:
        The results, and the interruption, if there was one.
    """
    trials = _Trials(plan, save)
    try:
        trials.run(listener)
    except (KeyboardInterrupt, OSError, RequestError) as interruption:
        return trials.matrix(_why(interruption)), interruption
    except BaseException:  # the process is being terminated: save, and report nothing
        save(trials.matrix("terminated"))
        raise
    return trials.matrix(), None


class _Trials:
    def __init__(self, plan: ZooPlan, save: Callable[[KillMatrix], None]) -> None:
        self._plan, self._save = plan, save
        self._started = self._saved_at = time.perf_counter()
        self._results = {row.trial: row for row in merged(plan.saved)}
        self._known = [row for row in self._results.values() if row.finished]
        self._is_saved = True

    def run(self, listener: TrialListener) -> None:
        """Run the trials without a known result, and report all of them."""
        self._listener = listener
        for row in self._known:
            listener.on_result(row)
        known = {row.trial for row in self._known}
        waiting = [trial for trial in self._plan.trials if trial not in known]
        with closing(parallel.rows(waiting, jobs=self._plan.jobs, on_run=self._on_run)) as rows:
            for row in rows:
                self._results[row.trial], self._is_saved = row, False
                listener.on_result(row)
                self._save_now_and_then()

    def matrix(self, unfinished: str = "") -> KillMatrix:
        """The results so far, in the order of the trials."""
        request, before = self._plan.request, sum(saved.seconds for saved in self._plan.saved)
        known = self._results
        return KillMatrix(
            rows=tuple(known[trial] for trial in self._plan.trials if trial in known),
            rules=tuple(rule.id for rule in all_rules()),
            is_whole=request.is_whole,
            environment=self._plan.here,
            seeds=request.all_seeds,
            seconds=round(before + time.perf_counter() - self._started, 3),
            resumed=len(self._known),
            unfinished=unfinished,
        )

    def _on_run(self, trial: Trial) -> None:
        self._listener.on_run(trial)
        self._save_now_and_then()

    def _save_now_and_then(self) -> None:
        if not self._is_saved and time.perf_counter() > self._saved_at + SAVE_INTERVAL:
            self._save(self.matrix("some trials have not ended yet"))
            self._saved_at, self._is_saved = time.perf_counter(), True


def _why(interruption: Interruption) -> str:
    match interruption:
        case KeyboardInterrupt():
            return "interrupted"
        case RequestError():
            return str(interruption)
        case _:
            return "the terminal report could not be written"
