"""The numbers that bodies are written with."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["HALF", "TABLE", "Q", "matrix", "turning"]

Q = 0.25
"""What an index is multiplied with before it is added to a float."""

HALF = (1.5, -0.25, 3.0)
"""The closed-over bfloat16 of the instruction ``half``."""

TABLE = (1, 2, 3, 4, 5, 6, 7)
"""The closed-over table of the instruction ``table``."""


def turning(n: int) -> Any:
    """A matrix that permutes the last axis, with signs: int64 of shape ``(n, n)``."""
    made = np.zeros((n, n), np.int64)
    made[np.arange(n), (np.arange(n) + 1) % max(n, 1)] = 1 - 2 * (np.arange(n) % 2)
    return made


def matrix(n: int) -> Any:
    """A matrix of small integers: int64 of shape ``(n, n)``."""
    return (np.arange(n * n).reshape(n, n) * 7 % 5) - 2
