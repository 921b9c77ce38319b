"""The difference between two reports."""

from __future__ import annotations

from dataclasses import dataclass

from foricheck.diff.coverage import Coverage, coverage
from foricheck.diff.rules import KINDS, ChangeKind, RuleChange, rule_changes
from foricheck.diff.settings import Setting, setting_changes
from foricheck.report.report import Report
from foricheck.report.wording import counted

__all__ = ["Diff", "compare", "headline"]


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The difference between two reports.

    Attributes:
        old: the old report.
        new: the new report.
        rules: the rules whose judgement changed.
        settings: versions, platform, flags and options that changed.
        coverage: how much was judged.
    """

    old: Report
    new: Report
    rules: tuple[RuleChange, ...]
    settings: tuple[Setting, ...]
    coverage: Coverage

    @property
    def is_worse(self) -> bool:
        """Whether a rule got worse, a new rule fails, or there is no longer a verdict."""
        return self.lost_verdict or any(change.is_regression for change in self.rules)

    @property
    def lost_verdict(self) -> bool:
        """Whether only the old report has a verdict."""
        return self.new.verdict == "error" != self.old.verdict

    def of(self, kind: ChangeKind) -> tuple[RuleChange, ...]:
        """The rules that changed so."""
        return tuple(change for change in self.rules if change.kind == kind)


def compare(old: Report, new: Report) -> Diff:
    """The difference between two reports."""
    return Diff(
        old=old,
        new=new,
        rules=rule_changes(old, new),
        settings=setting_changes(old.header, new.header),
        coverage=coverage(old, new),
    )


def headline(diff: Diff) -> str:
    """``2 rules got worse, 1 rule got better``."""
    parts = [_counted(kind, len(diff.of(kind))) for kind in KINDS if diff.of(kind)]
    if diff.lost_verdict:
        parts.insert(0, "there is no verdict")
    return ", ".join(parts) or "no rule changed"


def _counted(kind: ChangeKind, number: int) -> str:
    words = KINDS[kind] if number == 1 else _plural(KINDS[kind])
    return f"{counted(number, 'rule')} {words}"


def _plural(words: str) -> str:
    verb, _, rest = words.partition(" ")
    return f"{ {'is': 'are', 'fails': 'fail'}.get(verb, verb) } {rest}"
