"""Judging one rule on one subject: draw cases, check the property, shrink what breaks it."""

from __future__ import annotations

import zlib

from foricheck.comparison.violations import Violation
from foricheck.judging.compiled import compiled
from foricheck.judging.drawing import bulk, drawn
from foricheck.judging.enumerating import enumerated
from foricheck.judging.judgement import Heard, Judgement, MatchKnownDeviation, OnCase, recheck
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Bulk, Compiled, Drawn, Enumerated
from foricheck.rules.rule import Rule
from foricheck.targets.subject import Subject

__all__ = ["Judgement", "judge", "recheck"]


def judge(
    rule: Rule,
    subject: Subject,
    *,
    budget: Budget,
    seed: int,
    heard: Heard = lambda _: None,
    on_case: OnCase | None = None,
    match_known_deviation: MatchKnownDeviation | None = None,
    shrinks: bool = True,
) -> Judgement:
    """Judge a rule on a subject.

    Args:
        rule: what is asked.
        subject: the target, called in one way.
        budget: how many batches.
        seed: of the draws; the same seed gives the same cases, whatever was judged before.
        heard: told of progress.
        on_case: told of every case before it is judged; cases are then judged one by one.
        match_known_deviation: why a violation by a compiled program is a known one; such a
            violation is reported if there is no other.
        shrinks: whether a violation is made smaller before it is told; that of a compiled program
            always is where there are excuses, because it is by its smallest program that a known
            one is recognised.

    Raises:
        Undecided: none of the cases can be put to the target.
    """
    judgement = Judgement(heard=heard, on_case=on_case, shrinks=shrinks)
    own_seed = zlib.crc32(f"{seed}/{rule.id}/{subject.variant}".encode())
    match rule.draw:
        case Drawn(strategy):
            run = drawn(rule, subject, strategy(subject), budget.single, judgement)
        case Compiled() as draw:
            run = compiled(rule, subject, draw, budget, judgement, match_known_deviation)
        case Bulk() as draw:
            run = bulk(rule, subject, draw, budget, judgement)
        case Enumerated() as draw:
            run = enumerated(rule, subject, draw, judgement)
    subject.left_out.clear()
    try:
        run(own_seed)
    except Violation as violation:
        judgement.violation = violation
    else:
        judgement.leave_out(subject.left_out)
    return judgement
