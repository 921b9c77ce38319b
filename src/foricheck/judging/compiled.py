"""Cases that are programs, each to be compiled; a few go through a call."""

from __future__ import annotations

import itertools

import numpy as np

from foricheck.comparison.violations import Violation
from foricheck.judging.checker import ISOLATED_EXAMPLES, Checker
from foricheck.judging.shrinking import simplified
from foricheck.rules.draws import Compiled
from foricheck.strategies.choices import spread

__all__ = ["judge_compiled"]


def judge_compiled(checker: Checker, draw: Compiled) -> None:
    """Judge a rule on drawn programs, several per call.

    Without known deviations to match, the first violation ends the search.

    Raises:
        Violation: the smallest that was found; a known deviation only if there is no other.
    """
    _Search(checker, draw).run()


class _Search:
    """A search for violations that are not known deviations."""

    def __init__(self, checker: Checker, draw: Compiled) -> None:
        self._checker = checker
        self._draw = draw
        self._known: dict[str, Violation] = {}

    def run(self) -> None:
        task = self._checker.task
        shared = self._draw.settings(task.subject)
        settings = itertools.cycle(shared)
        calls = ISOLATED_EXAMPLES if task.isolate_cases else max(task.budget.single, len(shared))
        for master in np.random.default_rng(task.draw_seed).integers(0, 2**63, calls).tolist():
            if self._checker.is_out_of_time:
                break
            self._judge_call(next(settings), master)
        if self._known:
            self._checker.known_deviation = "; ".join(self._known)
            raise next(iter(self._known.values()))

    def _judge_call(self, setting: object, master: int) -> None:
        lanes = 1 if self._checker.task.isolate_cases else self._draw.together
        cases = self._draw.decode(setting, spread(master, lanes, self._draw.width))
        self._checker.count(cases)
        if violation := self._checker.check(cases):
            for lane in violation.lanes:
                if not (alone := self._checker.retry(cases.lane(lane))):  # fails only in company
                    raise Violation(cases, violation.difference)
                self._judge_violation(alone)

    def _judge_violation(self, violation: Violation) -> None:
        """Raise the violation of one program, shrunk, unless it is a known deviation."""
        task = self._checker.task
        if task.match_known_deviation is None:
            raise self._simplified(violation) if task.shrinks else violation
        if why := task.match_known_deviation(violation):  # known already, so not shrunk
            self._known.setdefault(why, violation)
            return
        smallest = self._simplified(violation)
        if not (why := task.match_known_deviation(smallest)):
            raise smallest
        self._known.setdefault(why, smallest)

    def _simplified(self, violation: Violation) -> Violation:
        return simplified(violation, self._checker.simpler, self._draw.simpler)
