"""Judging one rule on one subject: draw cases, check the property, shrink what breaks it."""

from __future__ import annotations

from foricheck.comparison.violations import Violation
from foricheck.judging.checker import Checker, Judgement
from foricheck.judging.compiled import judge_compiled
from foricheck.judging.covering import judge_covering
from foricheck.judging.drawing import judge_bulk, judge_drawn
from foricheck.judging.enumerating import judge_enumerated
from foricheck.judging.repeating import repeated
from foricheck.judging.task import Task
from foricheck.rules.draws import Bulk, Compiled, Covering, Drawn, Enumerated

__all__ = ["judge"]


def judge(task: Task) -> Judgement:
    """Judge one rule on one subject.

    Raises:
        Undecided: the rule does not apply to the target, or the target can be given no case.
    """
    checker = Checker(task)
    try:
        _search(checker)
    except Violation as violation:
        compared = task.shrinks and not checker.known_deviation
        return checker.judgement(repeated(checker, violation) if compared else violation)
    return checker.judgement(None)


def _search(checker: Checker) -> None:
    """Judge the cases that the rule draws.

    Raises:
        Violation: the smallest that was found.
    """
    match checker.task.rule.draw:
        case Drawn() as draw:
            judge_drawn(checker, draw)
        case Compiled() as draw:
            judge_compiled(checker, draw)
        case Bulk() as draw:
            judge_bulk(checker, draw)
        case Covering() as draw:
            judge_covering(checker, draw)
        case Enumerated() as draw:
            judge_enumerated(checker, draw)
