"""A failure as plain text, for places that have no terminal of ours, such as pytest."""

from __future__ import annotations

from foricheck.evidence.failure import Failure

__all__ = ["tell"]


def tell(failure: Failure, *, level: str) -> str:
    """What a broken rule says: sentence, way, minimal case, expected and got, and a script."""
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
