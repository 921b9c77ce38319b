"""A report in numbers, for all renderers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from foricheck.judging.events import RuleResult, Status
from foricheck.report.report import Report

__all__ = ["STATUSES", "Summary"]

STATUSES: tuple[Status, ...] = ("failed", "xpassed", "passed", "xfailed", "skipped")


@dataclass(frozen=True)
class Summary:
    """Counts and sums over rules.

    Attributes:
        results: the judgements, in order.
    """

    results: tuple[RuleResult, ...]

    @classmethod
    def of(cls, report: Report) -> Summary:
        """The summary of a whole report."""
        return cls(report.results)

    @property
    def counts(self) -> dict[Status, int]:
        """How many rules have each status that occurs."""
        by_status = {status: len(self.ids(status)) for status in STATUSES}
        return {status: number for status, number in by_status.items() if number}

    @property
    def cases(self) -> int:
        """How many cases were judged."""
        return sum(result.cases for result in self.results)

    @property
    def compilations(self) -> int:
        """How many programs XLA compiled."""
        return sum(result.compilations for result in self.results)

    @property
    def cached(self) -> int:
        """How many programs came from the cache instead."""
        return sum(result.cached for result in self.results)

    @property
    def seconds(self) -> float:
        """How long judging took."""
        return sum(result.seconds for result in self.results)

    @property
    def sharpest(self) -> RuleResult | None:
        """The rule with the largest test ratio, or None when no rule has a bound."""
        bounded = [result for result in self.results if result.max_ratio is not None]
        return max(bounded, key=_ratio, default=None)

    def ids(self, *statuses: Status) -> tuple[str, ...]:
        """The rules with one of these statuses."""
        return tuple(result.id for result in self.results if result.status in statuses)

    def reasons(self, status: Status) -> dict[str, tuple[str, ...]]:
        """The rules with this status, by their reasons."""
        grouped: dict[str, tuple[str, ...]] = {}
        for result in self.results:
            if result.status == status:
                grouped[result.reason] = (*grouped.get(result.reason, ()), result.id)
        return grouped

    def slowest(self, number: int) -> tuple[RuleResult, ...]:
        """The rules that took longest, the slowest first."""
        by_time = sorted(self.results, key=lambda result: result.seconds, reverse=True)
        return tuple(by_time[:number])


def _ratio(result: RuleResult) -> float:
    value = result.max_ratio or 0.0
    return math.inf if math.isnan(value) else value
