"""What follows when a worker is lost: a decision, and the result of a rule that lost it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from foricheck.evidence.failure import Failure
from foricheck.evidence.record import Record
from foricheck.judging.events import RuleResult, RuleStarted
from foricheck.runner.rule_worker import RuleWorker

__all__ = ["LIMIT", "Decision", "Dismiss", "Fail", "Isolate", "LossPolicy", "Stop"]

LIMIT = 3
"""After this many rules that lost a worker, the remaining ones are not judged."""


@dataclass(frozen=True)
class Dismiss:
    """The worker had no rule: the others continue without it."""


@dataclass(frozen=True)
class Stop:
    """The target does not live between two rules: no verdict is possible."""

    reason: str


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


Decision = Dismiss | Stop | Isolate | Fail


@dataclass
class LossPolicy:
    """Decides what follows a loss, and counts the losses.

    Attributes:
        expected: reasons by rule id, for rules that are expected to fail.
        record: the one case that is judged, in a replay.
        losses: how many rules have lost a worker unexpectedly.
    """

    expected: dict[str, str]
    record: Record | None = None
    losses: int = 0

    def decide(self, lost: RuleWorker, how: str, *, others: bool) -> Decision:
        """What follows the loss of a worker.

        Args:
            lost: the worker.
            how: it was lost.
            others: whether other workers judge.
        """
        started = lost.started
        if lost.order is None and others:
            return Dismiss()
        if started is None:
            return Stop(f"between two rules, {how}")
        expected = started.rule in self.expected
        if not lost.lost_before and lost.order and not expected:
            return Isolate()
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
