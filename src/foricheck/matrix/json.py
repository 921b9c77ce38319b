"""The matrix as JSON; evidence is left out.

``conformance/schemas/matrix-1.json`` is made of the declaration here.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from foricheck.judging.events import Status, Verdict
from foricheck.matrix.table import Column, Matrix, Row
from foricheck.report.document import LevelName, RuleId, RuleStatus, Versions

__all__ = ["MatrixDocument", "render"]

_Chapter = Annotated[str, Meta(pattern="^[A-Z]+$")]
_Counts = dict[RuleStatus, Annotated[int, Meta(ge=1)]]


class TargetEntry(Struct, frozen=True, kw_only=True):
    """One target."""

    name: Annotated[str, Meta(description="The name of the target.")]
    anchor: Annotated[
        str,
        Meta(
            pattern="^[A-Za-z0-9_.-]+$",
            description="The same in addresses: index.html#ANCHOR, index.html#ANCHOR-ITER-01, "
            "badges/ANCHOR.svg.",
        ),
    ]
    kind: Annotated[str, Meta(description="What the target claims to be, as in its report.")]
    profile: Annotated[str, Meta(description="How many cases were judged, as in its report.")]
    seed: Annotated[int, Meta(description="The seed of every draw.")]
    versions: Versions
    verdict: Annotated[
        Verdict,
        Meta(description="As in its report; error: the run did not finish and no rule had failed."),
    ]
    reason: Annotated[str, Meta(description="Why the run did not finish, or empty.")]
    chapters: Annotated[
        dict[_Chapter, _Counts],
        Meta(description="By chapter, how many rules ended in each status that occurs."),
    ]


class MatrixRule(Struct, frozen=True, kw_only=True, rename={"level": "class"}):
    """One rule."""

    id: RuleId
    level: LevelName
    sentence: Annotated[str, Meta(description="What the rule says.")]
    statuses: Annotated[
        tuple[Status | None, ...],
        Meta(
            description="The status for each target, in their order; null where it was not judged."
        ),
    ]


class MatrixDocument(Struct, frozen=True, kw_only=True):
    """The statuses of the rules for several targets, as written by foricheck matrix."""

    schema: Annotated[Literal[1], Meta(description="The version of this schema.")]
    title: Annotated[str, Meta(description="The title of the page.")]
    targets: Annotated[
        tuple[TargetEntry, ...], Meta(description="The targets, in the order of the page.")
    ]
    rules: Annotated[
        tuple[MatrixRule, ...],
        Meta(
            description="The rules that any of the targets was judged by, in the order of the "
            "specification."
        ),
    ]


def render(matrix: Matrix) -> str:
    """The matrix as one JSON document in ASCII, ending in a newline."""
    document = MatrixDocument(
        schema=1,
        title=matrix.title,
        targets=tuple(_target(matrix, n, column) for n, column in enumerate(matrix.columns)),
        rules=tuple(_rule(row) for row in matrix.rows),
    )
    return json.dumps(msgspec.to_builtins(document), indent=1) + "\n"


def _target(matrix: Matrix, at: int, column: Column) -> TargetEntry:
    report = column.report
    counts = {chapter: matrix.counts(at, chapter) for chapter in matrix.chapters}
    return TargetEntry(
        name=column.name,
        anchor=column.anchor,
        kind=report.header.kind,
        profile=report.header.profile,
        seed=report.header.seed,
        versions=report.header.environment.versions,
        verdict=report.verdict,
        reason=report.reason,
        chapters={chapter: found for chapter, found in counts.items() if found},
    )


def _rule(row: Row) -> MatrixRule:
    return msgspec.convert(row, MatrixRule, from_attributes=True)
