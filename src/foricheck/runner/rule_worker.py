"""A place in the pool of a run, and what its worker is at."""

from __future__ import annotations

from typing import Any

from foricheck.evidence.failure import Failure
from foricheck.judging.events import RuleStarted
from foricheck.runner import worker
from foricheck.runner.process import WorkerProcess
from foricheck.targets.wire.process import end_group

__all__ = ["RuleWorker"]

_PATIENCE = 30.0
"""Seconds that a worker has beyond those of its harness, which it waits for itself."""

_LEAVING = 2.0
"""Seconds that a worker has to end its harness, and then itself."""


class RuleWorker(WorkerProcess):
    """A slot whose workers judge one target by one rule after the other.

    Args:
        task: the target.
        silence: seconds without an event after which a worker is taken to hang.

    Attributes:
        order: the rule that it was given, or None.
        judging: the rule that it has begun, or None.
        trying: the case that it announced last, or None.
        how: how the worker was lost under this rule before, or ``""``.
        harness: the process group of the harness that its worker has started, or None.
    """

    def __init__(self, task: worker.Task, *, silence: float) -> None:
        self.how, self._asked = "", silence
        self.harness: int | None = None
        self.empty()
        super().__init__(worker.main, task, silence=silence)

    def empty(self) -> None:
        """Forget what the last worker was at."""
        self.order: worker.Order | None = None
        self.judging: RuleStarted | None = None
        self.last_case: Failure | None = None

    def give(self, order: worker.Order) -> None:
        """Have the worker judge by a rule."""
        self.order, self.judging, self.last_case = order, None, None
        self.send(order)

    def resume(self) -> None:
        """Give the order again, to a worker that took the place of a lost one."""
        self.send(self.order)

    def hear(self) -> Any:
        """See `Slot.hear`; that a harness is alive is noted, and is no message for others."""
        message = super().hear()
        if isinstance(message, worker.HarnessAlive):
            self.harness = message.group
            self.wait(self._asked + _PATIENCE)
        return message

    def end(self) -> None:
        """See `Slot.end`; the harness of the worker ends as well."""
        if self.harness is not None:
            self.leave(_LEAVING)
        super().end()
        if self.harness is not None:
            end_group(self.harness)
        self.harness = None
