"""A worker process and the pipe to it, on the side of the parent."""

from __future__ import annotations

import math
import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from foricheck.errors import RequestError
from foricheck.runner import signals
from foricheck.targets.wire.process import FROM_OUTSIDE

__all__ = ["HarnessWorkerLost", "WorkerLost", "WorkerProcess", "WorkerSilent", "wait_for_events"]

_LOADING = 300.0
"""Seconds that importing a target and JAX may take."""

AnyWorker = TypeVar("AnyWorker", bound="WorkerProcess")


class WorkerLost(Exception):
    """A worker is gone; the message says how: ``was killed by SIGKILL``."""

    what = "the process"
    """What is gone."""

    by_signal = False
    """Whether it was ended by a signal that may have come from outside the target."""


class WorkerSilent(WorkerLost):
    """A worker has sent nothing for too long: it is slow or hangs, which looks the same."""


class HarnessWorkerLost(WorkerLost):
    """A worker has lost the harness of its target, and has ended."""

    what = "the harness"


class WorkerProcess:
    """A worker process, which can be restarted when it is lost.

    Args:
        main: the function that the process runs, given the task and its end of the pipe.
        task: the first argument of ``main``.
        silence: seconds without a message after which the worker counts as hung.
    """

    def __init__(
        self, main: Callable[[Any, Connection], None], task: Any, *, silence: float
    ) -> None:
        self._main, self._task = main, task
        self.silence = silence
        self.restart()

    @property
    def connection(self) -> Connection:
        """Readable when a message has arrived, or when the worker is gone."""
        return self._messages

    @property
    def deadline(self) -> float:
        """When the worker will have been silent for too long, on the monotonic clock."""
        return self._last_message + self._patience

    def restart(self) -> None:
        """Start the process; it sends the first message, once it has loaded what it needs."""
        context = multiprocessing.get_context("spawn")
        self._messages, theirs = context.Pipe()
        self._process = context.Process(target=self._main, args=(self._task, theirs), daemon=True)
        resource_tracker.ensure_running()  # starting it would unblock the signals
        with signals.blocked():  # they are the parent's, and would end the worker with a traceback
            self._process.start()
        theirs.close()
        self._last_message, self._patience = time.monotonic(), max(_LOADING, self.silence)

    def send(self, message: Any) -> None:
        """Send the worker a message; if it is gone, the next `receive` says so."""
        self._last_message, self._patience = time.monotonic(), self.silence
        try:
            self._messages.send(message)
        except OSError:
            return

    def receive(self) -> Any:
        """The next message.

        Raises:
            RequestError: the worker cannot carry out the request.
            WorkerSilent: the worker has been silent for too long.
            WorkerLost: the worker is gone, or reports its own loss.
        """
        if not self._messages.poll():
            raise WorkerSilent(f"was silent for {self._patience:g} seconds and was ended")
        try:
            message = self._messages.recv()
        except (EOFError, OSError):
            self._process.join()
            lost = WorkerLost(_exit_text(self._process.exitcode))
            lost.by_signal = -(self._process.exitcode or 0) in FROM_OUTSIDE
            raise lost from None
        if isinstance(message, RequestError | WorkerLost):
            raise message
        self._last_message, self._patience = time.monotonic(), self.silence
        return message

    def allow_silence(self, seconds: float) -> None:
        """From now on, count the worker as hung only after this many seconds of silence."""
        self.silence = seconds
        self._patience = max(self._patience, seconds)

    def terminate(self, seconds: float) -> None:
        """Send SIGTERM, and give the worker this many seconds to tidy up and exit."""
        self._process.terminate()
        self._process.join(seconds)

    def end(self) -> None:
        """Kill the worker."""
        self._process.kill()
        self._process.join()
        self._messages.close()


def wait_for_events(workers: Sequence[AnyWorker], *, until: float = math.inf) -> list[AnyWorker]:
    """Wait until a worker has sent a message or is gone or overdue; return all such workers.

    Args:
        workers: the workers.
        until: when to return without any, on the monotonic clock.
    """
    first = min(until, *(each.deadline for each in workers))
    ready = wait([each.connection for each in workers], max(0.0, first - time.monotonic()))
    now = time.monotonic()
    return [each for each in workers if each.connection in ready or each.deadline <= now]


def _exit_text(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"exited with status {status}"
