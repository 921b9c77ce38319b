"""Worker processes, as the process that reports sees them."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from foricheck.errors import RequestError

__all__ = ["HarnessWorkerLost", "WorkerLost", "WorkerProcess", "wait_for_events"]

_LOADING = 300.0
"""Seconds that the import of a target and of JAX may take."""

AnyWorker = TypeVar("AnyWorker", bound="WorkerProcess")


class WorkerLost(Exception):
    """A worker is gone; the message says how: ``was killed by SIGKILL``."""

    what = "the process"
    """What is gone."""


class HarnessWorkerLost(WorkerLost):
    """A worker has lost the harness of its target, and has ended."""

    what = "the harness"


class WorkerProcess:
    """A place in the pool: a worker process, and another one when that is lost.

    Args:
        main: what its workers run, given the task and the worker's end of a pipe.
        task: what its workers are for.
        silence: seconds without a message after which a worker is taken to hang.
    """

    def __init__(
        self, main: Callable[[Any, Connection], None], task: Any, *, silence: float
    ) -> None:
        self._main, self._task = main, task
        self.silence = silence
        self.restart()

    @property
    def connection(self) -> Connection:
        """Readable when there is a message, or when the worker is gone."""
        return self._messages

    @property
    def due(self) -> float:
        """When it will have been silent for too long."""
        return self._heard + self._patience

    def restart(self) -> None:
        """Start a worker, which speaks first, once it has loaded what it needs."""
        context = multiprocessing.get_context("spawn")
        self._messages, theirs = context.Pipe()
        self._process = context.Process(target=self._main, args=(self._task, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._heard, self._patience = time.monotonic(), max(_LOADING, self.silence)

    def send(self, message: Any) -> None:
        """Tell the worker something."""
        self._heard, self._patience = time.monotonic(), self.silence
        try:
            self._messages.send(message)
        except OSError:
            return  # it is gone, which the next `hear` tells

    def hear(self) -> Any:
        """The next message.

        Raises:
            RequestError: the worker says that the request cannot be met.
            Lost: the worker is gone, has been silent for too long, or says itself what is lost.
        """
        if not self._messages.poll():
            raise WorkerLost(f"was silent for {self._patience:g} seconds and was ended")
        try:
            message = self._messages.recv()
        except (EOFError, OSError):
            self._process.join()
            raise WorkerLost(_how_it_died(self._process.exitcode)) from None
        if isinstance(message, RequestError | WorkerLost):
            raise message
        self._heard, self._patience = time.monotonic(), self.silence
        return message

    def wait(self, silence: float) -> None:
        """Take the worker to hang only after so many seconds without a message."""
        self.silence = silence
        self._patience = max(self._patience, silence)

    def leave(self, seconds: float) -> None:
        """Let the worker tidy up and end, for so long."""
        self._process.terminate()
        self._process.join(seconds)

    def end(self) -> None:
        """End the worker, whatever it does."""
        self._process.kill()
        self._process.join()
        self._messages.close()


def wait_for_events(waiting: Sequence[AnyWorker]) -> list[AnyWorker]:
    """Those that have something to say, or have been silent for too long; waits for the first."""
    first = min(slot.due for slot in waiting)
    spoken = wait([each.connection for each in waiting], max(0.0, first - time.monotonic()))
    now = time.monotonic()
    return [each for each in waiting if each.connection in spoken or each.due <= now]


def _how_it_died(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"exited with status {status}"
