"""Judging one rule on one subject: the same cases every time, and one minimal case if it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.cases.variants import PLAIN, STATIC
from foricheck.comparison.violations import Undecided
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.judging.checker import Judgement
from foricheck.judging.checking import check
from foricheck.judging.events import Event, Progress
from foricheck.judging.judge import judge
from foricheck.judging.plan import Plan
from foricheck.judging.subjects import Subjects
from foricheck.judging.task import Task, task_of
from foricheck.oracle import programs as oracle
from foricheck.rules.budget import Budget
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.strategies.bound import bounds
from foricheck.targets.loading import of_callable, reference
from foricheck.targets.numpy.loop import NumpyLoop

BUDGET = Budget(batched=4, single=8)

Wrong = Callable[[LoopBatch], Any]
"""The lanes of a batch with a wrong result, booleans of shape ``(N,)``."""


def never(cases: LoopBatch) -> Any:
    return np.zeros(len(cases), bool)


class Fake(NumpyLoop):
    """A loop that returns the oracle's result, except where it is wrong."""

    def __init__(self, wrong: Wrong = never, *, lanes: int = 16) -> None:
        super().__init__(of_callable(numpy_loop, array_namespace="numpy"), PLAIN)
        self.wrong = wrong
        self.lanes = lanes
        self.calls = 0

    def run(self, cases: LoopBatch) -> Array:
        self.calls += 1
        got = oracle.run(cases)
        got[np.asarray(self.wrong(cases))] += 1
        return got


class Unsteady(Fake):
    """After a wrong result, or from a certain call on, every case is undecided."""

    def __init__(self, wrong: Wrong, *, lanes: int = 16, from_call: int = 10**9) -> None:
        super().__init__(wrong, lanes=lanes)
        self.from_call = from_call

    def run(self, cases: LoopBatch) -> Array:
        if self.calls >= self.from_call:
            raise Undecided("not today")
        if np.any(self.wrong(cases)):
            self.from_call = 0
        return super().run(cases)


def wrong_late(cases: LoopBatch) -> Any:
    return cases.upper > cases.lower


def rule(id: str) -> Rule:
    (found,) = select(id, frozenset({"loop"}))
    return found


def judged(id: str, subject: Fake, *, seed: int = 0) -> Judgement:
    return judge(Task(rule=rule(id), subject=subject, budget=BUDGET, seed=seed))


def the_case(judgement: Judgement) -> Any:
    """The one minimal case."""
    assert judgement.violation is not None
    assert len(judgement.violation.case) == 1
    return judgement.violation.case


DRAWN, BULK, ENUMERATED = "CARRY-03", "ITER-04", "BOUND-02"
EVERY_DRAW = pytest.mark.parametrize("id", [DRAWN, BULK, ENUMERATED])


class TestDeterminism:
    @EVERY_DRAW
    def test_the_same_seed_gives_the_same_cases(self, id: str) -> None:
        assert judged(id, Fake(), seed=3).digest == judged(id, Fake(), seed=3).digest

    @pytest.mark.parametrize("id", [DRAWN, BULK])
    def test_another_seed_gives_other_cases(self, id: str) -> None:
        assert judged(id, Fake(), seed=3).digest != judged(id, Fake(), seed=4).digest

    @EVERY_DRAW
    def test_earlier_rules_change_nothing(self, id: str) -> None:
        subject, alone = Fake(), judged(id, Fake())
        for other in ("ITER-01", "ITER-02", "CARRY-08", id):
            judged(other, subject)
        assert judged(id, subject).digest == alone.digest

    def test_two_rules_draw_different_cases(self) -> None:
        assert judged("ITER-01", Fake()).digest != judged("ITER-06", Fake()).digest

    @EVERY_DRAW
    def test_the_global_state_of_numpy_changes_nothing(self, id: str) -> None:
        before = judged(id, Fake()).digest
        np.random.seed(99)
        assert judged(id, Fake()).digest == before

    def test_a_failure_has_the_same_case(self) -> None:
        rare = Fake(lambda cases: cases.upper - cases.lower > 5)
        one, other = (the_case(judged("ITER-01", rare)) for _ in range(2))
        assert one.digest() == other.digest()


