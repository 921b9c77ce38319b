"""What a broken rule leaves behind: the case, what was expected, and what came instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unittest import SkipTest

from foricheck.cases.batch import Array, Batch

__all__ = ["Difference", "Undecided", "Unsupported", "Violation"]


@dataclass(frozen=True)
class Difference:
    """The first place where two values differ.

    Attributes:
        path: where, such as ``carry['a'][2]``; empty for the value itself.
        expected: what the oracle says, as text.
        got: what the target gave, as text.
        why: what kind of difference it is, such as ``dtype``.
        ratio: error divided by the error bound where there is a bound, otherwise None.
    """

    path: str
    expected: str
    got: str
    why: str
    ratio: float | None = None


class Violation(AssertionError):
    """A rule is broken by one case.

    Attributes:
        case: the case, a batch of one lane.
        difference: what was expected and what came.
        lanes: the places of all the cases of the batch that break the rule.
    """

    def __init__(
        self, case: Batch, difference: Difference, *, lanes: Sequence[int] | Array = (0,)
    ) -> None:
        super().__init__(
            f"{difference.why} at {difference.path or 'the result'}: "
            f"expected {difference.expected}, got {difference.got}"
        )
        self.case = case
        self.difference = difference
        self.lanes = [int(lane) for lane in lanes]


class Undecided(SkipTest):
    """A rule says nothing about a target, as is found while judging it; the message says why.

    A `unittest.SkipTest`, which Hypothesis lets pass at once, and which pytest knows.
    """


class Unsupported(Undecided):
    """A case cannot be put to the target, and is left out; the message says why.

    A rule all of whose cases are left out says nothing about the target.
    """
