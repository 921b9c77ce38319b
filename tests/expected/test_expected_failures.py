"""A rule that is expected to fail: strict, warned about if it has no effect, and cheap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from importlib import import_module
from typing import Any

import pytest

import foricheck
from foricheck.cases.batch import Batch
from foricheck.comparison.violations import Violation
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.errors import RequestError
from foricheck.judging import canaries, shrinking
from foricheck.judging.events import Event, RuleResult
from foricheck.judging.plan import Plan
from foricheck.judging.run import run
from foricheck.report.report import Report
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.targets.loading import of_callable, reference
from foricheck.targets.target import Target

REASON = "not yet: to be filled in"
DRAWN, BULK, COMPILED, ENUMERATED = "CARRY-03", "ITER-04", "ITER-11", "CARRY-20"
SHRINKING = {"drawing": "shrink", "compiled": "simplified", "enumerating": "simplified"}
EVERY_DRAW = pytest.mark.parametrize("id", [DRAWN, BULK, COMPILED, ENUMERATED])


def skips_a_trip(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """Wrong in the index, and in the containers that it returns."""
    got = numpy_loop(lower, max(int(upper) - 1, int(lower)), body_fun, init_val)
    return list(got) if type(got) is tuple else tuple(got) if type(got) is list else got


@dataclass
class Judged:
    """Whether each case broke the rule, in order, and the report."""

    broken: list[bool]
    report: Report

    @property
    def result(self) -> RuleResult:
        (result,) = self.report.results
        return result


def target_of(function: Callable[..., Any]) -> Target:
    return of_callable(function, array_namespace="numpy")


def judged(id: str, target: Target, expected: dict[str, str]) -> Judged:
    (rule,) = select(id, frozenset({"loop"}))
    broken: list[bool] = []
    events: list[Event] = []
    plan = Plan(target=target, rules=(_noting(rule, broken),), expected=expected, profile="quick")
    run(plan, events.append)
    return Judged(broken, Report.of(events))


def _noting(rule: Rule, broken: list[bool]) -> Rule:
    """The rule, with a note of each batch that is judged."""

    @wraps(rule.prop)
    def prop(subject: Any, cases: Batch) -> float | None:
        try:
            ratio = rule.prop(subject, cases)
        except Violation:
            broken.append(True)
            raise
        broken.append(False)
        return ratio

    return replace(rule, prop=prop)


@pytest.fixture
def shrunk(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the shrinking functions that were called, for the rule alone."""
    monkeypatch.setattr(canaries, "CANARIES", ())  # whose failures are shrunk
    called: list[str] = []
    for place, name in SHRINKING.items():
        original = getattr(shrinking, name)

        def noting(*args: Any, name: str = name, original: Any = original, **rest: Any) -> Any:
            called.append(name)
            return original(*args, **rest)

        monkeypatch.setattr(import_module(f"foricheck.judging.{place}"), name, noting)
    return called


class TestNoShrinking:
    @EVERY_DRAW
    def test_it_fails_as_expected(self, id: str) -> None:
        result = judged(id, target_of(skips_a_trip), {id: REASON}).result
        assert (result.status, result.reason) == ("xfailed", REASON)

    @EVERY_DRAW
    def test_nothing_is_shrunk(self, id: str, shrunk: list[str]) -> None:
        judged(id, target_of(skips_a_trip), {id: REASON})
        assert shrunk == []

    @pytest.mark.parametrize("id", [BULK, COMPILED, ENUMERATED])
    def test_an_unexpected_failure_is_shrunk(self, id: str, shrunk: list[str]) -> None:
        judged(id, target_of(skips_a_trip), {})
        assert shrunk

    @pytest.mark.parametrize("id", [DRAWN, BULK, ENUMERATED])
    def test_judging_ends_at_the_first_violation(self, id: str) -> None:
        broken = judged(id, target_of(skips_a_trip), {id: REASON}).broken
        assert broken.index(True) == len(broken) - 1

    def test_hypothesis_shrinks_an_unexpected_failure(self) -> None:
        broken = judged(DRAWN, target_of(skips_a_trip), {}).broken
        assert broken.index(True) < len(broken) - 1

    def test_one_of_several_programs_is_judged_alone(self) -> None:
        broken = judged(COMPILED, target_of(skips_a_trip), {COMPILED: REASON}).broken
        assert broken.index(True) == len(broken) - 2

    @EVERY_DRAW
    def test_another_rule_is_judged_as_usual(self, id: str) -> None:
        without = judged(id, target_of(skips_a_trip), {}).broken
        assert judged(id, target_of(skips_a_trip), {"ITER-01": REASON}).broken == without

    @EVERY_DRAW
    def test_the_evidence_is_kept_in_the_report(self, id: str) -> None:
        made = judged(id, target_of(skips_a_trip), {id: REASON})
        (entry,) = made.report.to_json()["rules"]
        assert entry["failure"]["rule"] == id
        assert entry["failure"]["data"]
        assert entry["failure"]["script"]


class TestStrict:
    @EVERY_DRAW
    def test_an_unexpected_pass_is_reported(self, id: str) -> None:
        made = judged(id, target_of(numpy_loop), {id: REASON})
        assert (made.result.status, made.result.reason) == ("xpassed", REASON)

    def test_an_unexpected_pass_is_nonconformant(self) -> None:
        assert judged(BULK, target_of(numpy_loop), {BULK: REASON}).report.verdict == "nonconformant"

    def test_check_reports_it_too(self) -> None:
        report = foricheck.check(
            numpy_loop, rules=BULK, profile="quick", expected_failures={BULK: REASON}
        )
        assert str(report).endswith(f"{BULK} passed, though it was expected to fail: {REASON}")

    def test_known_deviations_are_not_matched_if_the_failure_is_expected(self) -> None:
        """Matching costs compilations: the program is shrunk first."""
        made = judged("UNROLL-12", reference(kind="loop"), {"UNROLL-12": REASON})
        assert (made.result.status, made.result.reason) == ("xfailed", REASON)


class TestEntriesWithoutEffect:
    def test_an_id_that_no_rule_has_is_refused(self) -> None:
        with pytest.raises(RequestError, match="no rule is named ITER-99, which is expected to fa"):
            foricheck.check(numpy_loop, rules=BULK, expected_failures={"ITER-99": REASON})

    def test_a_rule_that_was_skipped_is_noted(self) -> None:
        rules = select("CARRY-14,ITER-01", frozenset({"loop"}))
        events: list[Event] = []
        plan = Plan(target=target_of(numpy_loop), rules=rules, expected={"CARRY-14": REASON})
        run(plan, events.append)
        note = "CARRY-14, which is expected to fail, was skipped: the target lacks jit"
        assert Report.of(events).notes == (note,)

    def test_a_rule_that_was_not_selected_is_not_noted(self) -> None:
        assert judged(BULK, target_of(numpy_loop), {"CARRY-14": REASON}).report.notes == ()
