"""A file of vectors: its content and its text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from foricheck.vectors import bodies, flags, permutations, ranges, recurrences
from foricheck.vectors.vector import Topic, Vector, numbered

__all__ = ["SUITES", "Suite", "count"]

_SCHEMA = 1


@dataclass(frozen=True)
class Suite:
    """The vectors of one kind.

    Attributes:
        kind: ``loop`` or ``recurrence``.
        flags: the bug that each flag catches.
        topics: the functions that make the vectors.
    """

    kind: str
    flags: dict[str, str]
    topics: dict[str, Topic]

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.kind}-{_SCHEMA}.json"

    @cached_property
    def vectors(self) -> tuple[Vector, ...]:
        """All vectors, in order."""
        return tuple(numbered(self.topics))

    @cached_property
    def text(self) -> str:
        """The file: JSON in ASCII, with one flag or vector per line."""
        named = _lines(f"{json.dumps(name)}: {json.dumps(bug)}" for name, bug in self.flags.items())
        vectors = _lines(json.dumps(vector.to_json()) for vector in self.vectors)
        return (
            f'{{\n"schema": {_SCHEMA},\n"kind": "{self.kind}",\n'
            f'"flags": {{\n{named}\n}},\n"vectors": [\n{vectors}\n]\n}}\n'
        )


def count(vectors: Iterable[Vector]) -> Counter[str]:
    """The number of vectors with each flag."""
    return Counter(flag for vector in vectors for flag in vector.flags)


def _lines(entries: Iterable[str]) -> str:
    return ",\n".join(entries)


SUITES = (
    Suite("loop", flags.LOOP, ranges.TOPICS | bodies.TOPICS | permutations.TOPICS),
    Suite("recurrence", flags.RECURRENCE, recurrences.TOPICS),
)
