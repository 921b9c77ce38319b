"""Failures with one cause, which are reported once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foricheck.judging.events import RuleResult

__all__ = ["Cause", "cause", "causes"]


@dataclass(frozen=True)
class Cause:
    """A cause, and the rules that fail for it.

    Attributes:
        words: the diagnosis, or the error that the target raised.
        rules: their ids, in the order in which they were judged.
    """

    words: str
    rules: tuple[str, ...]


def cause(result: RuleResult) -> str:
    """What failures have in common that have one cause; ``""`` where it is not known.

    Of a diagnosis, it is what stands before the first colon; what shows it follows.
    """
    failure = result.failure
    if failure is None or failure.diagnosis:
        return failure.diagnosis.partition(": ")[0] if failure else ""
    if failure.why.startswith(("raised", "another error")):
        return f"raised {failure.got.strip().partition(chr(10))[0]}"
    return ""


def causes(results: Iterable[RuleResult]) -> tuple[Cause, ...]:
    """The causes for which more than one rule failed, the most frequent first."""
    grouped: dict[str, list[str]] = {}
    for result in results:
        if result.status == "failed" and (words := cause(result)):
            grouped.setdefault(words, []).append(result.id)
    found = [Cause(words, tuple(ids)) for words, ids in grouped.items() if len(ids) > 1]
    return tuple(sorted(found, key=lambda each: -len(each.rules)))
