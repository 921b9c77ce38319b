"""How the judgement on one rule differs between two reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from foricheck.evidence.failure import Failure
from foricheck.judging.events import RuleResult
from foricheck.report.report import Report

__all__ = ["KINDS", "NOT_JUDGED", "ChangeKind", "RuleChange", "rule_changes"]

ChangeKind = Literal["worse", "better", "different", "other", "new", "gone"]

KINDS: dict[ChangeKind, str] = {
    "worse": "got worse",
    "better": "got better",
    "different": "fails in another way",
    "other": "changed status",
    "new": "is new",
    "gone": "is gone",
}
"""What each kind of change says of a rule, in the order in which they are shown."""

NOT_JUDGED = "not judged"
"""The status of a rule that the run ended without judging."""

_HOLDS = {"passed": True, "xpassed": True, "failed": False, "xfailed": False}
"""Whether a rule holds, by status; a rule with another status was not judged."""


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """A rule whose judgement changed.

    Attributes:
        kind: worse: it held and no longer does or is no longer judged, or it fails and the failure
            is not expected as it was; better: it holds and did not, or was not judged; different:
            it fails in both reports, with another difference; other: another change of status,
            such as from failed to skipped; new and gone: in one report only.
        id: of the rule.
        level: ``core``, ``parity`` or ``quirk``.
        sentence: what the rule says.
        old: the judgement in the old report; None if there is none.
        new: the judgement in the new report; None if there is none.
        statuses: the old and the new status; None where the rule is not in the report.
    """

    kind: ChangeKind
    id: str
    level: str
    sentence: str
    old: RuleResult | None
    new: RuleResult | None
    statuses: tuple[str | None, str | None]

    @property
    def is_regression(self) -> bool:
        """Whether it got worse, or is new and fails."""
        return self.kind == "worse" or (self.kind == "new" and self.statuses[1] == "failed")

    @property
    def is_brief(self) -> bool:
        """Whether its status says it all: it is gone, or it is new and does not fail."""
        return self.kind in ("new", "gone") and not self.is_regression


def rule_changes(old: Report, new: Report) -> tuple[RuleChange, ...]:
    """The rules whose judgement changed, in the order of the new report, then of the old."""
    return tuple(_changes(old, new))


def _changes(old: Report, new: Report) -> Iterator[RuleChange]:
    before, after = _by_id(old), _by_id(new)
    for id in dict.fromkeys((*new.header.rules, *old.header.rules)):
        results = before.get(id), after.get(id)
        judged = results[1] or results[0]
        statuses = _status(old, id, results[0]), _status(new, id, results[1])
        kind = _kind(statuses, tuple(_difference(result) for result in results))
        if kind is None:
            continue
        yield RuleChange(
            kind=kind,
            id=id,
            level=judged.level if judged else "",
            sentence=judged.sentence if judged else "",
            old=results[0],
            new=results[1],
            statuses=statuses,
        )


def _by_id(report: Report) -> dict[str, RuleResult]:
    return {result.id: result for result in report.results}


def _status(report: Report, id: str, result: RuleResult | None) -> str | None:
    if result is not None:
        return result.status
    return NOT_JUDGED if id in report.header.rules else None


def _kind(
    statuses: tuple[str | None, str | None], differences: tuple[object, ...]
) -> ChangeKind | None:
    match statuses:
        case None, _:
            return "new"
        case _, None:
            return "gone"
    held, holds = (_HOLDS.get(status or "") for status in statuses)
    before, after = statuses
    if (held and not holds) or (after == "failed" and before != "failed"):
        return "worse"
    if holds and not held:
        return "better"
    if not holds and None not in differences and differences[0] != differences[1]:
        return "different"
    return "other" if before != after else None


def _difference(result: RuleResult | None) -> object:
    """What identifies the cause of a failure: a known deviation, a diagnosis, or what differs."""
    failure: Failure | None = result.failure if result else None
    if result is None or failure is None:
        return None
    if result.status == "xfailed":
        return result.reason
    if failure.diagnosis:
        return failure.diagnosis
    return (failure.variant, failure.path, failure.expected, failure.got, failure.why)
