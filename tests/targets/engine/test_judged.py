"""Rules judged on programs that an engine runs."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from foricheck.cases.variants import STATIC_JIT, TRACED
from foricheck.evidence.script import script
from foricheck.judging.events import Event, RuleFinished, RuleResult
from foricheck.judging.plan import plan
from foricheck.judging.run import run
from foricheck.judging.subjects import Subjects
from foricheck.rules.selection import select
from foricheck.strategies.iter import loops
from foricheck.targets.engine.stablehlo import STABLEHLO
from foricheck.targets.engine.target import of_engine
from foricheck.targets.target import Target

from . import fake_engines as fakes

Convert = Callable[..., Any]


def judged(convert: Convert, rules: str, *, lanes: int = 4) -> dict[str, RuleResult]:
    made = of_engine("fake", fakes.engine(convert, lanes=lanes))
    heard: list[Event] = []
    run(plan(made, pattern=rules, profile="quick"), heard.append)
    return {each.result.id: each.result for each in heard if isinstance(each, RuleFinished)}


def one(convert: Convert, rule: str, *, lanes: int = 4) -> RuleResult:
    return judged(convert, rule, lanes=lanes)[rule]


class TestARightEngine:
    def test_values_of_bodies_written_out_are_right(self) -> None:
        results = judged(fakes.right, "ITER-01,ITER-04,BOUND-04,REC-03", lanes=1)
        assert {each.status for each in results.values()} == {"passed"}

    @pytest.mark.skipif(
        jax.__version_info__ < (0, 12), reason="its interpreter writes into what a scatter reads"
    )
    def test_values_of_interpreted_bodies_are_right(self) -> None:
        results = judged(STABLEHLO.convert, "ITER-01,ITER-04,BOUND-04,REC-03")
        assert {each.status for each in results.values()} == {"passed"}

    def test_bounds_are_inputs_where_they_may_be(self) -> None:
        made = of_engine("fake", fakes.engine(fakes.right))
        variants = {
            rule.id: made.variants(rule.variants) for rule in select("ITER,CARRY-09", made.kinds)
        }
        assert variants["ITER-11"] == (STATIC_JIT,)
        assert variants["ITER-15"] == (TRACED,)
        assert variants["CARRY-09"] == ()

    def test_the_seed_of_a_recurrence_may_be_fixed(self) -> None:
        engine = replace(fakes.engine(fakes.without(" random_bits["), lanes=1), draws=False)
        heard: list[Event] = []
        run(plan(of_engine("fake", engine), pattern="REC-05", profile="quick"), heard.append)
        (result,) = [each.result for each in heard if isinstance(each, RuleFinished)]
        assert result.status == "passed"

    @pytest.mark.parametrize(("draws", "status"), [(True, "passed"), (False, "skipped")])
    def test_seeds_are_mapped_over_where_numbers_are_drawn(self, draws: bool, status: str) -> None:
        engine = replace(fakes.engine(fakes.right, lanes=1), draws=draws)
        heard: list[Event] = []
        run(plan(of_engine("fake", engine), pattern="REC-17", profile="quick"), heard.append)
        (result,) = [each.result for each in heard if isinstance(each, RuleFinished)]
        assert result.status == status


class TestAWrongEngine:
    @pytest.mark.parametrize("lanes", [1, 4])
    def test_one_trip_more(self, lanes: int) -> None:
        result = one(fakes.one_trip_more, "ITER-01", lanes=lanes)
        assert result.status == "failed"

    def test_zeros_that_lose_their_sign(self) -> None:
        result = one(fakes.without_signs, "CARRY-04")
        assert result.failure
        assert (result.failure.expected, result.failure.got) == ("-0.0", "0.0")

    def test_an_error_at_run_time_is_a_failure(self) -> None:
        result = one(fakes.failing, "ITER-15")
        assert result.failure
        assert result.failure.got == "RuntimeError: out of luck"

    def test_no_deviation_of_xla_excuses_it(self) -> None:
        """XLA's rules are broken here by XLA itself, which is another engine this time."""
        results = judged(fakes.right, "ITER-15,ITER-17,ITER-22")
        told = {id: each.status for id, each in results.items()}
        assert told == {"ITER-15": "failed", "ITER-17": "xfailed", "ITER-22": "failed"}


class TestWhatCannotBeConverted:
    def test_a_rule_none_of_whose_programs_can_be_is_skipped(self) -> None:
        for rule in ("ITER-01", "ITER-12", "ITER-15", "CARRY-03", "REC-03"):
            result = one(fakes.refusing_later(), rule)
            assert (result.status, result.cases) == ("skipped", 0), rule
            assert result.reason.endswith("NotImplementedError: no more")

    def test_the_others_of_its_programs_are_judged(self) -> None:
        result = one(fakes.without(":i8[]"), "BOUND-05")
        assert (result.status, result.cases) == ("passed", 5)
        assert result.reason == (
            "1 of 6 cases are left out: a fake does not take its programs: "
            "NotImplementedError: ':i8[]' is not supported"
        )

    def test_a_wrong_value_beside_one_is_found(self) -> None:
        result = one(fakes.without(":i32[]", then=fakes.one_trip_more), "BOUND-05")
        assert result.status == "failed"


class TestSlowEngines:
    def subject(self) -> Any:
        made = of_engine("fake", fakes.engine(fakes.right, lanes=1))
        return Subjects(made).one("loop", TRACED)

    def test_long_loops_are_short(self) -> None:
        counts = [int(each.upper[0] - each.lower[0]) for each in loops.long_ranges(self.subject())]
        assert counts == [255, 256, 257]

    def test_pairs_of_bounds_are_sampled(self) -> None:
        pairs = sum(len(batch) for batch in loops.every_int8_pair(self.subject()))
        assert 500 < pairs < 1000


class TestScripts:
    def printed(self, made: Target, rule: str, case: Any) -> str:
        (found,) = select(rule, made.kinds)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(script(made, found, TRACED, case), {})
        return out.getvalue()

    def test_the_script_runs_the_engine(self) -> None:
        made = of_engine("stablehlo", STABLEHLO)
        case = loops.recording("int32", [2], [5])
        assert "2, 3, 4, 0" in " ".join(self.printed(made, "ITER-01", case).split())

    def test_it_needs_no_foricheck(self) -> None:
        made = of_engine("stablehlo", STABLEHLO)
        (rule,) = select("ITER-01", made.kinds)
        text = script(made, rule, TRACED, loops.recording("int32", [2], [5]))
        assert "import foricheck" not in text
        assert "from foricheck" not in text
        assert Path(STABLEHLO.convert.__code__.co_filename).name not in text

    def test_of_a_recurrence(self) -> None:
        from foricheck.cases.recurrence import RecurrenceBatch

        made = of_engine("stablehlo", STABLEHLO)
        x = np.array([[0.5, -1.0]], np.float32)
        case = RecurrenceBatch(2, np.array([7]), x, np.array([0]))
        assert "[ 0.5, -1. ]" in self.printed(made, "REC-03", case)
