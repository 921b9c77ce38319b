"""Judging one rule on one subject: draw cases, check the property, shrink what breaks it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable

from foricheck.cases import Batch
from foricheck.evidence import Violation
from foricheck.judging.compiled import compiled
from foricheck.judging.drawing import bulk, drawn
from foricheck.judging.judgement import Announce, Excuse, Heard, Judgement, check, recheck
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
    announce: Announce | None = None,
    excuse: Excuse = lambda _: "",
    shrinks: bool = True,
) -> Judgement:
    """Judge a rule on a subject.

    Args:
        rule: what is asked.
        subject: the target, called in one way.
        budget: how many batches.
        seed: of the draws; the same seed gives the same cases, whatever was judged before.
        heard: told of progress.
        announce: told of every case before it is judged; cases are then judged one by one.
        excuse: why a violation by a compiled program is known; it is told if there is no other.
        shrinks: whether a violation is made smaller before it is told; that of a compiled program
            always is, because it is by its smallest program that a known one is recognised.
    """
    judgement = Judgement(heard=heard, announce=announce, shrinks=shrinks)
    own_seed = zlib.crc32(f"{seed}/{rule.id}/{subject.way}".encode())
    match rule.draw:
        case Drawn(strategy):
            run = drawn(rule, subject, strategy(subject), budget.single, judgement)
        case Compiled() as draw:
            run = compiled(rule, subject, draw, budget, judgement, excuse)
        case Bulk() as draw:
            run = bulk(rule, subject, draw, budget, judgement)
        case Enumerated(batches):
            run = _enumerated(rule, subject, batches(subject), judgement)
    try:
        run(own_seed)
    except Violation as violation:
        judgement.violation = violation
    return judgement


def _enumerated(
    rule: Rule, subject: Subject, batches: Iterable[Batch], judgement: Judgement
) -> Callable[[int], None]:
    def run(_: int) -> None:
        for cases in batches:
            for part in cases.chunks(1) if judgement.announce else (cases,):
                judgement.count(part)
                check(rule, subject, part)

    return run
