"""Cases that are programs, each to be compiled; a few go through a call."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.comparison.violations import Violation
from foricheck.judging.judgement import (
    ISOLATED_EXAMPLES,
    Judgement,
    MatchKnownDeviation,
    attempt,
    recheck,
)
from foricheck.judging.shrinking import simplified
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Compiled
from foricheck.rules.rule import Rule
from foricheck.strategies.choices import spread
from foricheck.targets.subject import Subject

__all__ = ["compiled"]


def compiled(
    rule: Rule,
    subject: Subject,
    draw: Compiled,
    budget: Budget,
    judgement: Judgement,
    match_known_deviation: MatchKnownDeviation | None,
) -> Callable[[int], None]:
    """From a seed to the judging of one rule on drawn programs, so many calls of them.

    Without excuses every violation is news, and the first one ends the search.
    """
    shared = draw.settings(subject)
    turns = itertools.cycle(shared)
    known: dict[str, Violation] = {}

    def again(case: Batch) -> Violation | None:
        judgement.heard(judgement.cases)
        if judgement.on_case:
            judgement.on_case(case)
        return attempt(rule, subject, case)

    def one_program(violation: Violation) -> None:
        if match_known_deviation is None:
            raise simplified(violation, again, draw.simpler) if judgement.shrinks else violation
        if why := match_known_deviation(violation):  # it need not be made smaller to be known
            known.setdefault(why, violation)
            return
        smallest = simplified(violation, again, draw.simpler)
        if not (why := match_known_deviation(smallest)):
            raise smallest
        known.setdefault(why, smallest)

    def one_call(master: int) -> None:
        lanes = 1 if judgement.on_case else draw.together
        cases = draw.decode(next(turns), spread(master, lanes, draw.width))
        judgement.count(cases)
        if violation := recheck(rule, subject, cases):
            for lane in violation.lanes:
                if not (alone := again(cases.lane(lane))):  # it fails only with the others
                    raise Violation(cases, violation.difference)
                one_program(alone)

    def run(seed: int) -> None:
        groups = ISOLATED_EXAMPLES if judgement.on_case else max(budget.single, len(shared))
        for master in np.random.default_rng(seed).integers(0, 2**63, groups).tolist():
            one_call(master)
        if known:
            judgement.known_deviation = "; ".join(known)
            raise next(iter(known.values()))

    return run
