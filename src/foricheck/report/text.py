"""A failure as plain text, for pytest and for messages of exceptions."""

from __future__ import annotations

from foricheck.evidence.failure import Failure
from foricheck.judging.events import RuleResult

__all__ = ["format_difference", "format_failure", "format_result"]


def format_failure(failure: Failure, *, level: str) -> str:
    """The failure of a rule: its sentence, variant, minimal case, expected, got and script."""
    return "\n".join(
        [
            f"{failure.rule} ({level}): {failure.diagnosis or failure.sentence}",
            *([f"  rule      {failure.sentence}"] if failure.diagnosis else []),
            f"  called    {failure.variant}",
            f"  case      {failure.case}",
            f"  at        {failure.path or 'the result'} ({failure.why})",
            f"  expected  {failure.expected}",
            f"  got       {failure.got}",
            "",
            failure.script,
        ]
    )


def format_difference(failure: Failure) -> str:
    """What a failure found, in one line: where, expected, got, and in which variant."""
    place = f"at {failure.path}" if failure.path else "the result"
    found = f"{place}: expected {failure.expected}, got {failure.got} ({failure.why})"
    return f"{found}, called {failure.variant}"


def format_result(result: RuleResult) -> str:
    """A rule that fails the run: its failure, or that it passed although it was to fail."""
    if result.failure is None:
        return f"{result.id} passed, though it was expected to fail: {result.reason}"
    return format_failure(result.failure, level=result.level)
