"""The canaries: known loops that are judged in the process of the target."""

from __future__ import annotations

from dataclasses import replace

import pytest

import foricheck
from foricheck.comparison import assertions
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.judging.canaries import CHANGED, Canaries, applicable, tampering, tampering_in
from foricheck.judging.canary_cases import CANARIES
from foricheck.judging.events import Event, RuleFinished, RuleResult
from foricheck.targets.loading import of_callable, reference
from foricheck.targets.target import Target


def over_numpy() -> Target:
    return of_callable(numpy_loop, array_namespace="numpy")


def results(target: Target, *, at_the_end: bool = True) -> list[RuleResult]:
    found: list[RuleResult] = []

    def collect(event: Event) -> None:
        if isinstance(event, RuleFinished):
            found.append(event.result)

    Canaries(target, collect).judge(at_the_end=at_the_end)
    return found


@pytest.fixture(scope="module")
def known() -> list[RuleResult]:
    return results(reference())


class TestUnchanged:
    def test_the_wrong_loops_fail_and_the_right_ones_pass(self, known: list[RuleResult]) -> None:
        assert tampering(CANARIES, known) == ""

    def test_over_numpy(self) -> None:
        assert tampering_in(over_numpy()) == ""

    def test_the_cheap_ones_alone(self) -> None:
        cheap = applicable("numpy", {"loop"}, at_the_end=False)
        assert tampering(cheap, results(over_numpy(), at_the_end=False)) == ""

    def test_a_harness_has_none(self) -> None:
        assert applicable("wire", {"loop"}, at_the_end=True) == []


class TestChanged:
    """Each known result that is changed is noticed."""

    @pytest.mark.parametrize("place", range(len(CANARIES)))
    def test_another_status(self, known: list[RuleResult], place: int) -> None:
        other = "failed" if CANARIES[place].is_right else "passed"
        changed = [*known]
        changed[place] = replace(known[place], status=other)  # type: ignore[arg-type]  # a Status
        assert tampering(CANARIES, changed).startswith(CHANGED)

    def test_another_value(self, known: list[RuleResult]) -> None:
        place = next(n for n, one in enumerate(CANARIES) if one.case is not None)
        failure = known[place].failure
        assert failure is not None
        changed = [*known]
        changed[place] = replace(known[place], failure=replace(failure, expected=failure.got))
        assert tampering(CANARIES, changed).startswith(CHANGED)

    def test_one_that_was_not_judged(self, known: list[RuleResult]) -> None:
        assert tampering(CANARIES, known[1:]).startswith(CHANGED)


class TestInThisProcess:
    def test_check_gives_no_verdict(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(assertions, "differs", lambda expected, got: expected != expected)
        report = foricheck.check(numpy_loop, rules="ITER-02", array_namespace="numpy")
        assert (report.verdict, report.reason[: len(CHANGED)]) == ("error", CHANGED)
