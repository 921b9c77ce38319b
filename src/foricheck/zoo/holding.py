"""All trials held: each told when it ends, and kept by then, whatever ends the whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from foricheck.events import Environment
from foricheck.request import RequestError
from foricheck.rules.registry import all_rules
from foricheck.zoo import parallel
from foricheck.zoo.matrix import Matrix
from foricheck.zoo.resuming import Earlier
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
    holding = _Holding(plan)
    try:
        holding.hold(listener, keep)
    except (KeyboardInterrupt, OSError, RequestError) as stopped:
        return holding.matrix(_why(stopped)), stopped
    return holding.matrix(), None


class _Holding:
    def __init__(self, plan: Plan) -> None:
        self._plan, self._started = plan, time.perf_counter()
        self._earlier = {row.trial: row for earlier in plan.earlier for row in earlier.rows}
        self._came: dict[Trial, Row] = {}

    def hold(self, listener: Listener, keep: Callable[[Matrix], None]) -> None:
        kept = time.perf_counter()
        for row in self._rows(listener):
            self._came[row.trial] = row
            listener.row(row)
            if time.perf_counter() > kept + PAUSE:
                keep(self.matrix("not all trials have been held yet"))
                kept = time.perf_counter()

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
            earlier=len(self._earlier),
            unfinished=unfinished,
        )

    def _rows(self, listener: Listener) -> Iterator[Row]:
        """Those that are known already, and then those that come."""
        yield from self._earlier.values()
        waiting = [trial for trial in self._plan.trials if trial not in self._earlier]
        with closing(parallel.rows(waiting, jobs=self._plan.jobs, ran=listener.ran)) as coming:
            yield from coming


def _why(stopped: Stopped) -> str:
    match stopped:
        case KeyboardInterrupt():
            return "interrupted"
        case RequestError():
            return str(stopped)
        case _:
            return "the terminal report could not be written"
