"""The examples at the end of help texts."""

from __future__ import annotations

__all__ = ["examples"]

_KEEP_LINES = "\b"  # click's mark for a paragraph whose lines it keeps


def examples(*lines: str) -> str:
    """An epilog with one example a line."""
    return "\n".join((_KEEP_LINES, "Examples:", *(f"  {line}" for line in lines)))
