"""One vector: a case, its purpose, and the oracle's answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from foricheck.cases.loop import LoopBatch, PermutedBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.targets.wire import expected
from foricheck.targets.wire.cases import of_case
from foricheck.vectors import answers

__all__ = ["Topic", "Vector", "numbered"]


@dataclass(frozen=True, kw_only=True)
class Vector:
    """A known answer.

    Attributes:
        id: the topic and a number, or ``""`` if not yet assigned.
        flags: the names of the bugs it catches.
        comment: what is special about it, in a few words.
        case: one case.
        nested: whether each iteration runs its program in an inner loop from 0 to its index.
    """

    id: str = ""
    flags: tuple[str, ...]
    comment: str
    case: LoopBatch | PermutedBatch | RecurrenceBatch
    nested: bool = False

    def to_json(self) -> dict[str, Any]:
        """The vector's JSON form, with the oracle's answer."""
        return {
            "id": self.id,
            "flags": list(self.flags),
            "comment": self.comment,
            "case": of_case(self.case, nested=self.nested),
            "expected": self.expected,
        }

    @cached_property
    def expected(self) -> dict[str, Any]:
        """The JSON form of the oracle's answer."""
        match self.case:
            case LoopBatch() as loop:
                return expected.of_loop(loop, nested=self.nested)
            case PermutedBatch() as permuted:
                return expected.of_permuted(permuted)
            case RecurrenceBatch() as recurrence:
                return answers.of_recurrence(recurrence)


Topic = Callable[[], Iterable[Vector]]
"""The vectors of one topic, without ids."""


def numbered(topics: dict[str, Topic]) -> Iterator[Vector]:
    """The vectors of the topics, with ids; add new vectors at the end of their topic."""
    for name, topic in topics.items():
        for number, vector in enumerate(topic(), 1):
            yield replace(vector, id=f"{name}-{number:02}")
