"""The failures that wait to be confirmed in a fresh process, and the worker that does so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from foricheck.judging.events import RuleResult
from foricheck.runner import worker
from foricheck.runner.rule_worker import RuleWorker

__all__ = ["FRESH", "Confirmation"]

FRESH = 4
"""This many failures are confirmed in a process each, the others of a run in a shared one."""


@dataclass
class Confirmation:
    """Failures that wait, and their worker.

    Attributes:
        start: starts a worker.
        waiting: the results of rules that failed, in the order in which they did.
        by: the worker, or None if none runs.
    """

    start: Callable[[], RuleWorker]
    waiting: list[RuleResult] = field(default_factory=list)
    by: RuleWorker | None = None
    _fresh: int = 0

    def add(self, failed: RuleResult) -> None:
        """Have a failure confirmed."""
        self.waiting.append(failed)
        self.ensure_worker()

    def ensure_worker(self) -> None:
        """Start a worker if failures wait and none runs."""
        if self.waiting and self.by is None:
            self.by = self.start()

    def send(self) -> None:
        """Have the worker, which is ready, confirm the failure that has waited longest."""
        assert self.by is not None
        self.by.canaries = None
        self.by.send(worker.Confirm(self.waiting[0]))

    def expects(self, sender: RuleWorker, result: RuleResult) -> bool:
        """Whether this is the result of the failure that was sent to the worker."""
        is_sent = sender is self.by and sender.canaries is None and bool(self.waiting)
        return is_sent and self.waiting[0].id == result.id

    def confirmed(self) -> RuleResult:
        """The failure that was sent, which no longer waits."""
        self._fresh += 1
        assert self.by is not None
        self.by.canaries = []
        return self.waiting.pop(0)

    def goes_on(self) -> bool:
        """Whether the worker confirms another failure: a process is shared after the first ones."""
        return bool(self.waiting) and self._fresh >= FRESH
