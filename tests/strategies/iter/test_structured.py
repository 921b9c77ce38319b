"""Structured programs: draws reach the edges, and failures shrink."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foricheck.cases.loop import StructuredBatch
from foricheck.comparison.violations import Difference, Violation
from foricheck.judging.checker import Judgement
from foricheck.judging.judge import judge
from foricheck.judging.task import Task
from foricheck.oracle import structured as oracle
from foricheck.programs.structured import DTYPES, FLOAT_OPS, INTEGERS, OPS, SHAPES, ops_of
from foricheck.rules.budget import Budget
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.strategies.choices import spread
from foricheck.strategies.iter import structured
from foricheck.strategies.iter.structured import STRUCTURED, programs, simpler

from ..draws import all_lanes, jax_loop, numpy_loop

INT32 = ("int32", None, True)
(RULE,) = select("ITER-11", frozenset({"loop"}))
Judged = Callable[[Any, StructuredBatch], None]


@pytest.fixture(scope="module")
def cases() -> StructuredBatch:
    drawn: StructuredBatch = all_lanes(programs, INT32, STRUCTURED)
    return drawn


class TestPrograms:
    def test_every_instruction_is_drawn(self, cases: StructuredBatch) -> None:
        assert names(cases) == {*OPS[: OPS.index("plus")]}

    def test_every_type_of_leaf_is_drawn(self, cases: StructuredBatch) -> None:
        drawn = {tuple(leaf[:2]) for leaf in cases.leaves.reshape(-1, 4).tolist()}
        assert drawn == set(itertools.product(range(len(INTEGERS)), range(len(SHAPES))))

    def test_lengths_counts_and_trips(self, cases: StructuredBatch) -> None:
        lengths = np.count_nonzero(cases.code[..., 0], axis=1)
        assert set(lengths) == {1, 2, 3, 4, 5, 6}
        assert set(cases.count) == {1, 2, 3}
        assert set(cases.upper - cases.lower) == {0, 1, 2, 3, 4, 5}

    def test_constants_are_those_of_the_language(self, cases: StructuredBatch) -> None:
        used = cases.code[cases.code[..., 0] > 0]
        assert set(used[:, 4]) == {1, 2, 3, 4, 5, 6, 7}

    @pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32"])
    def test_ranges_touch_the_ends_of_the_dtype(self, dtype: str) -> None:
        drawn = all_lanes(programs, (dtype, None, True), STRUCTURED)
        limits = np.iinfo(dtype)
        assert drawn.lower.min() == limits.min
        assert drawn.upper.max() == limits.max
        assert ((drawn.lower >= 0) & (drawn.lower < 8)).mean() > 0.2

    def test_no_inner_loop_to_the_index_where_bounds_cannot_be_traced(self) -> None:
        drawn = all_lanes(programs, ("int32", None, False), STRUCTURED)
        assert OPS.index("roll_loop") not in drawn.code[..., 0]

    def test_a_loop_in_python_takes_any_inner_bound(self) -> None:
        assert structured.int32(numpy_loop()) == structured.int32(jax_loop()) == (INT32,)

    def test_unrolled_completely_and_by_factors(self) -> None:
        assert {setting[1] for setting in structured.unrolled(jax_loop())} == {True, 2, 3}


class TestFloating:
    @pytest.fixture(scope="class")
    @staticmethod
    def cases() -> StructuredBatch:
        drawn: StructuredBatch = all_lanes(structured.floating, INT32, STRUCTURED)
        return drawn

    def test_every_instruction_over_floats_is_drawn(self, cases: StructuredBatch) -> None:
        assert names(cases) == {"nop", *FLOAT_OPS}

    def test_every_leaf_is_of_floats(self, cases: StructuredBatch) -> None:
        assert {DTYPES[place] for place in cases.leaves[..., 0].ravel()} == {"float32"}

    def test_simpler_ones_are_over_floats_too(self, cases: StructuredBatch) -> None:
        simplest = cases.lane(0)
        while smaller := next(simpler(simplest), None):
            simplest = smaller
        assert simplest.leaves[0, 0].tolist() == [DTYPES.index("float32"), 0, 1, 0]


class TestSimpler:
    def test_all_are_simpler(self, cases: StructuredBatch) -> None:
        for case in cases.lanes(slice(64)).chunks(1):
            assert all(size(other) < size(case) for other in simpler(case))

    def test_they_can_all_be_run(self, cases: StructuredBatch) -> None:
        for other in simpler(cases.lane(0)):
            assert len(oracle.run(other)) == 1

    def test_the_simplest_has_none(self, cases: StructuredBatch) -> None:
        case = cases.lane(0)
        while smaller := next(simpler(case), None):
            case = smaller
        assert list(ops_of(case.code[0])) == []


def names(cases: StructuredBatch) -> set[str]:
    """The drawn instructions."""
    return {OPS[op] for op in cases.code[..., 0].ravel()}


def size(case: StructuredBatch) -> tuple[int, ...]:
    """A measure that each shrinking step decreases."""
    code, leaves = case.code[0], case.leaves[0, : int(case.count[0])].astype(np.int64)
    return (
        len(ops_of(code)) + int((case.upper - case.lower)[0]) + int(case.count[0]),
        int(np.count_nonzero(leaves - [0, 0, 1, 0]))
        + abs(int(case.lower[0]))
        + int((code[:, 1] != code[:, 2]).sum() + code[:, 3].sum() + code[:, 4].sum()),
    )


class TestJudging:
    """A loop that fails as specified, without running anything."""

    def test_a_program_that_fails_is_made_small(self) -> None:
        violation = judged(failing_with("sort")).violation
        assert violation is not None
        case = violation.case
        assert isinstance(case, StructuredBatch)
        assert ops_of(case.code[0]) == ("sort",)
        assert (len(case), int(case.count[0]), int((case.upper - case.lower)[0])) == (1, 1, 1)
        assert case.leaves[0, 0].tolist() == [0, 0, 1, 0]

    def test_programs_that_fail_only_together_are_reported_together(self) -> None:
        def together(_: Any, cases: StructuredBatch) -> None:
            if len(cases) > 1:
                raise wrong(cases, [3])

        violation = judged(together).violation
        assert violation is not None
        assert len(violation.case) == 8

    def test_a_failure_that_is_known_does_not_end_the_search(self) -> None:
        def both(loop: Any, cases: StructuredBatch) -> None:
            failing_with("sort")(loop, cases)
            failing_with("total")(loop, cases)

        judgement = judged(
            both, match_known_deviation=lambda met: "known" if "sort" in ops(met) else ""
        )
        assert judgement.violation is not None
        assert (judgement.known_deviation, ops(judgement.violation)) == ("", ("total",))

    def test_a_known_failure_is_reported_without_another(self) -> None:
        judgement = judged(failing_with("sort"), match_known_deviation=lambda _: "known")
        assert judgement.violation is not None
        assert (judgement.known_deviation, "sort" in ops(judgement.violation)) == (
            "known",
            True,
        )
        assert judgement.cases == 12 * 8

    def test_the_same_seed_gives_the_same_cases(self) -> None:
        one, other, another = (judged(lambda *_: None, seed=seed) for seed in (1, 1, 2))
        assert one.digest == other.digest != another.digest


def failing_with(op: str) -> Judged:
    """A property that fails for a program with this instruction."""

    def prop(_: Any, cases: StructuredBatch) -> None:
        lanes = [n for n, code in enumerate(cases.code) if op in ops_of(code)]
        if lanes:
            raise wrong(cases, lanes)

    return prop


def wrong(cases: StructuredBatch, lanes: list[int]) -> Violation:
    return Violation(cases.lane(lanes[0]), Difference("", "1", "2", "value"), lanes=lanes)


def judged(prop: Judged, *, seed: int = 0, **rest: Any) -> Judgement:
    rule: Rule = replace(RULE, prop=prop)
    budget = Budget(single=12)
    return judge(Task(rule=rule, subject=numpy_loop(), budget=budget, seed=seed, **rest))


def ops(violation: Violation) -> tuple[str, ...]:
    assert isinstance(violation.case, StructuredBatch)
    return ops_of(violation.case.code[0])


def test_spread_choices_decode_to_runnable_programs() -> None:
    drawn = programs(("uint8", 2, True), spread(3, 32, STRUCTURED))
    assert len(oracle.run(drawn)) == len(drawn) == 32
