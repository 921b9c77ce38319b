"""Known deviations of JAX: reported, expected in the reference, and strict there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from foricheck.cases.batch import Batch
from foricheck.cases.loop import Snippet
from foricheck.cases.variants import STATIC, STATIC_JIT, TRACED
from foricheck.comparison.violations import Difference, Violation
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.evidence.failure import Failure
from foricheck.expected import deviations
from foricheck.expected.deviations import DEVIATIONS, Deviation
from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.checking import check
from foricheck.judging.events import Event, RuleResult
from foricheck.judging.expectations import expected_failure
from foricheck.judging.known_deviations import match_known_deviation
from foricheck.judging.plan import Plan
from foricheck.judging.subjects import Subjects
from foricheck.programs import structured
from foricheck.report.report import Report
from foricheck.rules.registry import all_rules
from foricheck.rules.rule import Rule
from foricheck.targets.jax import config
from foricheck.targets.loading import of_callable, reference
from foricheck.targets.subject import Subject
from foricheck.targets.target import Target

HELD = "CARRY-08"  # which the reference holds
BROKEN = "BOUND-12"  # which it breaks, with static bounds


def planned(target: Target, rule: str, *, bundled: bool = False, **expected: str) -> Plan:
    reasons = {name.replace("_", "-"): reason for name, reason in expected.items()}
    return planning.plan(target, pattern=rule, expected=reasons, bundled=bundled)


def judged(plan: Plan) -> RuleResult:
    events: list[Event] = []
    running.run(plan, events.append)
    (result,) = Report.of(events).results
    return result


def of_a_rule(rule: str) -> Deviation:
    return Deviation(
        rule=rule, versions="all", applies=lambda: True, bounds=None, case="f(0)", why="is 1"
    )


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deviation that JAX does not have."""
    monkeypatch.setattr(deviations, "DEVIATIONS", (of_a_rule(HELD),))


class TestDeviations:
    @pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda each: each.rule)
    def test_its_rule_exists(self, deviation: Deviation) -> None:
        assert deviation.rule in {rule.id for rule in all_rules()}

    @pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda each: each.rule)
    def test_its_text_names_case_and_versions(self, deviation: Deviation) -> None:
        assert deviation.case in str(deviation)
        assert deviation.versions in str(deviation)

    def test_a_rule_has_at_most_one(self) -> None:
        rules = [each.rule for each in DEVIATIONS]
        assert len(set(rules)) == len(rules)

    def test_one_that_does_not_apply_is_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            deviations, "DEVIATIONS", tuple(each for each in DEVIATIONS if not each.applies())
        )
        assert deviations.installed() == {}


class TestTheReference:
    def test_a_deviation_is_an_expected_failure(self) -> None:
        result = judged(planned(reference(), BROKEN, bundled=True))
        assert result.status == "xfailed"
        assert result.reason.startswith("known deviation of JAX")

    def test_its_evidence_is_kept(self) -> None:
        assert judged(planned(reference(), BROKEN, bundled=True)).failure is not None

    @pytest.mark.usefixtures("invented")
    def test_a_deviation_that_is_gone_is_a_failure(self) -> None:
        assert judged(planned(reference(), HELD, bundled=True)).status == "xpassed"


class TestOtherTargets:
    def test_a_target_built_on_jax_may_have_the_deviation(self) -> None:
        assert judged(planned(reference(), BROKEN)).status == "xfailed"

    @pytest.mark.usefixtures("invented")
    def test_it_may_be_better(self) -> None:
        assert judged(planned(reference(), HELD)).status == "passed"

    def test_a_target_without_jax_has_none(self) -> None:
        plan = planned(of_callable(numpy_loop), HELD)
        assert all(expected_failure(plan, rule, STATIC) is None for rule in all_rules())


class TestExpectations:
    def test_a_failure_that_is_expected(self) -> None:
        def nothing(lower: int, upper: int, body_fun: object, init_val: object) -> object:
            return init_val

        target = of_callable(nothing, array_namespace="numpy")
        result = judged(planned(target, HELD, CARRY_08="not yet: …"))
        assert (result.status, result.reason) == ("xfailed", "not yet: …")

    def test_an_unexpected_pass_is_a_failure(self) -> None:
        result = judged(planned(of_callable(numpy_loop), HELD, CARRY_08="never: …"))
        assert (result.status, result.reason) == ("xpassed", "never: …")

    def test_a_listed_failure_goes_before_a_known_deviation(self) -> None:
        plan = planned(reference(), BROKEN, BOUND_12="mine")
        (rule,) = plan.rules
        found = expected_failure(plan, rule, STATIC)
        assert found is not None
        assert found.reason == "mine"

    def test_a_deviation_with_static_bounds_is_not_expected_with_traced_ones(self) -> None:
        plan = planned(reference(), BROKEN, bundled=True)
        (rule,) = plan.rules
        assert expected_failure(plan, rule, TRACED) is None

    def test_a_skipped_rule_is_neither(self) -> None:
        plan = planned(reference(without=["pytree"]), HELD, CARRY_08="never: …")
        result = judged(plan)
        assert (result.status, result.reason) == ("skipped", "the target lacks pytree")


