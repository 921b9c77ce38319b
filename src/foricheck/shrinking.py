"""Shrinking one case of a bulk batch.

The lanes of a bulk batch come from one wide number, which Hypothesis cannot shrink to one lane.
So the failing lane's choices are lowered instead, greedily and byte by byte; all candidates of a
round are lanes of one call, which is compiled already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from foricheck.cases import Array
from foricheck.evidence import Violation

__all__ = ["lowered", "shrink"]

Attempt = Callable[[Array], Violation | None]
"""Judge the cases that choices ``(N, width)`` decode to."""

_ROUNDS = 200


def shrink(choices: Array, attempt: Attempt) -> tuple[Array, Violation | None]:
    """The smallest choices found that still break the rule.

    Args:
        choices: uint8 of shape ``(width,)``, of a case that breaks the rule.
        attempt: judges candidates.

    Returns:
        The choices, and the violation that they lead to; None if the case does not break the
        rule when judged alone.
    """
    violation = attempt(choices[None])
    for _ in range(_ROUNDS if violation else 0):
        candidates = np.stack(list(lowered(choices)) or [choices])
        found = attempt(candidates)
        smaller = [] if found is None else [n for n in found.lanes if _lower(candidates[n], choices)]
        if not smaller:
            break
        choices = min((candidates[n] for n in smaller), key=_simplicity)
        violation = attempt(choices[None]) or violation
    return choices, violation


def lowered(choices: Array) -> Iterator[Array]:
    """Every row with some bytes lowered: runs of bytes to 0, and each byte to half or by one."""
    width = len(choices)
    for size in (width, *(1 << power for power in range(width.bit_length() - 1, 0, -1))):
        for start in range(0, width, size):
            yield _with(choices, slice(start, start + size), 0)
    for place in np.flatnonzero(choices):
        for value in {0, int(choices[place]) // 2, int(choices[place]) - 1}:
            yield _with(choices, slice(place, place + 1), value)


def _with(choices: Array, where: slice, value: int) -> Array:
    row = choices.copy()
    row[where] = value
    return row


def _lower(row: Array, than: Array) -> bool:
    return _simplicity(row) < _simplicity(than)


def _simplicity(row: Array) -> tuple[int, int, bytes]:
    return int(np.count_nonzero(row)), int(row.sum()), row.tobytes()
