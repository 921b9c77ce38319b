"""Factors: all values, and expressions that a script can repeat."""

from __future__ import annotations

import re

import pytest

from foricheck.cases.loop import Expression
from foricheck.cases.variants import STATIC, Variant
from foricheck.programs.expressions import assigned, expected
from foricheck.strategies.unroll import factors
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import reference

from ..draws import jax_loop, numpy_loop

COMPILED = JaxLoop(reference(), Variant("static", "with_jit"))
EAGER = JaxLoop(reference(), STATIC)
EVERY = pytest.mark.parametrize(
    "case",
    [
        case
        for name in factors.__all__
        for case in getattr(factors, name)(COMPILED)
        if case.expected and "as_text" not in case.call
    ],
    ids=lambda case: case.call[:60],
)


def trips(case: Expression) -> int:
    """The trip count of a case."""
    import numpy as np

    bounds = assigned(case.bounds, np)
    return int(bounds["upper"] - bounds["lower"])


def factors_of(case: Expression) -> list[int | None]:
    """The list of factors in a case."""
    found = re.search(r"for unroll in (\[.*\])\]$", case.call)
    assert found
    return list(eval(found[1]))


class TestEveryFactor:
    def test_reaches_two_more_than_the_trip_count(self) -> None:
        for case in factors.every_factor(COMPILED):
            assert factors_of(case) == [None, False, True, *range(1, max(trips(case), 0) + 3)]

    def test_has_empty_ranges_and_long_ones(self) -> None:
        found = [trips(case) for case in factors.every_factor(COMPILED)]
        assert found == list(range(-1, 8))

    def test_compiles_little_where_each_loop_is_a_program(self) -> None:
        loops = sum(len(factors_of(case)) for case in factors.every_factor(EAGER))
        assert loops < 20

    def test_loops_in_python_are_cheap(self) -> None:
        found = [trips(case) for case in factors.every_factor(numpy_loop())]
        assert found == list(range(-1, 8))


class TestOthers:
    def test_zero_is_combined_with_empty_ranges(self) -> None:
        found = {trips(case) > 0 for case in factors.zero(COMPILED)}
        assert found == {True, False}

    def test_nested_carries_are_combined_with_divisors_and_others(self) -> None:
        pairs = [
            (trips(case), factor)
            for case in factors.nested_carries(COMPILED)
            for factor in factors_of(case)
            if factor is not None and factor > 1
        ]
        assert any(count % factor == 0 for count, factor in pairs if count)
        assert any(count % factor for count, factor in pairs)
        assert any(factor > 2 * count for count, factor in pairs)

    def test_a_traced_factor_needs_a_compiled_call(self) -> None:
        traced = [case.values for case in factors.invalid_factors(COMPILED)]
        eager = [case.values for case in factors.invalid_factors(EAGER)]
        assert any("factor" in values for values in traced)
        assert not any("factor" in values for values in eager)

    def test_one_of_two_bounds_may_be_traced(self) -> None:
        calls = [case.call for case in factors.beside_traced_bounds(jax_loop())]
        assert any("(2, upper," in call for call in calls)
        assert any("(lower, 7," in call for call in calls)


@EVERY
def test_the_oracle_changes_the_carry_whenever_there_are_trips(case: Expression) -> None:
    before = expected(Expression(call="", expected="c", values=case.values))
    after = expected(case)
    after = after[0] if isinstance(after, list) else after
    assert (repr(before) != repr(after)) == (trips(case) > 0)


@EVERY
def test_a_name_is_assigned_once(case: Expression) -> None:
    names = re.findall(r"^(\w+) = ", f"{case.bounds}\n{case.values}", re.MULTILINE)
    assert len(set(names)) == len(names)
