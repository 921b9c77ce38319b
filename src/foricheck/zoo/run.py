"""All trials held: each told when it ends, and kept by then, whatever ends the whole."""

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
from foricheck.zoo.matrix import Matrix
from foricheck.zoo.resume import Earlier, merged
from foricheck.zoo.selection import Asked
from foricheck.zoo.trials import Row, Trial

__all__ = ["Listener", "Plan", "Stopped", "held"]

Stopped = KeyboardInterrupt | OSError | RequestError
"""What may end the trials early."""

PAUSE = 30.0
"""Seconds between two times that what has come so far is kept."""


class Listener(Protocol):
    """Whom the trials are told to while they are held."""

    def ran(self, trial: Trial) -> None:
        """One run of a trial has ended."""

    def row(self, row: Row) -> None:
        """A trial has ended."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be held.

    Attributes:
        asked: what the person asks for.
        trials: which those are.
        earlier: what earlier reports tell of some of them.
        here: where they are held.
        jobs: how many processes judge at once; None is one a processor.
    """

    asked: Asked
    trials: tuple[Trial, ...]
    earlier: Sequence[Earlier] = ()
    here: Environment
    jobs: int | None = None


def held(
    plan: Plan, listener: Listener, keep: Callable[[Matrix], None]
) -> tuple[Matrix, Stopped | None]:
    """Hold the trials.

    Args:
        plan: what is to be held.
        listener: told of each trial.
        keep: given all that has come so far, now and then.

    Returns:
        What came of them, and what ended them early, if anything did.
    """
    holding = _Holding(plan, keep)
    try:
        holding.hold(listener)
    except (KeyboardInterrupt, OSError, RequestError) as stopped:
        return holding.matrix(_why(stopped)), stopped
    except BaseException:  # this process is ended from without, and has no time to tell
        keep(holding.matrix("terminated"))
        raise
    return holding.matrix(), None


class _Holding:
    def __init__(self, plan: Plan, keep: Callable[[Matrix], None]) -> None:
        self._plan, self._keep = plan, keep
        self._started = self._kept = time.perf_counter()
        self._came = {row.trial: row for row in merged(plan.earlier)}
        self._known = [row for row in self._came.values() if row.finished]
        self._has_news = False

    def hold(self, listener: Listener) -> None:
        """Hold the trials that are not known, and tell of all."""
        self._listener = listener
        for row in self._known:
            listener.row(row)
        known = {row.trial for row in self._known}
        waiting = [trial for trial in self._plan.trials if trial not in known]
        with closing(parallel.rows(waiting, jobs=self._plan.jobs, ran=self._ran)) as coming:
            for row in coming:
                self._came[row.trial], self._has_news = row, True
                listener.row(row)
                self._keep_up()

    def matrix(self, unfinished: str = "") -> Matrix:
        """What has come so far, in the order of the trials."""
        asked, before = self._plan.asked, sum(earlier.seconds for earlier in self._plan.earlier)
        return Matrix(
            rows=tuple(self._came[trial] for trial in self._plan.trials if trial in self._came),
            rules=tuple(rule.id for rule in all_rules()),
            is_whole=asked.is_whole,
            environment=self._plan.here,
            seeds=asked.all_seeds,
            seconds=round(before + time.perf_counter() - self._started, 3),
            earlier=len(self._known),
            unfinished=unfinished,
        )

    def _ran(self, trial: Trial) -> None:
        self._listener.ran(trial)
        self._keep_up()

    def _keep_up(self) -> None:
        """Keep what has come, if it was not done just now."""
        if self._has_news and time.perf_counter() > self._kept + PAUSE:
            self._keep(self.matrix("not all trials have been held yet"))
            self._kept, self._has_news = time.perf_counter(), False


def _why(stopped: Stopped) -> str:
    match stopped:
        case KeyboardInterrupt():
            return "interrupted"
        case RequestError():
            return str(stopped)
        case _:
            return "the terminal report could not be written"
