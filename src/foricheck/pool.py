"""Worker processes, as the process that reports sees them."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Iterable
from multiprocessing.connection import Connection, wait

from foricheck import worker
from foricheck.events import Event, RuleStarted
from foricheck.evidence import Failure
from foricheck.request import RequestError

__all__ = ["Lost", "Slot", "ready"]

_LOADING = 300.0
"""Seconds that the import of a target and of JAX may take."""


class Lost(Exception):
    """A worker is gone; the message says how."""


class Slot:
    """A place in the pool: a worker process, and another one when that is lost.

    Args:
        task: what its workers are for.
        silence: seconds without an event after which a worker is taken to hang.

    Attributes:
        order: the rule that it was given, or None.
        judging: the rule that it has begun, or None.
        trying: the case that it announced last, or None.
        how: how the worker was lost under this rule before, or ``""``.
    """

    def __init__(self, task: worker.Task, *, silence: float) -> None:
        self._task, self._silence = task, silence
        self.order: worker.Order | None = None
        self.judging: RuleStarted | None = None
        self.trying: Failure | None = None
        self.how = ""
        self.restart()

    @property
    def connection(self) -> Connection:
        """Readable when there is an event, or when the worker is gone."""
        return self._events

    @property
    def due(self) -> float:
        """When it will have been silent for too long."""
        return self._heard + self._patience

    def restart(self) -> None:
        """Start a worker, which is to be given its order once it has loaded the target."""
        context = multiprocessing.get_context("spawn")
        self._events, theirs = context.Pipe()
        self._process = context.Process(target=worker.main, args=(self._task, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._heard, self._patience = time.monotonic(), max(_LOADING, self._silence)

    def give(self, order: worker.Order) -> None:
        """Have the worker judge by a rule."""
        self.order, self.judging, self.trying = order, None, None
        self.resume()

    def resume(self) -> None:
        """Give the order again, to a worker that took the place of a lost one."""
        self._heard = time.monotonic()
        try:
            self._events.send(self.order)
        except OSError:
            return  # it is gone, which the next `hear` tells

    def hear(self) -> Event:
        """The next event.

        Raises:
            RequestError: the worker says that the request cannot be met.
            Lost: the worker is gone, or has been silent for too long.
        """
        if not self._events.poll():
            raise Lost(f"was silent for {self._patience:g} seconds and was ended")
        try:
            event: Event = self._events.recv()
        except (EOFError, OSError):
            self._process.join()
            raise Lost(_how_it_died(self._process.exitcode)) from None
        if isinstance(event, RequestError):
            raise event
        self._heard, self._patience = time.monotonic(), self._silence
        return event

    def end(self) -> None:
        """End the worker, whatever it does."""
        self._process.kill()
        self._process.join()
        self._events.close()


def ready(slots: Iterable[Slot]) -> list[Slot]:
    """Those that have something to say, or have been silent for too long; waits for the first."""
    waiting = list(slots)
    first = min(slot.due for slot in waiting)
    spoken = wait([each.connection for each in waiting], max(0.0, first - time.monotonic()))
    now = time.monotonic()
    return [each for each in waiting if each.connection in spoken or each.due <= now]


def _how_it_died(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"exited with status {status}"
