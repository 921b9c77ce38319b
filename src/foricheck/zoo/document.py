"""The declaration of the kill matrix in JSON: its schema, its writer and its reader follow."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from foricheck.report.document import EnvironmentEntry, Kind, ProfileName
from foricheck.zoo.trials import Expected

__all__ = ["SCHEMA_VERSION", "CellEntry", "Implementation", "KillsEntry", "ZooDocument"]

SCHEMA_VERSION = 1
"""Of the schema."""

_RuleName = Annotated[str, Meta(description="The rule's id.")]
_Amount = Annotated[int, Meta(ge=0)]


class KillsEntry(Struct, frozen=True, kw_only=True):
    """One rule."""

    rule: _RuleName
    members: Annotated[
        _Amount, Meta(description="How many implementations it must catch, or did catch.")
    ]
    caught: Annotated[_Amount, Meta(description="The runs in which it caught one of them.")]
    runs: Annotated[_Amount, Meta(description="All runs on them.")]
    first: Annotated[_Amount, Meta(description="How many it was the first to catch.")]
    weakest: Annotated[
        tuple[str, ...],
        Meta(description="Those not caught in every run, each with the share of runs."),
    ]


class CellEntry(Struct, frozen=True, kw_only=True):
    """One implementation judged by one rule."""

    rule: _RuleName
    runs: Annotated[
        int,
        Meta(
            ge=1,
            description="How often it was judged: once a seed, or once if its cases are the same "
            "for every seed.",
        ),
    ]
    caught: Annotated[_Amount, Meta(description="In how many of these runs the rule failed.")]
    passed: Annotated[
        _Amount, Meta(description="In how many it passed; it was skipped in the others.")
    ]
    cases: Annotated[
        _Amount, Meta(description="Cases judged until it failed, or in all; of the first run.")
    ]
    seconds: Annotated[
        float, Meta(ge=0, description="Seconds from the start of the run until then.")
    ]
    case: Annotated[str, Meta(description="The first case that failed, or empty.")]


class Implementation(Struct, frozen=True, kw_only=True):
    """One implementation on trial."""

    name: Annotated[str, Meta(description="The name of the implementation.")]
    target: Annotated[
        str | None,
        Meta(
            description="module:attribute, as foricheck run takes it; null is the bundled "
            "reference."
        ),
    ]
    kind: Annotated[Kind, Meta(description="What it claims to be.")]
    group: Annotated[
        str, Meta(description="The kind of its mistake, right, or the original of a mutant.")
    ]
    story: Annotated[str, Meta(description="What is wrong with it, and how such a bug arises.")]
    expected: Annotated[Expected, Meta(description="The expected outcome.")]
    declared: Annotated[
        tuple[str, ...],
        Meta(description="The rules that must catch it; if the list is empty, any may."),
    ]
    profile: Annotated[ProfileName, Meta(description="How many cases a rule was judged on.")]
    first_rule: Annotated[str | None, Meta(description="The first rule that caught it, or null.")]
    seconds: Annotated[float, Meta(ge=0, description="How long its trial took.")]
    lost: Annotated[str, Meta(description="How its process was lost, or empty.")]
    finished: Annotated[
        bool,
        Meta(description="Whether all its runs ended; false where an interrupt ended the trial."),
    ]
    trouble: Annotated[
        str, Meta(description="How the outcome differs from the expected one, or empty.")
    ]
    cells: Annotated[
        tuple[CellEntry, ...], Meta(description="One a rule, in the order of judging.")
    ]


class ZooDocument(Struct, frozen=True, kw_only=True):
    """Which rule catches which wrong implementation, as written by foricheck zoo --json."""

    schema: Annotated[Literal[1], Meta(description="The version of this schema.")]
    environment: EnvironmentEntry
    seeds: Annotated[
        tuple[int, ...],
        Meta(
            min_length=1,
            description="The seeds of the draws, one run each.",
            extra_json_schema={"uniqueItems": True},
        ),
    ]
    seconds: Annotated[float, Meta(ge=0, description="How long it took, by the clock.")]
    finished: Annotated[bool, Meta(description="Whether all trials ended.")]
    reason: Annotated[str, Meta(description="Why not, or empty.")]
    troubles: Annotated[
        tuple[str, ...], Meta(description="The outcomes that are not as expected, a line each.")
    ]
    median_seconds: Annotated[
        float | None,
        Meta(
            description="The median of the seconds until a wrong implementation was caught; null "
            "if none was."
        ),
    ]
    rules: Annotated[
        tuple[KillsEntry, ...],
        Meta(description="What each rule caught among the implementations that it must catch."),
    ]
    implementations: Annotated[
        tuple[Implementation, ...], Meta(description="The outcome of each trial.")
    ]
