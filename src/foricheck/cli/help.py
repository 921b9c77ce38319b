"""How help texts end."""

from __future__ import annotations

__all__ = ["examples"]

_KEEP_LINES = "\b"  # click's mark for a paragraph that is not to be rewrapped


def examples(*lines: str) -> str:
    """An epilog with one example a line."""
    return "\n".join((_KEEP_LINES, "Examples:", *(f"  {line}" for line in lines)))