class TestAmount:
    def test_a_bulk_rule_judges_whole_batches(self) -> None:
        assert judged(BULK, Fake(lanes=64)).cases == 64 * BUDGET.batched

    def test_one_lane_per_call_uses_the_single_budget(self) -> None:
        assert judged(BULK, Fake(lanes=1)).cases == BUDGET.single

    def test_a_drawn_rule_judges_one_case_per_draw(self) -> None:
        assert 0 < judged(DRAWN, Fake()).cases <= BUDGET.single

    def test_an_enumerated_rule_judges_every_case(self) -> None:
        subject = Fake()
        assert judged(ENUMERATED, subject).cases == sum(map(len, bounds.extremes(subject)))

    @EVERY_DRAW
    def test_a_slow_target_is_judged_on_fewer_cases_and_the_report_says_so(self, id: str) -> None:
        task = Task(rule=rule(id), subject=Fake(), budget=BUDGET, seed=0, seconds=0.0)
        judgement = judge(task)
        assert 0 < judgement.cases < judged(id, Fake()).cases
        assert judgement.left_out == "the calls are slow: no further case was judged after 0 s"

    @pytest.mark.parametrize("id", [BULK, ENUMERATED])
    def test_a_violation_of_a_slow_target_is_found(self, id: str) -> None:
        wrong = Fake(lambda cases: np.ones(len(cases), bool))
        task = Task(rule=rule(id), subject=wrong, budget=BUDGET, seed=0, seconds=0.0)
        assert judge(task).violation is not None

    def test_progress_is_emitted(self) -> None:
        events: list[Event] = []
        task = Task(
            rule=rule(BULK),
            subject=Fake(lanes=8),
            budget=Budget(batched=3),
            seed=0,
            emit=events.append,
            cases_before=100,
        )
        judge(task)
        assert events == [Progress(BULK, "static-plain", cases) for cases in (108, 116, 124)]

    def test_shrinking_counts_no_cases(self) -> None:
        judgement = judged("ITER-01", Fake(lambda cases: cases.upper > cases.lower))
        assert judgement.cases == 16

    def test_judging_ends_at_the_first_violation(self) -> None:
        subject = Fake(lambda cases: cases.upper > -200)
        judged("ITER-03", subject)
        assert subject.calls == 2  # the batch, and then its case once more


