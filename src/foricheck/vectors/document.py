"""The declaration of the files of vectors, of which ``vectors-1.json`` is made.

`foricheck.vectors.suite` writes the files: one flag or vector a line.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from foricheck.cases.arrays import Encoded
from foricheck.targets.wire.declared import Loop, Recurrence

__all__ = ["Loops", "Recurrences"]

Flag = Annotated[str, Meta(pattern="^[A-Z][A-Za-z]*$")]
Flags = Annotated[
    dict[Flag, Annotated[str, Meta(min_length=1)]],
    Meta(description="For each flag, the bug that it catches."),
]
Version = Annotated[Literal[1], Meta(description="The version of this schema.")]
Single = Annotated[tuple[Encoded, ...], Meta(min_length=1, max_length=1, description="One leaf.")]


class Exact(Struct, frozen=True):
    """The leaves at the end, bit for bit; any NaN is equal to a NaN."""

    value: tuple[Encoded, ...]


class Approximate(Struct, frozen=True):
    """The state at the end, float32, and how far from it each component may be, float64.

    Where the error is 0 the value is exact, bit for bit.
    """

    value: Single
    error: Single


class _Vector(Struct, frozen=True, kw_only=True):
    id: Annotated[
        str,
        Meta(
            pattern="^[a-z]+-[0-9]+$",
            description="Its topic, and its number there. An id is never given to another case.",
        ),
    ]
    flags: Annotated[tuple[Flag, ...], Meta(min_length=1, extra_json_schema={"uniqueItems": True})]
    comment: Annotated[str, Meta(min_length=1, description="What is particular about the case.")]


class LoopVector(_Vector, frozen=True, kw_only=True):
    """A known answer to a loop."""

    case: Loop
    expected: Exact


class RecurrenceVector(_Vector, frozen=True, kw_only=True):
    """A known answer to a recurrence."""

    case: Recurrence
    expected: Approximate


class Loops(Struct, frozen=True, tag_field="kind", tag="loop"):
    """Known answers to loops."""

    schema: Version
    flags: Flags
    vectors: Annotated[tuple[LoopVector, ...], Meta(min_length=1)]


class Recurrences(Struct, frozen=True, tag_field="kind", tag="recurrence"):
    """Known answers to recurrences."""

    schema: Version
    flags: Flags
    vectors: Annotated[tuple[RecurrenceVector, ...], Meta(min_length=1)]
