"""A difference in words, for text and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from foricheck.diff.coverage import CaseChange, Extent
from foricheck.diff.diff import Diff
from foricheck.diff.rules import ChangeKind, RuleChange
from foricheck.diff.settings import Category, Setting
from foricheck.judging.events import RuleResult
from foricheck.report.text import format_difference
from foricheck.report.wording import VERDICTS, counted, plain, ratio

__all__ = [
    "CATEGORIES",
    "amounts",
    "brief",
    "case",
    "differences",
    "reason",
    "setting",
    "status",
    "verdict",
]

HEADINGS: dict[ChangeKind, str] = {
    "worse": "worse",
    "better": "better",
    "different": "fails in another way",
    "other": "another status",
    "new": "new",
    "gone": "gone",
}
"""The heading of each kind of change, in the order in which they are shown."""

CATEGORIES: dict[Category, str] = {
    "target": "target",
    "request": "options",
    "versions": "versions",
    "platform": "platform",
    "flags": "flags",
}
"""The heading of each category of settings."""

_SHOWN = 5
"""How many rules are named whose number of cases changed."""


def verdict(diff: Diff) -> str:
    """``CONFORMANT → NONCONFORMANT``, or the one verdict of both."""
    return _arrow(VERDICTS[diff.old.verdict], VERDICTS[diff.new.verdict])


def status(change: RuleChange) -> str:
    """``passed → failed``; the one status of a rule that is in one report only."""
    old, new = change.statuses
    return f"{old} → {new}" if old and new else old or new or ""


def setting(changed: Setting) -> str:
    """``jax 0.8.1 → 0.12.0``."""
    return f"{changed.name} {changed.old or 'none'} → {changed.new or 'none'}"


def reason(change: RuleChange) -> str:
    """Why the rule now has its status, where a status has a reason."""
    return _line(change.new.reason) if change.new else ""


def differences(change: RuleChange) -> Iterator[tuple[str, str]]:
    """Labels and texts of the failures to show: of both reports, or of the new one."""
    if change.kind == "different":
        yield "before", _difference(change.old)
        yield "now", _difference(change.new)
    elif text := _difference(change.new):
        yield "fails", text


def case(change: RuleChange) -> str:
    """The smallest case that now fails; it may have several lines."""
    failure = change.new.failure if change.new else None
    return plain(failure.case) if failure else ""


def brief(changes: Sequence[RuleChange]) -> Iterator[tuple[str, str]]:
    """Statuses and ids of rules that need no more words: those that are gone or new, and hold."""
    for status in dict.fromkeys(map(_only_status, changes)):
        ids = (change.id for change in changes if _only_status(change) == status)
        yield status, ", ".join(ids)


def amounts(diff: Diff) -> Iterator[tuple[str, str]]:
    """Labels and texts on how much was judged."""
    found = diff.coverage
    yield "judged", _arrow(_extent(found.old), _extent(found.new))
    if found.common:
        same = f"{found.same:,} of {found.common:,}"
        yield "cases", f"the same in {same} rules that hold in both"
    yield "fewer", _named([each for each in found.changes if each.new < each.old])
    yield "more", _named([each for each in found.changes if each.new > each.old])
    yield "without", _variants(each.lost for each in found.changes)
    yield "also", _variants(each.gained for each in found.changes)
    if found.old.ratio != found.new.ratio:
        ratios = f"{_ratio(found.old)} → {_ratio(found.new)}"
        yield "ratio", f"{ratios}, the largest error over its bound"
    if any(each.category == "request" for each in diff.settings):
        yield "note", "the options differ, so a rule may have changed because its cases did"


def _only_status(change: RuleChange) -> str:
    old, new = change.statuses
    return new or old or ""


def _difference(result: RuleResult | None) -> str:
    failure = result.failure if result else None
    return _line(f"{failure.diagnosis} {format_difference(failure)}") if failure else ""


def _extent(extent: Extent) -> str:
    rules = f"{extent.rules} of {counted(extent.planned, 'rule')}"
    left_out = f" ({extent.left_out:,} left out)" if extent.left_out else ""
    return f"{rules} on {counted(extent.cases, 'case')}{left_out}"


def _named(changes: Sequence[CaseChange]) -> str:
    shown = [f"{each.id} ({each.old:,} → {each.new:,})" for each in changes[:_SHOWN]]
    rest = len(changes) - _SHOWN
    return ", ".join([*shown, *([f"{rest} more"] if rest > 0 else [])])


def _variants(of_rules: Iterable[tuple[str, ...]]) -> str:
    """``traced-with-pmap (20 rules)``."""
    rules = Counter(variant for variants in of_rules for variant in variants)
    return ", ".join(f"{variant} ({counted(n, 'rule')})" for variant, n in rules.items())


def _ratio(extent: Extent) -> str:
    return "none" if extent.ratio is None else ratio(extent.ratio)


def _arrow(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _line(text: str) -> str:
    return " ".join(plain(text).split())
