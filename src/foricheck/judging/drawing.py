"""Cases that Hypothesis draws: one by one, or as the one wide number behind a bulk batch."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from foricheck.cases.batch import Array, Batch
from foricheck.comparison.violations import Undecided, Violation
from foricheck.judging.checker import ISOLATED_EXAMPLES, Checker
from foricheck.judging.compilations import forget
from foricheck.judging.shrinking import shrink
from foricheck.rules.draws import Bulk, Drawn
from foricheck.strategies.choices import spread

__all__ = ["judge_bulk", "judge_drawn"]

_KEPT = 50
"""After how many compiled cases JAX's caches are cleared."""


def judge_drawn(checker: Checker, draw: Drawn) -> None:
    """Judge a rule on cases drawn one by one, and shrunk by Hypothesis.

    Raises:
        Violation: the smallest that was found.
    """
    task = checker.task
    found: Violation | None = None

    @given(draw.strategy(task.subject))
    def prop(cases: Batch) -> None:
        nonlocal found
        if found and not task.shrinks:
            raise found  # Hypothesis repeats a failure to report it
        if checker.is_done_shrinking if found else checker.is_out_of_time:
            return
        if found:
            checker.announce(cases)
        else:
            _clear_caches(checker)
            checker.count(cases)
        try:
            violation = checker.check(cases)
        except Undecided:
            if found:  # an undecided shrink step does not undo a violation
                return
            raise
        if violation:
            found = violation
            raise violation

    phases = (Phase.generate, Phase.shrink) if task.shrinks else (Phase.generate,)
    try:
        _run(prop, task.draw_seed, task.budget.single, phases)
    except Flaky:  # the target does not answer the same twice
        if found is None:
            raise
        raise found from None


def judge_bulk(checker: Checker, draw: Bulk) -> None:
    """Judge a rule on batches of cases.

    Raises:
        Violation: the smallest that was found.
    """
    task, subject = checker.task, checker.task.subject
    shared = draw.settings(subject)
    in_turn = itertools.cycle(shared)  # not drawn: no setting may be left out
    found: Violation | None = None

    # Bytes rather than an integer: Hypothesis also draws integers that it finds in the target's
    # own source, and the cases must not depend on that.
    @given(st.binary(min_size=16, max_size=16))
    def prop(master: bytes) -> None:
        nonlocal found
        if found:
            raise found  # Hypothesis repeats a failure to report it
        if checker.is_out_of_time:
            return
        if subject.lanes == 1:
            _clear_caches(checker)
        setting = next(in_turn)
        rows = spread(int.from_bytes(master), subject.lanes_for(setting), draw.width)
        cases = draw.decode(setting, rows)
        checker.count(cases)
        if violation := checker.check(cases):
            found = violation
            if task.shrinks:
                row = rows[violation.lanes[0]]
                found = _shrunk(checker, draw, _simpler(shared, setting, checker), row) or violation
            raise found

    examples = max(task.budget.batched, len(shared)) if subject.lanes > 1 else task.budget.single
    if task.isolate_cases:
        examples = ISOLATED_EXAMPLES
    _run(prop, task.draw_seed, examples, (Phase.generate,))


def _clear_caches(checker: Checker) -> None:
    """Bound JAX's memory where each case is compiled: it keeps up to 9 MiB per case."""
    if checker.cases % _KEPT == _KEPT - 1:
        forget()


def _simpler(shared: tuple[Any, ...], setting: Any, checker: Checker) -> tuple[Any, ...]:
    """The settings to shrink in, the simplest first, and the failing one last."""
    before = shared[: shared.index(setting)] if checker.task.subject.lanes > 1 else shared[:1]
    return tuple(dict.fromkeys((*before, setting)))


def _shrunk(checker: Checker, draw: Bulk, tried: tuple[Any, ...], row: Array) -> Violation | None:
    """The smallest violation at the simplest setting that has one."""

    def attempt(setting: Any, rows: Array) -> Violation | None:
        return checker.simpler(draw.decode(setting, rows))

    for setting in tried:
        together = checker.task.subject.lanes > 1
        if violation := shrink(row, partial(attempt, setting), together=together)[1]:
            return violation
    return None


def _run(prop: Callable[..., None], seed: int, examples: int, phases: tuple[Phase, ...]) -> None:
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
    hypothesis.seed(seed)(configured)()
