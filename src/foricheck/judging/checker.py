"""The checker: checks the cases of one task, and adds up what it observes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from foricheck.cases.batch import Batch
from foricheck.comparison.violations import Difference, Undecided, Violation
from foricheck.evidence.from_violation import failure_from_violation
from foricheck.judging.checking import Observation, check
from foricheck.judging.events import CaseStarted, Progress
from foricheck.judging.task import Task

__all__ = ["ISOLATED_EXAMPLES", "Checker", "Judgement"]

ISOLATED_EXAMPLES = 64
"""How many cases are drawn where each is announced before it is judged."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The judgement on one rule and one subject.

    Attributes:
        cases: how many cases were judged, not counting shrinking.
        digest: a fingerprint of all of them.
        violation: the smallest violation found, or None.
        known_deviation: the known deviation that the violation is, as text, or ``""``.
        max_ratio: the largest test ratio, or None where the rule has no bound.
        left_out: how many cases the target could not be given, and why the first, or that no more
            were judged because calls are slow; or ``""``.
        cases_left_out: how many.
    """

    cases: int = 0
    digest: bytes = b""
    violation: Violation | None = None
    known_deviation: str = ""
    max_ratio: float | None = None
    left_out: str = ""
    cases_left_out: int = 0


class Checker:
    """Checks the cases of one task, and adds up what it observes.

    Attributes:
        task: the rule, the subject, and how they are judged.
        cases: how many cases were judged so far.
        known_deviation: the known deviation that explains the violation, as text, or ``""``.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.cases = 0
        self.known_deviation = ""
        self._digest = b""
        self._observed = Observation()
        self._started = self._last_count = time.monotonic()
        self._was_cut_short = False

    @property
    def is_out_of_time(self) -> bool:
        """Whether no further case is judged, since calls of the target are slow."""
        late = self.cases > 0 and self._seconds_since(self._started) > self.task.seconds
        self._was_cut_short = self._was_cut_short or late
        return late

    @property
    def is_done_shrinking(self) -> bool:
        """Whether a violation is not made smaller any more, for the same reason."""
        return self._seconds_since(self._last_count) > self.task.seconds

    def count(self, cases: Batch) -> None:
        """Count cases that are about to be judged."""
        self.announce(cases)
        self.cases += len(cases)
        self._last_count = time.monotonic()
        self._digest = hashlib.sha256(self._digest + cases.digest()).digest()
        self._report_progress()

    def announce(self, case: Batch) -> None:
        """Emit the case, where cases are isolated: if the target is now lost, this is the case."""
        task = self.task
        if task.isolate_cases:
            lost = Violation(case, Difference("", "a value", "", "lost"))
            task.emit(CaseStarted(failure_from_violation(task.rule, task.subject, lost)))

    def check(self, cases: Batch) -> Violation | None:
        """Check cases that were counted.

        Raises:
            Undecided: the rule does not apply to the target.
        """
        seen = check(self.task.rule, self.task.subject, cases)
        self._observed = self._observed.and_then(seen)
        return seen.violation

    def retry(self, case: Batch) -> Violation | None:
        """Check a case derived from one that broke the rule; no violation where it is undecided.

        The violation that was found before stands.
        """
        self._report_progress()
        self.announce(case)
        try:
            return self.check(case)
        except Undecided:
            return None

    def simpler(self, case: Batch) -> Violation | None:
        """As `retry`, to make a violation smaller; none is if calls are slow and it took long."""
        return None if self.is_done_shrinking else self.retry(case)

    def judgement(self, violation: Violation | None) -> Judgement:
        """The judgement, with the violation that is reported.

        Raises:
            Undecided: the target could be given none of the cases.
        """
        left_out = () if violation else self._observed.left_out
        if left_out and len(left_out) >= self.cases:
            raise Undecided(left_out[0])
        return Judgement(
            cases=self.cases - len(left_out),
            digest=self._digest,
            violation=violation,
            known_deviation=self.known_deviation,
            max_ratio=self._observed.max_ratio,
            cases_left_out=len(left_out),
            left_out="; ".join(self._incomplete(left_out)),
        )

    def _incomplete(self, left_out: Sequence[str]) -> Iterator[str]:
        """Why fewer cases were judged than the rule has, a clause each."""
        if left_out:
            yield f"{len(left_out)} of {self.cases} cases are left out: {left_out[0]}"
        if self._was_cut_short:
            yield f"the calls are slow: no further case was judged after {self.task.seconds:g} s"

    def _seconds_since(self, moment: float) -> float:
        return time.monotonic() - moment

    def _report_progress(self) -> None:
        task = self.task
        judged = task.cases_before + self.cases
        task.emit(Progress(task.rule.id, str(task.subject.variant), judged))
