"""A worker that judges one target, rule after rule: its process, and its current rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foricheck.evidence.failure import Failure
from foricheck.judging.events import RuleResult, RuleStarted
from foricheck.runner import worker
from foricheck.runner.process import WorkerProcess
from foricheck.targets.wire.process import end_group

__all__ = ["RuleWorker"]

_PATIENCE = 30.0
"""Seconds that a worker has beyond those of its harness, for which it waits itself."""

_CANARIES = 120.0
"""Seconds that a canary may take at least: it is compiled by foricheck, not by the target."""

_ENDING = 2.0
"""Seconds that a worker has to end its harness, and then itself."""


class RuleWorker(WorkerProcess):
    """A worker and its current rule; as seen by the supervisor.

    Args:
        task: the target.
        silence: seconds without an event after which the worker counts as hung.

    Attributes:
        order: the rule that it was assigned, or None.
        started: the rule that it has begun, or None.
        last_case: the case that it announced last, or None.
        lost_before: how an earlier worker was lost under this rule, or ``""``.
        is_repeating: whether it judges again as one that a signal has ended.
        was_only_silent: whether no earlier worker was lost under this rule but by its silence.
        harness: the process group of the harness that the worker has started, or None.
        judged: the id of the rule that it judged last, or None.
        canaries: the results of the canaries that it is judging, or None.
    """

    def __init__(self, task: worker.Task, *, silence: float) -> None:
        self._harness_silence = silence
        self.harness: int | None = None
        self.order: worker.Order | None = None
        self.started: RuleStarted | None = None
        self.last_case: Failure | None = None
        self.lost_before, self.was_only_silent = "", True
        self.is_repeating = False
        self.judged: str | None = None
        self.canaries: list[RuleResult] | None = None
        super().__init__(worker.main, task, silence=silence)

    def assign(self, order: worker.Order) -> None:
        """Have the worker judge by a rule."""
        self._forget()
        self.order = order
        self.send(order)

    def is_judging(self, rule: str) -> bool:
        """Whether it was assigned this rule, and has not finished it."""
        return self.order is not None and self.order.rule == rule

    def finished(self) -> None:
        """Its rule is judged; it is about to judge the canaries."""
        self.judged = self.order.rule if self.order else self.judged
        self._forget()
        self.canaries = []
        self._patience = max(self._patience, _CANARIES)

    def repeat(self, how: str) -> None:
        """Start another worker for the same rule, if there is one, to judge it in the same way."""
        self.lost_before, self.is_repeating = how, True
        self.was_only_silent = False
        self.restart()

    def isolate(self, how: str, *, silent: bool) -> None:
        """Start another worker for the same rule, to judge it case by case."""
        if self.order is None:
            raise ValueError("the worker has no rule")
        self.lost_before, self.order = how, replace(self.order, isolate_cases=True)
        self.was_only_silent, self.is_repeating = silent and not self.is_repeating, False
        self.restart()

    def resume(self) -> None:
        """Send the order again, to a worker that replaces a lost one."""
        self.send(self.order)

    def start_afresh(self) -> None:
        """Start another worker, without a rule."""
        self._forget()
        self.restart()

    def receive(self) -> Any:
        """See `WorkerProcess.receive`; notes that a harness is alive."""
        message = super().receive()
        if self.canaries is not None:
            self._patience = max(self._patience, _CANARIES)
        if isinstance(message, worker.HarnessAlive):
            self.harness = message.group
            self.allow_silence(self._harness_silence + _PATIENCE)
        return message

    def end(self) -> None:
        """See `WorkerProcess.end`; the harness of the worker ends as well."""
        if self.harness is not None:
            self.terminate(_ENDING)
        super().end()
        if self.harness is not None:
            end_group(self.harness)
        self.harness = None

    def _forget(self) -> None:
        self.order, self.started, self.last_case, self.lost_before = None, None, None, ""
        self.canaries = None
        self.was_only_silent, self.is_repeating = True, False
