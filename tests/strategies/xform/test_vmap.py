"""Expressions under vmap: the lanes they cover, and the correctness of gradients."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from foricheck.cases.loop import Expression
from foricheck.programs import expressions
from foricheck.strategies.xform import vmap
from foricheck.targets.loop import LoopSubject

from ..draws import jax_loop

EXAMPLES = 100


@cache
def drawn(strategy: Callable[[LoopSubject], Any]) -> list[Expression]:
    found: list[Expression] = []

    @settings(max_examples=EXAMPLES, phases=[Phase.generate])
    @given(case=strategy(jax_loop()))
    def draw(case: Expression) -> None:
        found.append(case)

    draw()
    return found


@cache
def arrangements() -> list[list[int]]:
    """The trip counts of the lanes of each drawn arrangement."""
    found: list[list[int]] = []

    @settings(max_examples=EXAMPLES, phases=[Phase.generate])
    @given(lanes=vmap.arrangements())
    def draw(lanes: list[tuple[int, int]]) -> None:
        found.append([upper - lower for lower, upper in lanes])

    draw()
    return found


def named(case: Expression) -> dict[str, Any]:
    """The bounds of a case over NumPy, by name."""
    return expressions.assigned(case.bounds, np)


class TestLanes:
    def test_no_lane_is_alone(self) -> None:
        assert min(map(len, arrangements())) == 2

    def test_empty_lanes_often_lie_next_to_ones_that_run(self) -> None:
        mixed = [max(trips) > 0 and min(trips) <= 0 for trips in arrangements()]
        assert sum(mixed) >= EXAMPLES // 2

    def test_lanes_often_end_one_after_the_other(self) -> None:
        different = [len({max(n, 0) for n in trips}) >= 3 for trips in arrangements()]
        assert sum(different) >= EXAMPLES // 4

    @pytest.mark.parametrize("trips", [0, -1, -100, 1, 2, 40])
    def test_every_edge_is_reached(self, trips: int) -> None:
        assert sum(trips in lanes for lanes in arrangements()) >= EXAMPLES // 20

    @pytest.mark.parametrize("dtype", ["int8", "int32"])
    @pytest.mark.parametrize("sides", [{"low"}, {"high"}, {"low", "high"}])
    def test_either_bound_is_mapped_or_both(self, sides: set[str], dtype: str) -> None:
        arrays = [
            {name for name, bound in named(case).items() if np.ndim(bound) and bound.dtype == dtype}
            for case in drawn(vmap.lanes)
        ]
        assert arrays.count(sides) >= EXAMPLES // 25

    def test_both_types_of_grids_are_drawn(self) -> None:
        products = ["trips" in named(case) for case in drawn(vmap.grids)]
        assert EXAMPLES // 4 <= sum(products) <= EXAMPLES * 3 // 4


class TestManyLanes:
    @pytest.fixture(params=[0, 1])
    def bounds(self, request: pytest.FixtureRequest) -> dict[str, Any]:
        cases = list(vmap.many_lanes(jax_loop()))
        return expressions.assigned(cases[request.param].values, np)

    def test_there_are_more_than_16_bits_count(self, bounds: dict[str, Any]) -> None:
        assert len(bounds["low"]) == len(bounds["high"]) == len(bounds["c"]) > 2**16

    @pytest.mark.parametrize("period", [2**8, 2**15, 2**16])
    def test_a_lane_differs_from_that_of_a_wrapped_number(
        self, bounds: dict[str, Any], period: int
    ) -> None:
        pairs = np.stack([bounds["low"], bounds["high"]])
        assert (pairs[:, period:] != pairs[:, :-period]).any(axis=0).mean() > 0.8


@pytest.mark.parametrize("n", [0, 1])
def test_expected_gradients_are_those_of_a_complex_step(n: int) -> None:
    case = list(vmap.gradients(jax_loop()))[n]
    step = 1e-30j
    for k, got in enumerate(expressions.expected(case)[0]):
        names = expressions.assigned(f"{case.bounds}\n{case.values}", np)
        names["ck"[k]] = names["ck"[k]] + step
        moved = np.array(names["c"], np.complex128)
        for i in range(names["lower"], names["upper"]):
            moved = moved * names["k"] + i
        np.testing.assert_allclose(got, moved.imag / step.imag, rtol=1e-6)
