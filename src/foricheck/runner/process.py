"""A worker process and the pipe to it, on the side of the parent."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from foricheck.errors import RequestError
from foricheck.runner import messages, signals
from foricheck.runner.isolation import CAN_ISOLATE
from foricheck.targets.wire.process import FROM_OUTSIDE

__all__ = [
    "LOADING",
    "HarnessWorkerLost",
    "WorkerLost",
    "WorkerProcess",
    "WorkerSilent",
    "wait_for_events",
]

_LOOKS = 1.0
"""Seconds after which it is seen that a process is gone whose pipe is still open."""

_GLANCE = 0.02
"""Seconds between two looks at whether a process has ended."""

_ENDING = 2.0
"""Seconds that a process has to end, once it has closed its pipe."""

LOADING = 300.0
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

    Raises:
        RequestError: the system has no process groups, in which a target is kept apart.
    """

    def __init__(
        self, main: Callable[[Any, Connection], None], task: Any, *, silence: float
    ) -> None:
        if not CAN_ISOLATE:
            raise RequestError(
                "targets run in processes of their own, which needs Linux or macOS (on Windows, "
                "WSL); in this process, foricheck.check judges a function of Python"
            )
        self._main, self._task = main, task
        self.silence = silence
        self.restart()

    @property
    def connection(self) -> Connection:
        """Readable when a message has arrived, or when the worker is gone."""
        return self._messages

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone, even if one that it has forked holds the pipe."""
        return self._process.exitcode is not None

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
        messages.allow_pauses(self._messages)
        self._last_message, self._patience = time.monotonic(), max(LOADING, self.silence)

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
            if self._process.exitcode is not None:  # a process that it has forked lives on
                raise self._lost(EOFError())
            raise WorkerSilent(f"was silent for {self._patience:g} seconds and was ended")
        try:
            message = messages.received(self._messages)
        except (EOFError, OSError, messages.NotAMessage) as error:
            raise self._lost(error) from None
        if isinstance(message, RequestError | WorkerLost):
            raise message
        self._last_message, self._patience = time.monotonic(), self.silence
        return message

    def _lost(self, error: Exception) -> WorkerLost:
        """The loss of a worker that is gone, or from which nothing can be received any more."""
        status = self._status_within(_ENDING)
        if status is None:
            broken = isinstance(error, messages.NotAMessage | OSError)
            return WorkerLost(str(error) if broken else "closed its connection, and was ended")
        lost = WorkerLost(_exit_text(status))
        lost.by_signal = -status in FROM_OUTSIDE
        return lost

    def _status_within(self, seconds: float) -> int | None:
        """The exit status, once the process has ended; None if it has not by then.

        To join it would wait for a pipe, to which a target can write.
        """
        until = time.monotonic() + seconds
        while self._process.exitcode is None and time.monotonic() < until:
            time.sleep(_GLANCE)
        return self._process.exitcode

    def allow_silence(self, seconds: float) -> None:
        """From now on, count the worker as hung only after this many seconds of silence."""
        self.silence = seconds
        self._patience = max(self._patience, seconds)

    def terminate(self, seconds: float) -> None:
        """Send SIGTERM, and give the worker this many seconds to tidy up and exit."""
        self._process.terminate()
        self._status_within(seconds)

    def end(self) -> None:
        """Kill the worker, and what it has started, except a harness."""
        self._process.kill()
        if self._process.pid is not None:
            with suppress(OSError):  # it has no group yet, or no process is left in it
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.join()
        self._messages.close()


def wait_for_events(workers: Sequence[AnyWorker], *, until: float = math.inf) -> list[AnyWorker]:
    """Wait until a worker has sent a message or is gone or overdue; return all such workers.

    Args:
        workers: the workers.
        until: when to return without any, on the monotonic clock.
    """
    first = min(until, *(each.deadline for each in workers))
    ready: list[Any] = []
    while not ready and (now := time.monotonic()) < first:
        ready = wait([each.connection for each in workers], min(first - now, _LOOKS))
        if any(each.has_ended for each in workers):
            break
    now = time.monotonic()
    return [
        each
        for each in workers
        if each.connection in ready or each.deadline <= now or each.has_ended
    ]


def _exit_text(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"exited with status {status}"
