"""Expressions about tracing: the faults that they must distinguish."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foricheck.cases.loop import Expression
from foricheck.cases.variants import STATIC
from foricheck.programs.expressions import assigned, expected
from foricheck.strategies.trace import programs, tracing
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import of_callable

from ..draws import jax_loop

LOOP = jax_loop()


def untraceable() -> JaxLoop:
    def fori_loop(lower: int, upper: int, body_fun: object, init_val: object) -> object:
        return init_val

    return JaxLoop(of_callable(fori_loop, without=("traced",)), STATIC)


def test_bounds_in_turn_are_empty_reversed_long_and_extreme() -> None:
    (case,) = tracing.bounds_in_turn(LOOP)
    ranges = assigned(case.given, np)["ranges"]
    assert any(lower == upper for lower, upper in ranges)
    assert any(lower > upper for lower, upper in ranges)
    assert any(upper - lower > 4096 for lower, upper in ranges)
    assert any(upper == 2**31 - 1 for _, upper in ranges)


@pytest.mark.parametrize("case", [*tracing.closures(LOOP)], ids=lambda case: case.call)
def test_closed_over_values_are_distinguished(case: Expression) -> None:
    mixed_up = replace(case, values=f"{case.values}\na, b = b, a")
    assert not np.array_equal(expected(mixed_up), expected(case))


@pytest.mark.parametrize("case", [*tracing.nests(LOOP)], ids=lambda case: case.given)
def test_the_innermost_body_of_a_nest_runs(case: Expression) -> None:
    without = replace(case, given=case.given.replace("return e * 31", "return e + 0 * 31"))
    assert not np.array_equal(expected(without), expected(case))


@pytest.mark.parametrize(
    "strategy", [programs.host_calls, tracing.ordered_effects], ids=lambda each: each.__name__
)
def test_a_target_that_can_not_be_traced_gets_no_traced_bounds(strategy: object) -> None:
    assert callable(strategy)
    texts = [case.call for case in strategy(untraceable())]
    assert texts
    assert not [text for text in texts if "lower" in text]
