"""Judging one rule on one subject: draw cases, check the property, shrink what breaks it."""

from __future__ import annotations

import hashlib
import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from foricheck.cases import Array, Batch
from foricheck.evidence import Violation
from foricheck.rules.budget import Budget
from foricheck.rules.draws import Bulk, Compiled, Drawn, Enumerated
from foricheck.rules.rule import Rule
from foricheck.shrinking import shrink, simplified
from foricheck.strategies.choices import spread
from foricheck.targets.subject import Subject

__all__ = ["Judgement", "judge", "recheck"]

Heard = Callable[[int], None]
"""Told how many cases have been judged so far."""

Announce = Callable[[Batch], None]
"""Told of each case before it is judged."""

Excuse = Callable[[Violation], str]
"""Why a violation is no news, or ``""``; one that is known does not end the search for others."""

_CAREFUL_EXAMPLES = 64


@dataclass
class Judgement:
    """What came of judging one rule on one subject.

    Attributes:
        cases: how many cases were judged, shrinking apart.
        digest: a fingerprint of all of them.
        violation: the smallest violation found, or None.
        excuse: why that violation is known, or ``""``.
    """

    cases: int = 0
    digest: bytes = b""
    violation: Violation | None = None
    excuse: str = ""
    heard: Heard = field(default=lambda _: None, repr=False)
    announce: Announce | None = None

    def count(self, cases: Batch) -> None:
        """These cases are about to be judged."""
        if self.announce:
            self.announce(cases)
        self.cases += len(cases)
        self.digest = hashlib.sha256(self.digest + cases.digest()).digest()
        self.heard(self.cases)


