"""How much each of two reports judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foricheck.judging.events import RuleResult
from foricheck.report.report import Report
from foricheck.report.summary import Summary

__all__ = ["CaseChange", "Coverage", "Extent", "coverage"]

_HOLDS = ("passed", "xpassed")


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much one report judged.

    Attributes:
        rules: how many rules were judged.
        planned: how many rules were to be judged.
        cases: on how many cases.
        left_out: how many cases were left out.
        ratio: the largest test ratio; None where no rule has an error bound.
    """

    rules: int
    planned: int
    cases: int
    left_out: int
    ratio: float | None

    @classmethod
    def of(cls, report: Report) -> Extent:
        """The extent of a report."""
        summary = Summary.of(report)
        sharpest = summary.sharpest
        return cls(
            rules=len(report.results) - len(summary.ids("skipped")),
            planned=len(report.header.rules),
            cases=summary.cases,
            left_out=sum(result.left_out for result in report.results),
            ratio=sharpest.max_ratio if sharpest else None,
        )


@dataclass(frozen=True, kw_only=True)
class CaseChange:
    """A rule that holds in both reports, on another number of cases or in other variants.

    Attributes:
        id: of the rule.
        old: how many cases the old report judged.
        new: how many cases the new report judged.
        lost: variants in which only the old report judged it.
        gained: variants in which only the new report judged it.
    """

    id: str
    old: int
    new: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much both reports judged.

    Attributes:
        old: the old report.
        new: the new report.
        common: how many rules hold in both.
        same: how many of them were judged on the same cases.
        changes: those that were judged on another number of cases, or in other variants.
    """

    old: Extent
    new: Extent
    common: int
    same: int
    changes: tuple[CaseChange, ...]


def coverage(old: Report, new: Report) -> Coverage:
    """Compare how much two reports judged; a rule that fails stops early, so it is left out."""
    pairs = tuple(_common(old, new))
    return Coverage(
        old=Extent.of(old),
        new=Extent.of(new),
        common=len(pairs),
        same=sum(_same(*pair) for pair in pairs),
        changes=tuple(change for pair in pairs if (change := _change(*pair))),
    )


def _common(old: Report, new: Report) -> Iterator[tuple[RuleResult, RuleResult]]:
    before = {result.id: result for result in old.results if result.status in _HOLDS}
    for result in new.results:
        if result.status in _HOLDS and result.id in before:
            yield before[result.id], result


def _same(old: RuleResult, new: RuleResult) -> bool:
    return (old.digest, old.cases) == (new.digest, new.cases)


def _change(old: RuleResult, new: RuleResult) -> CaseChange | None:
    lost, gained = _missing(old, new), _missing(new, old)
    if old.cases == new.cases and not (lost or gained):
        return None
    return CaseChange(id=new.id, old=old.cases, new=new.cases, lost=lost, gained=gained)


def _missing(one: RuleResult, other: RuleResult) -> tuple[str, ...]:
    return tuple(variant for variant in one.variants if variant not in other.variants)
