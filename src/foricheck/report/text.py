"""A failure as plain text, for pytest and for messages of exceptions."""

from __future__ import annotations

from foricheck.evidence.failure import Failure

__all__ = ["format_failure"]


def format_failure(failure: Failure, *, level: str) -> str:
    """The failure of a rule: its sentence, variant, minimal case, expected, got and script."""
    return "\n".join(
        [
            f"{failure.rule} ({level}): {failure.sentence}",
            f"  called    {failure.variant}",
            f"  case      {failure.case}",
            f"  at        {failure.path or 'the result'} ({failure.why})",
            f"  expected  {failure.expected}",
            f"  got       {failure.got}",
            "",
            failure.script,
        ]
    )
