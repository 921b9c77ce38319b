"""Confirming failures in fresh processes, for a judge that runs in the process of a person.

`foricheck run` judges in workers, and its supervisor has failures confirmed by other workers. The
process of `foricheck.check` or of pytest is neither, and starts the same workers as commands: a
worker of `multiprocessing` would run the person's script again.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from foricheck.errors import RequestError
from foricheck.judging.canaries import applicable, tampering
from foricheck.judging.confirming import confirmable
from foricheck.judging.events import RuleFinished, RuleResult, RunStarted
from foricheck.runner import messages, worker
from foricheck.runner.confirmation import FRESH
from foricheck.runner.isolation import CAN_ISOLATE
from foricheck.runner.process import LOADING, WorkerLost
from foricheck.runner.request import Request
from foricheck.targets.capabilities import CAPABILITIES
from foricheck.targets.jax.config import has_x64
from foricheck.targets.target import Target

__all__ = ["Elsewhere", "confirm", "named", "place_of"]

_CODE = (
    "import sys; sys.path[:] = {path!r}; "
    "from foricheck.runner.elsewhere import confirm; confirm({descriptor})"
)
_ENDING = 2.0
"""Seconds that a process has to end its harness, and then itself."""


class Elsewhere:
    """Confirms failures in processes of their own: a fresh one for each of the first few.

    Args:
        target: as it is judged in this process.
        request: how it is judged; it names the target so that another process finds it. None is
            where no other process can.

    Attributes:
        unconfirmed: the ids of the failures that no process could confirm, which stand.
        why: no process could, in one line.
    """

    def __init__(self, target: Target, request: Request | None) -> None:
        self._target, self._request = target, request
        self._confirmed = 0
        self._process: _Process | None = None
        self.unconfirmed: list[str] = []
        self.why = ""

    def __call__(self, result: RuleResult) -> RuleResult:
        """The result of a rule, confirmed if it is a failure."""
        if not confirmable(result):
            return result
        try:
            confirmed = self._confirm(result)
        except (EOFError, OSError, RequestError, WorkerLost, messages.NotAMessage) as error:
            self.close()
            self.why = self.why or str(error) or "it ended"
            self.unconfirmed.append(result.id)
            return result
        except BaseException:
            self.close()
            raise
        self._confirmed += 1
        if self._confirmed < FRESH:
            self.close()
        return confirmed

    def close(self) -> None:
        """End the process, if one runs."""
        if self._process:
            self._process.end()
        self._process = None

    def _confirm(self, result: RuleResult) -> RuleResult:
        if self._request is None:
            raise WorkerLost("it cannot import the function")
        if not CAN_ISOLATE:
            raise WorkerLost("this system cannot start one")
        self._process = process = self._process or _Process(self._request)
        confirmed, *known = process.results(worker.Confirm(result), self._request.timeout)
        canaries = applicable(self._target.namespace, self._target.kinds, at_the_end=False)
        canaries = [*(each for each in canaries if each.is_confirmed), *canaries]
        if confirmed.id != result.id or tampering(canaries, known):
            raise WorkerLost("was changed by the target")
        return confirmed


class _Process:
    """A worker, started as a command."""

    def __init__(self, request: Request) -> None:
        ours, theirs = socket.socketpair()
        self._connection = Connection(ours.detach())
        with theirs:
            code = _CODE.format(path=sys.path, descriptor=theirs.fileno())
            process = subprocess.Popen(
                [sys.executable, "-c", code],
                env=os.environ | _precision(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.end: Callable[[], Any] = weakref.finalize(self, _end, process, self._connection)
        messages.allow_pauses(self._connection)
        self._connection.send(worker.Task(request, None))
        if not isinstance(self._next(max(LOADING, request.timeout)), RunStarted):
            raise WorkerLost("cannot load the target")

    def results(self, order: worker.Confirm, seconds: float) -> list[RuleResult]:
        """What it makes of a failure, and then of the canaries."""
        self._connection.send(order)
        found = []
        while True:
            match self._next(max(seconds, LOADING)):
                case worker.Confirmed(result) | RuleFinished(result):
                    found.append(result)
                case worker.CanariesJudged():
                    return found
                case worker.JudgeChanged() as changed:
                    raise WorkerLost(str(changed))

    def _next(self, seconds: float) -> Any:
        if not self._connection.poll(seconds):
            raise WorkerLost("is silent")
        message = messages.received(self._connection)
        if isinstance(message, RequestError | WorkerLost):
            raise message
        return message


def place_of(function: Callable[..., Any]) -> str | None:
    """``module:attribute`` where another process finds a function; None if it has no such place."""
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", "")
    if module in (None, "__main__") or "<" in name:
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{module}:{name}" if found is function else None


def confirm(descriptor: int) -> None:
    """Confirm failures, in a process that was started for it."""
    parent = Connection(descriptor)
    worker.main(parent.recv(), parent)


def named(request: Request, target: Target, place: str | None) -> Request | None:
    """The request to judge a function of this process in another one, which imports it."""
    if place is None:
        return None
    spec = replace(
        request.spec,
        target=place,
        kind=next(iter(target.kinds)),
        array_namespace=target.namespace,
        without=tuple(set(CAPABILITIES) - target.capabilities),
    )
    return replace(request, spec=spec)


def _precision() -> dict[str, str]:
    """JAX's precision here, which code may have set after the start."""
    return {"JAX_ENABLE_X64": str(int(has_x64()))} if "jax" in sys.modules else {}


def _end(process: subprocess.Popen[bytes], connection: Connection) -> None:
    with suppress(OSError):
        connection.close()
    process.terminate()  # it ends its harness
    try:
        process.wait(_ENDING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
