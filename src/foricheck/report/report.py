"""The report: what a stream of events amounts to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from foricheck.judging.events import (
    CaseStarted,
    Event,
    Header,
    Progress,
    RuleFinished,
    RuleResult,
    RuleStarted,
    RunFinished,
    RunStarted,
    Verdict,
)
from foricheck.report.text import tell

__all__ = ["SCHEMA_VERSION", "Report"]

SCHEMA_VERSION = 1


@dataclass(frozen=True, repr=False)
class Report:
    """The judgement on one target.

    Attributes:
        header: target, environment, seed.
        verdict: ``conformant``, ``nonconformant``, or ``error`` when the run did not finish.
        results: one a rule; in the end in the order of the header.
        reason: why the run did not finish, or ``""``.
        notes: what a person should also know.
        seconds: how long the run took by the clock; 0 before it has ended.
    """

    header: Header
    verdict: Verdict = "error"
    results: tuple[RuleResult, ...] = ()
    reason: str = "the run did not finish"
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def conformant(self) -> bool:
        """Whether every judged rule holds."""
        return self.verdict == "conformant"

    @property
    def failures(self) -> tuple[RuleResult, ...]:
        """The rules that failed, and those that passed although a failure was expected."""
        return tuple(result for result in self.results if result.status in ("failed", "xpassed"))

    @classmethod
    def of(cls, events: Iterable[Event]) -> Report:
        """Fold the events of one run into a report.

        Raises:
            ValueError: the stream does not begin with ``RunStarted``.
        """
        stream = iter(events)
        first = next(stream, None)
        if not isinstance(first, RunStarted):
            raise ValueError(f"a run begins with RunStarted, not {first!r}")
        report = cls(first.header)
        for event in stream:
            report = report.after(event)
        return report

    def after(self, event: Event) -> Report:
        """The report once ``event`` has happened."""
        match event:
            case RuleFinished(result):
                return replace(self, results=(*self.results, result))
            case RunFinished(verdict, reason, notes, seconds):
                judged = replace(self, results=self._in_order(), seconds=seconds)
                return replace(judged, verdict=verdict, reason=reason, notes=notes)
            case RunStarted() | RuleStarted() | Progress() | CaseStarted():
                return self

    def _in_order(self) -> tuple[RuleResult, ...]:
        """The results in the order of the header: several rules may be judged at once."""
        place = {rule: n for n, rule in enumerate(self.header.rules)}
        return tuple(sorted(self.results, key=lambda result: place.get(result.id, len(place))))

    def __str__(self) -> str:
        head = f"{self.header.target}: {self.verdict}"
        reason = [self.reason] if self.reason else []
        return "\n\n".join([head, *reason, *map(_told, self.failures)])

    __repr__ = __str__  # pytest shows the message of a failed assertion by its repr

    def to_json(self) -> dict[str, Any]:
        """The JSON report, as ``conformance/schemas/report-1.json`` describes it."""
        header = asdict(self.header)
        header.pop("rules")
        rules = [_rule_to_json(result) for result in self.results]
        return {
            "schema": SCHEMA_VERSION,
            **header,
            "verdict": self.verdict,
            "reason": self.reason,
            "notes": list(self.notes),
            "seconds": self.seconds,
            "rules": rules,
        }


def _told(result: RuleResult) -> str:
    failure = result.failure
    if failure is None:
        return f"{result.id} passed, though it was expected to fail: {result.reason}"
    return tell(failure, level=result.level)


def _rule_to_json(result: RuleResult) -> dict[str, Any]:
    """One entry of ``rules``; its members have the names that the schema gives."""
    entry = asdict(result)
    entry["class"], entry["ways"] = entry.pop("level"), entry.pop("variants")
    if failure := entry["failure"]:
        failure["way"] = failure.pop("variant")
    return entry
