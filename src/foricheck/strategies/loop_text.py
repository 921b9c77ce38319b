"""The text of a small loop: its body, bounds, carry and call.

The body builds a base-31 number whose digits are the indices, which reveals each index and their
order.
"""

from __future__ import annotations

__all__ = ["BODY", "CALL", "CARRY", "LOOP", "RANGES", "numbered"]

BODY = "def body(i, c):\n    return c * 31 + i\n"
CARRY = "c = xp.array([1, 2], xp.int32)"
CALL = "fori_loop(lower, upper, body, c)"
LOOP = f"{BODY}\ndef loop(c):\n    return {CALL}\n"

RANGES = ((0, 4), (-2, 1), (5, 2))
"""Bounds from zero, across zero, and without trips."""


def numbered(lower: int, upper: int) -> str:
    """The lines that give the bounds their numbers."""
    return f"lower = {lower}\nupper = {upper}"
