"""How much was judged: rules, cases, and what was not judged, grouped by reason."""

from __future__ import annotations

import textwrap

from foricheck.judging.events import RuleResult
from foricheck.report.report import Report
from foricheck.report.summary import Summary
from foricheck.report.wording import counted

__all__ = ["extent", "part", "thin"]

_REASONS = 3
"""How many reasons are shown."""

_WIDTH = 60
"""Characters of a reason that are shown."""


def extent(report: Report) -> str:
    """``5 of 8 rules on 1,234 cases; not judged: 3 (the target lacks vmap)``."""
    summary, planned = Summary.of(report), len(report.header.rules)
    judged = len(report.results) - len(summary.ids("skipped"))
    parts = [f"{judged} of {counted(planned, 'rule')} on {counted(summary.cases, 'case')}"]
    if missing := _missing(summary, planned - len(report.results)):
        parts.append(f"not judged: {missing}")
    return "; ".join(parts)


def part(report: Report) -> str:
    """The part of the specification that was requested, ``""`` if it was the whole."""
    return report.header.pattern


def thin(report: Report) -> tuple[str, ...]:
    """A line each for the rules that saw one case only, and for those that lost most of theirs."""
    passed = [result for result in report.results if result.status == "passed"]
    single = [result.id for result in passed if result.cases == 1]
    lost = [_loss(result) for result in passed if result.left_out > result.cases]
    lines = (("on one case", single), ("most cases left out", lost))
    return tuple(f"{what}: {', '.join(rules)}" for what, rules in lines if rules)


def _loss(result: RuleResult) -> str:
    return f"{result.id} ({result.cases:,} of {result.cases + result.left_out:,} judged)"


def _missing(summary: Summary, unreached: int) -> str:
    """How many rules were not judged for each reason, the most frequent first."""
    grouped = summary.reasons("skipped").items()
    counts = sorted(((len(ids), reason) for reason, ids in grouped), reverse=True)
    if unreached:
        counts.insert(0, (unreached, "the run ended before"))
    shown = [f"{number} ({_short(reason)})" for number, reason in counts[:_REASONS]]
    rest = sum(number for number, _ in counts[_REASONS:])
    return ", ".join([*shown, *([f"{rest} for other reasons"] if rest else [])])


def _short(reason: str) -> str:
    return textwrap.shorten(reason, _WIDTH, placeholder=" …")