class TestOtherFailures:
    """A deviation names the variants in which it is seen, and the wrong results."""

    SEEN = Deviation(
        rule=HELD,
        versions="all",
        applies=lambda: True,
        bounds="static",
        transforms=("with_jit",),
        got=("[1] 3",),
        case="f(0)",
        why="gives 3",
    )

    @pytest.mark.parametrize(
        ("path", "got", "seen"),
        [("[1]", "3", True), ("[1]", "4", False), ("[0]", "3", False), ("", "3", False)],
    )
    def test_another_result(self, path: str, got: str, seen: bool) -> None:
        assert self.SEEN.is_seen(STATIC_JIT, failure(path, got)) is seen

    def test_another_variant(self) -> None:
        assert not self.SEEN.is_seen(STATIC, None)
        assert not self.SEEN.is_seen(TRACED, None)

    def test_before_anything_failed(self) -> None:
        assert self.SEEN.is_seen(STATIC_JIT, None)

    def test_it_is_a_failure_of_the_target(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            deviations, "DEVIATIONS", (replace(self.SEEN, transforms=(), rule=HELD),)
        )
        assert judged(planned(of_callable(forgetful, name="forgetful"), HELD)).status == "failed"


class TestDrawnPrograms:
    """A program that fails is shrunk, and reported as the deviation that it matches."""

    MATCHING = structured.program(0, 1, [("cumsum", 0, 0, 0, 1), ("shift_right", 0, 0, 0, 1)])
    OTHER = structured.program(0, 1, [("cumsum", 0, 0, 0, 1), ("roll", 0, 0, 0, 1)])

    @pytest.fixture(autouse=True)
    def _on_a_cpu(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(config, "platform_of_jax", lambda: "cpu")

    def test_it_is_known_by_its_instructions(self) -> None:
        known = deviations.match(violating(self.MATCHING))
        assert known is not None
        assert known.rule == "ITER-15"
        assert deviations.match(violating(self.OTHER)) is None

    def test_it_needs_one_instruction_of_each_group(self) -> None:
        rolled = replace(of_a_rule("ITER-16"), programs=(("roll_by_i", "roll"), ("window",)))
        assert not rolled.matches(violating(self.OTHER))
        code = [("roll", 0, 0, 0, 1), ("window", 0, 0, 0, 1)]
        assert rolled.matches(violating(structured.program(0, 1, code)))

    def test_it_may_need_the_difference_as_well(self) -> None:
        added = replace(of_a_rule("ITER-21"), programs=(("plus",),), differences=(("0.0", "-0.0"),))
        case = structured.program(0, 1, [("plus", 0, 0, 0, 1)], [("float32", (16,), 1, 0)])
        assert added.matches(violating(case, "0.0", "-0.0"))
        assert not added.matches(violating(case, "0.0", "1.0"))

    def test_a_case_of_another_type_matches_none(self) -> None:
        case = Snippet("0", "1", "def body(i, c): return c", "0")
        assert deviations.match(violating(case)) is None

    def test_another_target_shares_it_if_the_reference_fails_likewise(self) -> None:
        plan, rule, subject = called(jax.lax.fori_loop)
        violation = check(rule, subject, self.MATCHING).violation
        assert violation is not None
        assert match_known_deviation(plan, rule, subject, violation).startswith(
            "known deviation of JAX"
        )

    def test_a_program_that_fails_without_the_instructions_is_not_explained(self) -> None:
        plan, rule, subject = called(one_trip_short)
        violation = check(rule, subject, self.MATCHING).violation
        assert violation is not None
        assert match_known_deviation(replace(plan, bundled=True), rule, subject, violation) == ""

    def test_a_failure_that_the_reference_does_not_share_is_not_explained(self) -> None:
        plan, rule, subject = called(jax.lax.fori_loop)
        own = Violation(self.MATCHING, Difference("[0][0]", "0", "7", "value"))
        assert match_known_deviation(plan, rule, subject, own) == ""


def violating(case: Batch, expected: str = "0", got: str = "1") -> Violation:
    return Violation(case, Difference("[0][0]", expected, got, "value"))


def one_trip_short(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    return jax.lax.fori_loop(lower, upper - 1, body_fun, init_val)


def called(fori_loop: Any) -> tuple[Plan, Rule, Subject]:
    """A target, to be judged on compiled programs."""
    plan = planned(of_callable(fori_loop, name="other"), "ITER-12")
    (rule,) = plan.rules
    (subject,) = Subjects(plan.target).of(rule)
    return plan, rule, subject


def forgetful(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Runs nothing."""
    return jax.tree.map(jnp.asarray, init_val)


def failure(path: str, got: str) -> Failure:
    empty = {"id": "", "rule": HELD, "sentence": "", "variant": "", "case": "", "script": ""}
    return Failure(**empty, path=path, expected="", got=got, why="", ratio=None, data={})
