"""The report: the result of a stream of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

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
from foricheck.report.document import SCHEMA_VERSION, ReportDocument
from foricheck.report.text import format_result

__all__ = ["NotConformant", "Report"]


class NotConformant(AssertionError):
    """A target does not conform, or there is no verdict; the message is the whole report."""


@dataclass(frozen=True, repr=False)
class Report:
    """The judgement on one target.

    Attributes:
        header: target, environment, seed.
        verdict: ``conformant``, ``nonconformant``, or ``error`` when the run did not finish.
        results: one a rule; in the end in the order of the header.
        reason: why the run did not finish, or ``""``.
        notes: further remarks for the person, a line each.
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
        return tuple(result for result in self.results if result.fails)

    @property
    def not_judged(self) -> tuple[str, ...]:
        """The rules that the run ended without judging."""
        judged = {result.id for result in self.results}
        return tuple(rule for rule in self.header.rules if rule not in judged)

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
        return "\n\n".join([head, *reason, *map(format_result, self.failures)])

    __repr__ = __str__  # pytest shows the message of a failed assertion by its repr

    def raise_for_failures(self) -> None:
        """Return if the target conforms; otherwise raise an error that says all that failed.

        pytest prints its message whole, where it shortens that of ``assert report.conformant``.

        Raises:
            NotConformant: a rule failed, or there is no verdict.
        """
        __tracebackhide__ = True  # pytest then shows the line that called
        if not self.conformant:
            raise NotConformant(str(self))

    def to_json(self) -> dict[str, Any]:
        """The JSON report as values of Python; a ratio that is not finite is a float in it."""
        members = vars(self.header) | {
            "schema": SCHEMA_VERSION,
            "verdict": self.verdict,
            "reason": self.reason,
            "notes": self.notes,
            "seconds": self.seconds,
            "rules": self.results,
            "not_judged": self.not_judged,
        }
        document = msgspec.convert(members, ReportDocument, from_attributes=True)
        built: dict[str, Any] = msgspec.to_builtins(document)
        return built