def judge(
    rule: Rule,
    subject: Subject,
    *,
    budget: Budget,
    seed: int,
    heard: Heard = lambda _: None,
    announce: Announce | None = None,
    excuse: Excuse = lambda _: "",
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
    """
    judgement = Judgement(heard=heard, announce=announce)
    own_seed = zlib.crc32(f"{seed}/{rule.id}/{subject.way}".encode())
    match rule.draw:
        case Drawn(strategy):
            run = _drawn(rule, subject, strategy(subject), budget.single, judgement)
        case Compiled() as draw:
            run = _compiled(rule, subject, draw, budget, judgement, excuse)
        case Bulk() as bulk:
            run = _bulk(rule, subject, bulk, budget, judgement)
        case Enumerated(batches):
            run = _enumerated(rule, subject, batches(subject), judgement)
    try:
        run(own_seed)
    except Violation as violation:
        judgement.violation = violation
    return judgement


def recheck(rule: Rule, subject: Subject, case: Batch) -> Violation | None:
    """Judge a rule on one case; used to replay."""
    try:
        _check(rule, subject, case)
    except Violation as violation:
        return violation
    return None


def _check(rule: Rule, subject: Subject, cases: Batch) -> None:
    """Check the property; a violation's case is the one drawn, not one that was made from it.

    A sequence of calls stays as it is: it is one case of several lanes.
    """
    try:
        rule.prop(subject, cases)
    except Violation as violation:
        if len(violation.case) == 1:
            violation.case = cases.lane(violation.lanes[0])
        raise


def _drawn(
    rule: Rule, subject: Subject, strategy: SearchStrategy[Any], examples: int, judgement: Judgement
) -> Callable[[int], None]:
    @given(strategy)
    def prop(cases: Batch) -> None:
        if judgement.violation is None:
            judgement.count(cases)
        elif judgement.announce:
            judgement.announce(cases)
        try:
            _check(rule, subject, cases)
        except Violation as violation:
            judgement.violation = violation
            raise

    return _seeded(prop, examples, (Phase.generate, Phase.shrink))


def _bulk(
    rule: Rule, subject: Subject, bulk: Bulk, budget: Budget, judgement: Judgement
) -> Callable[[int], None]:
    shared = bulk.settings(subject)
    turns = itertools.cycle(shared)  # in turn, not by chance: no setting may be left out

    # Bytes rather than an integer: Hypothesis also draws integers that it finds in the target's
    # own source, and the cases must not depend on that.
    @given(st.binary(min_size=16, max_size=16))
    def prop(master: bytes) -> None:
        if judgement.violation:
            raise judgement.violation  # Hypothesis runs a failure again, to report it
        setting = next(turns)
        rows = spread(int.from_bytes(master), subject.lanes_for(setting), bulk.width)
        cases = bulk.decode(setting, rows)
        judgement.count(cases)
        try:
            _check(rule, subject, cases)
        except Violation as violation:
            row = rows[violation.lanes[0]]
            smallest = _shrunk(rule, subject, bulk, shared, setting, row, judgement)
            judgement.violation = smallest or violation
            raise judgement.violation from None

    examples = max(budget.batched, len(shared)) if subject.lanes > 1 else budget.single
    if judgement.announce:
        examples = _CAREFUL_EXAMPLES
    return _seeded(prop, examples, (Phase.generate,))


def _shrunk(
    rule: Rule,
    subject: Subject,
    bulk: Bulk,
    shared: tuple[Any, ...],
    setting: Any,
    row: Array,
    judgement: Judgement,
) -> Violation | None:
    """The smallest violation at the simplest setting that still has one."""

    def attempt(setting: Any, rows: Array) -> Violation | None:
        judgement.heard(judgement.cases)
        cases = bulk.decode(setting, rows)
        if judgement.announce:
            judgement.announce(cases)
        return recheck(rule, subject, cases)

    simpler = shared[: shared.index(setting)] if subject.lanes > 1 else shared[:1]
    for one in dict.fromkeys((*simpler, setting)):
        if violation := shrink(row, partial(attempt, one), together=subject.lanes > 1)[1]:
            return violation
    return None


def _compiled(
    rule: Rule,
    subject: Subject,
    draw: Compiled,
    budget: Budget,
    judgement: Judgement,
    excuse: Excuse,
) -> Callable[[int], None]:
    shared = draw.settings(subject)
    turns = itertools.cycle(shared)
    known: list[tuple[str, Violation]] = []

    def one_call(master: int) -> None:
        lanes = 1 if judgement.announce else draw.together
        cases = draw.decode(next(turns), spread(master, lanes, draw.width))
        judgement.count(cases)
        if violation := recheck(rule, subject, cases):
            for smallest in _smallest(rule, subject, draw, cases, violation, judgement):
                if not (why := excuse(smallest)):
                    raise smallest
                known.append((why, smallest))

    def run(seed: int) -> None:
        groups = _CAREFUL_EXAMPLES if judgement.announce else max(budget.single, len(shared))
        for master in np.random.default_rng(seed).integers(0, 2**63, groups).tolist():
            one_call(master)
        if known:
            judgement.excuse, violation = known[0]
            raise violation

    return run


def _smallest(
    rule: Rule,
    subject: Subject,
    draw: Compiled,
    cases: Batch,
    violation: Violation,
    judgement: Judgement,
) -> Iterator[Violation]:
    """The programs of one call that fail, each as small as it can be.

    A program that fails only together with the others stays with them.
    """

    def attempt(case: Batch) -> Violation | None:
        judgement.heard(judgement.cases)
        if judgement.announce:
            judgement.announce(case)
        return recheck(rule, subject, case)

    for lane in violation.lanes:
        if alone := attempt(cases.lane(lane)):
            yield simplified(alone, attempt, draw.simpler)
        else:
            yield Violation(cases, violation.difference)


def _enumerated(
    rule: Rule, subject: Subject, batches: Iterable[Batch], judgement: Judgement
) -> Callable[[int], None]:
    def run(_: int) -> None:
        for cases in batches:
            for part in cases.chunks(1) if judgement.announce else (cases,):
                judgement.count(part)
                _check(rule, subject, part)

    return run


def _seeded(
    prop: Callable[..., None], examples: int, phases: tuple[Phase, ...]
) -> Callable[[int], None]:
    configured = settings(
        max_examples=examples,
        phases=phases,
        database=None,  # replay is foricheck's own, by case: see `foricheck.replays`
        deadline=None,  # a first call compiles
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=[HealthCheck.too_slow],  # a call may compile
    )(prop)

    def run(seed: int) -> None:
        hypothesis.seed(seed)(configured)()

    return run
