"""Checking a property: observations, cases left out, and the control."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from foricheck.cases.loop import LoopBatch
from foricheck.cases.variants import PLAIN
from foricheck.comparison.violations import Difference, Unsupported, Violation
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.judging.checking import Observation, check
from foricheck.programs.program import recorder
from foricheck.rules.registry import all_rules
from foricheck.rules.rule import Rule
from foricheck.rules.selection import select
from foricheck.targets.loading import of_callable
from foricheck.targets.numpy.loop import NumpyLoop
from foricheck.targets.subject import Subject

(RULE,) = select("ITER-01", frozenset({"loop"}))
BROKEN = Difference("", "1", "2", "value")


class Controlled(NumpyLoop):
    """A loop with a control, which is called with one lane at a time."""

    @property
    def control(self) -> Subject | None:
        return SUBJECT


SUBJECT = NumpyLoop(of_callable(numpy_loop, array_namespace="numpy"), PLAIN)
CONTROLLED = Controlled(SUBJECT.target, PLAIN)


def loops(count: int) -> LoopBatch:
    """Loops with the upper bounds from 0 to ``count - 1``."""
    code = np.repeat(recorder()[None], count, axis=0)
    upper = np.arange(count, dtype=np.int64)
    return LoopBatch("int32", upper * 0, upper, code, np.zeros((count, 1, 1), np.int32))


def rule_of(prop: Callable[[Any, LoopBatch], float | None]) -> Rule:
    rule = replace(RULE)
    object.__setattr__(rule, "prop", prop)  # a property elsewhere than in its chapter
    return rule


def fails_from(upper: int) -> Rule:
    def prop(_: Any, cases: LoopBatch) -> None:
        lanes = np.flatnonzero(cases.upper >= upper)
        if len(lanes):
            raise Violation(cases.lane(int(lanes[0])), BROKEN, lanes=lanes, max_ratio=3.0)

    return rule_of(prop)


def unsupported_from(upper: int, then: Rule) -> Rule:
    def prop(subject: Any, cases: LoopBatch) -> float | None:
        if (cases.upper >= upper).any():
            raise Unsupported(f"no trip count of {upper}")
        return then.prop(subject, cases)

    return rule_of(prop)


def test_the_test_ratio_is_observed() -> None:
    assert check(rule_of(lambda *_: 0.25), SUBJECT, loops(3)) == Observation(max_ratio=0.25)


def test_a_violation_is_observed_with_the_ratio_of_the_batch() -> None:
    seen = check(fails_from(2), SUBJECT, loops(4))
    assert seen.violation is not None
    assert seen.violation.lanes == [2, 3]
    assert seen.max_ratio == 3.0


def test_only_unsupported_cases_are_left_out() -> None:
    seen = check(unsupported_from(3, rule_of(lambda *_: 0.5)), SUBJECT, loops(5))
    assert seen == Observation(max_ratio=0.5, left_out=("no trip count of 3",) * 2)


def test_supported_cases_beside_unsupported_ones_are_judged() -> None:
    seen = check(unsupported_from(3, fails_from(1)), SUBJECT, loops(5))
    assert seen.violation is not None
    assert seen.violation.lanes == [1]


def test_a_case_that_the_control_fails_too_is_left_out() -> None:
    seen = check(fails_from(1), CONTROLLED, loops(2))
    assert seen.violation is None
    assert seen.left_out == ("a right loop over its arrays gives 2, not 1",)


def test_a_case_that_only_the_target_fails_is_a_violation() -> None:
    def prop(subject: Any, cases: LoopBatch) -> None:
        if subject is CONTROLLED:
            raise Violation(cases.lane(0), BROKEN)

    assert check(rule_of(prop), CONTROLLED, loops(1)).violation is not None


def test_every_property_with_an_error_bound_returns_the_test_ratio() -> None:
    bounded = [rule for rule in all_rules() if "must_be_within(" in inspect.getsource(rule.prop)]
    wrong = [rule.id for rule in bounded if inspect.signature(rule.prop).return_annotation is None]
    assert bounded
    assert not wrong


@pytest.mark.parametrize("count", [1, 3])
def test_a_property_that_holds_observes_nothing(count: int) -> None:
    assert check(rule_of(lambda *_: None), SUBJECT, loops(count)) == Observation()
