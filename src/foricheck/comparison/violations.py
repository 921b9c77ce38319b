"""A broken rule: the case, the expected value, and the value that the target gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unittest import SkipTest

from foricheck.cases.batch import Array, Batch

__all__ = ["Difference", "Unanswered", "Undecided", "Unsupported", "Violation", "no_answer"]


@dataclass(frozen=True)
class Difference:
    """The first place where two values differ.

    Attributes:
        path: where, such as ``carry['a'][2]``; empty for the value itself.
        expected: what the oracle says, as text.
        got: what the target gave, as text.
        why: the kind of difference, such as ``dtype``.
        ratio: error divided by the error bound where there is a bound, otherwise None.
    """

    path: str
    expected: str
    got: str
    why: str
    ratio: float | None = None


class Violation(AssertionError):
    """One case breaks a rule.

    Attributes:
        case: the case, a batch of one lane.
        difference: expected against got.
        lanes: the positions of all the cases of the batch that break the rule.
        max_ratio: the largest test ratio in the batch, or None where the rule has no bound.
        batch: the cases of the call that showed it; the case itself where it was alone.
        values: what was expected and what the target gave, where they were compared as wholes.
    """

    def __init__(
        self,
        case: Batch,
        difference: Difference,
        *,
        lanes: Sequence[int] | Array = (0,),
        max_ratio: float | None = None,
        values: tuple[Any, Any] | None = None,
    ) -> None:
        super().__init__(
            f"{difference.why} at {difference.path or 'the result'}: "
            f"expected {difference.expected}, got {difference.got}"
        )
        self.case = case
        self.difference = difference
        self.lanes = [int(lane) for lane in lanes]
        self.max_ratio = max_ratio
        self.batch = case
        self.values = values


class Undecided(SkipTest):
    """Judging showed that a rule does not apply to a target; the message says why.

    A `unittest.SkipTest`: Hypothesis lets it pass at once, and pytest reports a skip.
    """


class Unsupported(Undecided):
    """The target cannot be given a case, which is left out; the message says why.

    If every case of a rule is left out, the rule is undecided.

    Attributes:
        lanes: the positions of the cases in their batch, where they are known.
    """

    def __init__(self, why: str, *, lanes: Sequence[int] = ()) -> None:
        super().__init__(why)
        self.lanes = tuple(lanes)


class Unanswered(Undecided):
    """The target gave no answer in time: whether it is slow or hangs is not known."""

    def __init__(self, seconds: float) -> None:
        super().__init__(no_answer(seconds))


def no_answer(seconds: float) -> str:
    """Why a rule is not judged whose target gives no answer to one case in this many seconds."""
    return f"no answer to one case within {seconds:g} seconds; raise --timeout to judge it"
