"""What follows when a worker is lost: a decision, and the result of a rule that lost it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from foricheck.comparison.violations import no_answer
from foricheck.evidence.failure import Failure
from foricheck.evidence.record import Record
from foricheck.judging.events import RuleResult, RuleStarted
from foricheck.runner.process import WorkerLost, WorkerSilent
from foricheck.runner.rule_worker import RuleWorker

__all__ = ["LIMIT", "Decision", "Dismiss", "Fail", "Isolate", "LossPolicy", "Repeat", "Skip"]
__all__ += ["Stop", "xla_flags"]

LIMIT = 3
"""After this many rules that lost a worker, or were not answered in time in a row, the run ends."""


@dataclass(frozen=True)
class Dismiss:
    """The worker had no rule: the others continue without it."""


@dataclass(frozen=True)
class Stop:
    """The target does not live between two rules: no verdict is possible."""

    reason: str


@dataclass(frozen=True)
class Repeat:
    """Another worker judges the rule again, in the same way: the target may not be the cause."""


@dataclass(frozen=True)
class Isolate:
    """Another worker judges the rule again, case by case, which shows the case responsible."""


@dataclass(frozen=True)
class Fail:
    """The rule has failed.

    Attributes:
        result: of the rule.
        gives_up: whether too many rules have lost a worker to judge the remaining ones.
    """

    result: RuleResult
    gives_up: bool


@dataclass(frozen=True)
class Skip:
    """The rule is not judged: a single case was not answered in time.

    A hang cannot be told from slowness, so that the rule counts neither as kept nor as broken.

    Attributes:
        result: of the rule.
        gives_up: whether too many rules in a row were not answered to judge the remaining ones.
    """

    result: RuleResult
    gives_up: bool


Decision = Dismiss | Stop | Repeat | Isolate | Fail | Skip


@dataclass
class LossPolicy:
    """Decides what follows a loss, and counts the losses.

    Attributes:
        expected: reasons by rule id, for rules that are expected to fail.
        record: the one case that is judged, in a replay.
        losses: how many rules have lost a worker unexpectedly.
        unanswered: how many rules in a row were not answered in time.
    """

    expected: dict[str, str]
    record: Record | None = None
    losses: int = 0
    unanswered: int = 0

    def gives_up_after(self, result: RuleResult) -> bool:
        """Note a result; whether too many in a row were not answered in time."""
        if result.inconclusive:
            self.unanswered += 1
        elif result.status != "skipped":
            self.unanswered = 0
        return self.unanswered >= LIMIT

    @property
    def why(self) -> str:
        """Why the run gives up."""
        if self.losses >= LIMIT:
            return f"the target was lost {LIMIT} times"
        return f"{LIMIT} rules in a row were not answered in time"

    def decide(
        self, lost: RuleWorker, how: str, *, others: bool, error: WorkerLost | None = None
    ) -> Decision:
        """What follows the loss of a worker.

        Args:
            lost: the worker.
            how: it was lost.
            others: whether other workers judge.
            error: the loss itself, unless the target could not be loaded again.
        """
        if lost.order is None and others:
            return Dismiss()
        killed = error is not None and error.by_signal
        if killed and self.record is None and not lost.is_repeating:
            return Repeat()
        started = lost.started
        if started is None:
            return Stop(f"between two rules, {how}")
        expected = started.rule in self.expected
        if lost.order and not lost.order.isolate_cases and not expected:
            return Isolate()
        if isinstance(error, WorkerSilent) and not expected and lost.was_only_silent:
            result = _unanswered(started, lost.silence)
            return Skip(result, gives_up=self.gives_up_after(result))
        self.losses += not expected
        return Fail(self.failed(lost, started, how), gives_up=self.losses >= LIMIT)

    def failed(self, lost: RuleWorker, started: RuleStarted, how: str) -> RuleResult:
        """The result of a rule under which a worker was lost."""
        failure = lost.last_case or _without_case(started, self.record)
        return RuleResult(
            id=started.rule,
            level=started.level,
            sentence=started.sentence,
            status="xfailed" if started.rule in self.expected else "failed",
            reason=self.expected.get(started.rule, ""),
            failure=replace(failure, got=how),
        )


def _unanswered(started: RuleStarted, seconds: float) -> RuleResult:
    """The result of a rule of which a single case was not answered in time."""
    return RuleResult(
        id=started.rule,
        level=started.level,
        sentence=started.sentence,
        status="skipped",
        reason=no_answer(seconds),
        inconclusive=True,
    )


def _without_case(started: RuleStarted, record: Record | None) -> Failure:
    """A failure whose case is unknown, except in a replay."""
    return Failure(
        id=record.id if record else f"{started.rule}-lost",
        rule=started.rule,
        sentence=started.sentence,
        variant=record.variant if record else "unknown",
        case="the recorded case" if record else "not known: it did not happen case by case",
        path="",
        expected="a value",
        got="",
        why="lost",
        ratio=None,
        script="",
        data=record.data if record else {},
    )


def xla_flags() -> str:
    """The flags of XLA, which ends the process if it does not know one."""
    flags = os.environ.get("XLA_FLAGS")
    return f" (with XLA_FLAGS={flags})" if flags else ""
