"""How many cases a message may have: few at first, then as many as the harness answers in time."""

from __future__ import annotations

__all__ = ["Pace"]

_GROWTH = 4
"""A message has at most so many times the cases of one that was answered."""

_SHARE = 8
"""A message is meant to take no more than this part of the time that an answer may take."""


class Pace:
    """The size of the next message, from the time that earlier ones took.

    Args:
        most: the largest number of cases.
        timeout: seconds that an answer may take.

    Attributes:
        size: how many cases the next message may have.
    """

    def __init__(self, *, most: int, timeout: float) -> None:
        self._most, self._seconds = most, timeout / _SHARE
        self._singly = 0
        self._grown = 1

    @property
    def size(self) -> int:
        """How many cases the next message may have."""
        return 1 if self._singly else self._grown

    def answered(self, cases: int, seconds: float) -> None:
        """Note that a message was answered, and how long that took."""
        self._singly = max(0, self._singly - cases)
        in_time = int(self._seconds * cases / seconds) if seconds else self._most
        grown = max(self._grown, _GROWTH * cases)
        self._grown = max(1, min(grown, in_time, self._most))

    def missed(self, cases: int) -> None:
        """Note that a message was not answered in time: its cases are sent one by one."""
        self._singly, self._grown = cases, 1
