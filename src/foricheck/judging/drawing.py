"""Cases that Hypothesis draws: one by one, or as the one wide number behind a bulk batch."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from foricheck.cases.batch import Array, Batch
from foricheck.comparison.violations import Undecided, Violation
from foricheck.judging.compilations import forget
from foricheck.judging.judgement import ISOLATED_EXAMPLES, Judgement, attempt, check
from foricheck.judging.shrinking import shrink
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Bulk
from foricheck.rules.rule import Rule
from foricheck.strategies.choices import spread
from foricheck.targets.subject import Subject

__all__ = ["bulk", "drawn"]

_KEPT = 50
"""How many cases may be compiled before they are forgotten."""


def drawn(
    rule: Rule, subject: Subject, strategy: SearchStrategy[Any], examples: int, judgement: Judgement
) -> Callable[[int], None]:
    """From a seed to the judging of one rule on cases drawn one by one."""

    @given(strategy)
    def prop(cases: Batch) -> None:
        if judgement.violation and not judgement.shrinks:
            raise judgement.violation  # Hypothesis runs a failure again, to report it
        if judgement.violation is None:
            _tidy(judgement)
            judgement.count(cases)
        elif judgement.on_case:
            judgement.on_case(cases)
        try:
            check(rule, subject, cases)
        except Undecided:
            if judgement.violation is None:  # what was found before stays found
                raise
        except Violation as violation:
            judgement.violation = violation
            raise

    phases = (Phase.generate, Phase.shrink) if judgement.shrinks else (Phase.generate,)
    return _seeded(prop, examples, phases)


def bulk(
    rule: Rule, subject: Subject, draw: Bulk, budget: Budget, judgement: Judgement
) -> Callable[[int], None]:
    """From a seed to the judging of one rule on batches of cases."""
    shared = draw.settings(subject)
    turns = itertools.cycle(shared)  # in turn, not by chance: no setting may be left out

    # Bytes rather than an integer: Hypothesis also draws integers that it finds in the target's
    # own source, and the cases must not depend on that.
    @given(st.binary(min_size=16, max_size=16))
    def prop(master: bytes) -> None:
        if judgement.violation:
            raise judgement.violation  # Hypothesis runs a failure again, to report it
        if subject.lanes == 1:
            _tidy(judgement)
        setting = next(turns)
        rows = spread(int.from_bytes(master), subject.lanes_for(setting), draw.width)
        cases = draw.decode(setting, rows)
        judgement.count(cases)
        try:
            check(rule, subject, cases)
        except Violation as violation:
            judgement.violation = violation
            if judgement.shrinks:
                row = rows[violation.lanes[0]]
                smallest = _shrunk(rule, subject, draw, shared, setting, row, judgement)
                judgement.violation = smallest or violation
            raise judgement.violation from None

    examples = max(budget.batched, len(shared)) if subject.lanes > 1 else budget.single
    if judgement.on_case:
        examples = ISOLATED_EXAMPLES
    return _seeded(prop, examples, (Phase.generate,))


def _tidy(judgement: Judgement) -> None:
    """Where each case is compiled anew, JAX would keep all of it: up to 9 MiB a case."""
    if judgement.cases % _KEPT == _KEPT - 1:
        forget()


def _shrunk(
    rule: Rule,
    subject: Subject,
    draw: Bulk,
    shared: tuple[Any, ...],
    setting: Any,
    row: Array,
    judgement: Judgement,
) -> Violation | None:
    """The smallest violation at the simplest setting that still has one."""

    def again(setting: Any, rows: Array) -> Violation | None:
        judgement.heard(judgement.cases)
        cases = draw.decode(setting, rows)
        if judgement.on_case:
            judgement.on_case(cases)
        return attempt(rule, subject, cases)

    simpler = shared[: shared.index(setting)] if subject.lanes > 1 else shared[:1]
    for one in dict.fromkeys((*simpler, setting)):
        if violation := shrink(row, partial(again, one), together=subject.lanes > 1)[1]:
            return violation
    return None


def _seeded(
    prop: Callable[..., None], examples: int, phases: tuple[Phase, ...]
) -> Callable[[int], None]:
    configured = settings(
        max_examples=examples,
        phases=phases,
        database=None,  # replay is foricheck's own, by case: see `foricheck.runner.replays`
        deadline=None,  # a first call compiles
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=[HealthCheck.too_slow],  # a call may compile
    )(prop)

    def run(seed: int) -> None:
        hypothesis.seed(seed)(configured)()

    return run
