"""A difference as JSON.

``conformance/schemas/diff-1.json`` is made of the declaration here.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from foricheck.diff.diff import Diff
from foricheck.diff.rules import ChangeKind, RuleChange
from foricheck.diff.settings import Category
from foricheck.judging.events import RuleResult, Verdict
from foricheck.report.document import LevelName, RuleId
from foricheck.report.json import finite

__all__ = ["DiffDocument", "render"]

_Status = Annotated[
    Literal["passed", "failed", "skipped", "xfailed", "xpassed", "not judged"] | None,
    Meta(description="null if the rule is not in the report."),
]


class Verdicts(Struct, frozen=True, kw_only=True):
    """The verdicts of both reports."""

    old: Verdict
    new: Verdict


class Difference(Struct, frozen=True, kw_only=True, rename={"variant": "way"}):
    """How a rule failed."""

    variant: Annotated[str, Meta(description="The way of calling the target.")]
    case: Annotated[str, Meta(description="The minimal case.")]
    path: Annotated[str, Meta(description="Where expected and got first differ.")]
    expected: Annotated[str, Meta(description="The oracle's value.")]
    got: Annotated[str, Meta(description="The target's value.")]
    why: Annotated[str, Meta(description="The kind of difference, such as dtype.")]
    diagnosis: Annotated[str, Meta(description="The cause in words; empty where it is not known.")]


class Judgement(Struct, frozen=True, kw_only=True):
    """The judgement on a rule in one report."""

    status: _Status
    reason: Annotated[str, Meta(description="Why it has this status, or empty.")]
    difference: Annotated[Difference | None, Meta(description="How it failed, if it did.")]


class ChangedRule(Struct, frozen=True, kw_only=True, rename={"level": "class"}):
    """A rule whose judgement changed."""

    id: RuleId
    level: Annotated[LevelName | None, Meta(description="null if no report judged it.")]
    sentence: Annotated[str, Meta(description="What the rule says.")]
    change: Annotated[
        ChangeKind,
        Meta(
            description="different: it fails in both reports, in another way; other: another "
            "change of status; new, gone: it is in one report only."
        ),
    ]
    old: Judgement
    new: Judgement


class ChangedSetting(Struct, frozen=True, kw_only=True):
    """A version, a flag or an option that changed."""

    category: Category
    name: str
    old: Annotated[str | None, Meta(description="null if it had no value.")]
    new: Annotated[str | None, Meta(description="null if it has no value.")]


class JudgedExtent(Struct, frozen=True, kw_only=True):
    """How much one report judged."""

    rules: Annotated[int, Meta(description="How many rules were judged.")]
    planned: Annotated[int, Meta(description="How many rules were to be judged.")]
    cases: Annotated[int, Meta(description="On how many cases.")]
    left_out: Annotated[int, Meta(description="How many cases were left out.")]
    ratio: Annotated[
        float | Literal["Infinity", "NaN"] | None,
        Meta(description="The largest error over its bound; null if no rule has a bound."),
    ]


class ChangedCases(Struct, frozen=True, kw_only=True):
    """A rule that holds in both reports, judged on other amounts."""

    id: RuleId
    old: Annotated[int, Meta(description="How many cases the old report judged.")]
    new: Annotated[int, Meta(description="How many cases the new report judged.")]
    lost: Annotated[tuple[str, ...], Meta(description="Ways that only the old report judged.")]
    gained: Annotated[tuple[str, ...], Meta(description="Ways that only the new report judged.")]


class ComparedCoverage(Struct, frozen=True, kw_only=True):
    """How much both reports judged."""

    old: JudgedExtent
    new: JudgedExtent
    common: Annotated[int, Meta(description="How many rules hold in both reports.")]
    same: Annotated[int, Meta(description="How many of them were judged on the same cases.")]
    changes: Annotated[
        tuple[ChangedCases, ...],
        Meta(description="Those judged on another number of cases or in other ways."),
    ]


class DiffDocument(Struct, frozen=True, kw_only=True):
    """The difference between two reports, as written by foricheck diff --format json."""

    schema: Annotated[Literal[1], Meta(description="The version of this schema.")]
    target: Annotated[str, Meta(description="The target of the new report.")]
    worse: Annotated[
        bool,
        Meta(
            description="Whether a rule got worse, a new rule fails, or there is no longer a "
            "verdict: the exit status is then 1."
        ),
    ]
    verdict: Verdicts
    rules: tuple[ChangedRule, ...]
    settings: tuple[ChangedSetting, ...]
    coverage: ComparedCoverage


def render(diff: Diff) -> str:
    """The difference as one JSON document in ASCII, ending in a newline."""
    document = DiffDocument(
        schema=1,
        target=diff.new.header.target,
        worse=diff.is_worse,
        verdict=Verdicts(old=diff.old.verdict, new=diff.new.verdict),
        rules=tuple(map(_rule, diff.rules)),
        settings=msgspec.convert(diff.settings, tuple[ChangedSetting, ...], from_attributes=True),
        coverage=msgspec.convert(diff.coverage, ComparedCoverage, from_attributes=True),
    )
    return json.dumps(finite(msgspec.to_builtins(document)), indent=2, allow_nan=False) + "\n"


def _rule(change: RuleChange) -> ChangedRule:
    old, new = change.statuses
    members = {
        "id": change.id,
        "class": change.level or None,
        "sentence": change.sentence,
        "change": change.kind,
        "old": _judgement(old, change.old),
        "new": _judgement(new, change.new),
    }
    return msgspec.convert(members, ChangedRule)


def _judgement(status: str | None, result: RuleResult | None) -> Judgement:
    failure = result.failure if result else None
    difference = failure and msgspec.convert(failure, Difference, from_attributes=True)
    judgement = {
        "status": status,
        "reason": result.reason if result else "",
        "difference": difference,
    }
    return msgspec.convert(judgement, Judgement)