class TestMinimalCases:
    def test_a_correct_loop_has_none(self) -> None:
        assert judged("ITER-01", Fake()).violation is None

    def test_a_failing_trip_count_is_found(self) -> None:
        rare = Fake(lambda cases: cases.upper - cases.lower >= 40, lanes=256)
        case = the_case(judged("ITER-01", rare))
        assert (case.lower.item(), case.upper.item()) == (0, 40)

    def test_a_failing_lower_bound_is_found(self) -> None:
        rare = Fake(lambda cases: (cases.lower == 3) & (cases.upper > cases.lower + 1), lanes=256)
        case = the_case(judged("ITER-01", rare))
        assert (case.lower.item(), case.upper.item()) == (3, 5)

    def test_a_failing_instruction_is_the_only_one_in_its_program(self) -> None:
        scan = 13
        rare = Fake(lambda cases: (cases.code[:, :, 0] == scan).any(axis=1))
        case = the_case(judged(BULK, rare))
        ops = case.code[0, :, 0].tolist()
        assert sorted(ops) == [0, 0, 0, scan]
        assert not case.carry.any()
        assert case.lower.item() == case.upper.item() == 0

    def test_one_lane_per_call_shrinks_too(self) -> None:
        rare = Fake(lambda cases: cases.upper > cases.lower, lanes=1)
        case = the_case(judged("ITER-01", rare))
        assert (case.lower.item(), case.upper.item()) == (0, 1)

    def test_the_simplest_failing_setting_is_reported(self) -> None:
        narrow = Fake(lambda cases: np.full(len(cases), cases.dtype != "int32"))
        assert the_case(judged("BOUND-01", narrow)).dtype == "int8"

    def test_a_violation_seen_only_in_a_batch_is_reported(self) -> None:
        crowded = Fake(lambda cases: np.arange(len(cases)) == 12)
        assert judged("ITER-01", crowded).violation is not None

    def test_a_drawn_case_is_shrunk(self) -> None:
        def no_lists(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            got = numpy_loop(lower, upper, body_fun, init_val)
            return tuple(got) if isinstance(got, list) else got

        target = of_callable(no_lists, array_namespace="numpy")
        budget = Budget(single=200)
        subject = NumpyLoop(target, PLAIN)
        judgement = judge(Task(rule=rule(DRAWN), subject=subject, budget=budget, seed=0))
        assert the_case(judgement).init == "[]"


class TestUndecided:
    """A violation stands, though a case derived from it is undecided."""

    def test_of_many_lanes(self) -> None:
        assert judged("ITER-01", Unsteady(wrong_late)).violation is not None

    def test_of_one_lane(self) -> None:
        assert judged("ITER-01", Unsteady(wrong_late, lanes=1)).violation is not None

    def test_of_a_listed_case(self) -> None:
        assert judged(ENUMERATED, Unsteady(wrong_late)).violation is not None

    def test_of_a_drawn_case(self) -> None:
        found: list[Any] = []

        def unsteady(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            if found and init_val == found[0]:
                return None
            if found:
                raise Undecided("no more")
            if isinstance(init_val, list):
                found.append(init_val)
                return None
            return numpy_loop(lower, upper, body_fun, init_val)

        subject = NumpyLoop(of_callable(unsteady, array_namespace="numpy"), PLAIN)
        budget = Budget(single=200)
        judgement = judge(Task(rule=rule(DRAWN), subject=subject, budget=budget, seed=0))
        assert judgement.violation is not None

    def test_before_anything_is_found(self) -> None:
        with pytest.raises(Undecided):
            judged("ITER-01", Unsteady(never, from_call=1))


class TestCheck:
    def test_a_violating_case_violates_again(self) -> None:
        rare = Fake(lambda cases: cases.upper - cases.lower > 5)
        case = the_case(judged("ITER-01", rare))
        assert check(rule("ITER-01"), rare, case).violation is not None

    def test_a_case_that_passes_now_is_no_violation(self) -> None:
        rare = Fake(lambda cases: cases.upper - cases.lower > 5)
        case = the_case(judged("ITER-01", rare))
        assert check(rule("ITER-01"), Fake(), case).violation is None


def test_another_variant_gives_other_cases() -> None:
    subject = Fake()
    one = judged(BULK, subject).digest
    subject.variant = STATIC
    assert judged(BULK, subject).digest != one


@pytest.mark.parametrize(("factor", "expected"), [(0.25, (1, 2)), (0.001, (1, 1)), (3, (12, 24))])
def test_a_budget_is_scaled_but_never_empty(factor: float, expected: tuple[int, int]) -> None:
    scaled = BUDGET.scaled(factor)
    assert (scaled.batched, scaled.single) == expected


class TestAQuickProfile:
    def test_judges_one_listed_batch_in_so_many(self) -> None:
        (rule,) = select("REC-24", frozenset({"recurrence"}))
        plan = Plan(target=reference(), rules=(rule,), profile="quick")
        subject = Subjects(plan.target).of(rule)[0]
        some = judge(task_of(plan, rule, subject)).cases
        every = judge(task_of(replace(plan, profile="default"), rule, subject)).cases
        assert 0 < some <= every // 4
