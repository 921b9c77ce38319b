"""Cases of loops: edge cases are drawn often enough to occur in every run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch
from foricheck.programs.program import CONST, INDEX, OPS, ROWS, WIDTH, recorder
from foricheck.strategies.bound import bounds
from foricheck.strategies.iter import loops, ranges
from foricheck.strategies.iter.loops import PROGRAM, RANGE

from ..draws import DRAWS, all_lanes, jax_loop, numpy_loop, simplest

SOME = DRAWS // 256
"""The number of draws required to consider an edge reached."""

DTYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
EVERY_DTYPE = pytest.mark.parametrize("dtype", DTYPES)

Decode = Callable[[str, Array], LoopBatch]


def integers(column: Array) -> Array:
    """Python integers, which cannot wrap."""
    return column.astype(object)


def trips(cases: LoopBatch) -> Array:
    """Upper − lower, possibly negative."""
    return integers(cases.upper) - integers(cases.lower)


def count(which: Any) -> int:
    return int(np.count_nonzero(which))


@pytest.fixture(params=DTYPES)
def drawn(request: pytest.FixtureRequest) -> LoopBatch:
    """Drawn ranges of each dtype."""
    cases: LoopBatch = all_lanes(loops.recorded, request.param, RANGE)
    return cases


@pytest.fixture(scope="module")
def cases() -> LoopBatch:
    """Drawn body programs over int32 ranges."""
    cases: LoopBatch = all_lanes(loops.programs, "int32", PROGRAM)
    return cases


class TestRanges:
    def test_bounds_are_numbers_of_the_dtype(self, drawn: LoopBatch) -> None:
        limits = np.iinfo(drawn.dtype)
        for bound in (drawn.lower, drawn.upper):
            assert limits.min <= int(bound.min()) <= int(bound.max()) <= limits.max

    def test_a_range_that_runs_stays_away_from_the_extremes(self, drawn: LoopBatch) -> None:
        """A loop that wraps there would hang; extremes have separate rules."""
        limits = np.iinfo(drawn.dtype)
        runs = drawn.lanes(trips(drawn) > 0)
        assert not count(integers(runs.upper) == limits.max)
        assert drawn.dtype.startswith("u") or not count(integers(runs.lower) == limits.min)

    @pytest.mark.parametrize("length", [0, 1, 2, 7, 8])
    def test_short_ranges_are_common(self, drawn: LoopBatch, length: int) -> None:
        assert count(trips(drawn) == length) >= DRAWS // 64

    def test_longer_ranges_are_drawn_up_to_64_trips(self, drawn: LoopBatch) -> None:
        assert count(trips(drawn) > 8) >= DRAWS // 32
        assert trips(drawn).max() == 64

    def test_upper_is_often_one_below_lower(self, drawn: LoopBatch) -> None:
        assert count(trips(drawn) == -1) >= DRAWS // 64

    def test_upper_is_often_far_below_lower(self, drawn: LoopBatch) -> None:
        assert count(trips(drawn) < -64) >= SOME

    @pytest.mark.parametrize("size", [1, 100, 2**20])
    def test_bounds_of_every_size_and_sign_are_drawn(self, drawn: LoopBatch, size: int) -> None:
        limits, lower = np.iinfo(drawn.dtype), integers(drawn.lower)
        assert size > limits.max // 2 or count(lower >= size) >= SOME
        assert -size < limits.min // 2 or count(lower <= -size) >= SOME

    def test_most_ranges_run(self, drawn: LoopBatch) -> None:
        assert count(trips(drawn) > 0) >= DRAWS // 2

    def test_some_ranges_do_not_start_at_0(self, drawn: LoopBatch) -> None:
        assert count(drawn.lower != 0) >= DRAWS // 2

    def test_ranges_across_0_are_drawn_where_there_are_such(self, drawn: LoopBatch) -> None:
        across = (integers(drawn.lower) < 0) & (integers(drawn.upper) > 0)
        assert count(across) >= SOME or drawn.dtype.startswith("u")

    @EVERY_DTYPE
    def test_zeros_are_the_empty_range_at_0(self, dtype: str) -> None:
        case = simplest(loops.recorded, dtype, RANGE)
        assert (case.lower.item(), case.upper.item()) == (0, 0)

    @EVERY_DTYPE
    def test_columns_hold_every_number_of_the_dtype(self, dtype: str) -> None:
        limits = np.iinfo(dtype)
        assert ranges.column([limits.min, limits.max], dtype).tolist() == [limits.min, limits.max]


class TestExtremes:
    @EVERY_DTYPE
    def test_every_pair_near_an_end_is_there(self, dtype: str) -> None:
        limits = np.iinfo(dtype)
        pairs = set(ranges.at_the_extremes(dtype))
        for low in (limits.min, limits.max - 2):
            near = range(low, low + 3)
            assert {(lower, upper) for lower in near for upper in near} <= pairs

    @EVERY_DTYPE
    def test_the_empty_range_from_end_to_end_is_there(self, dtype: str) -> None:
        limits = np.iinfo(dtype)
        assert (limits.max, limits.min) in ranges.at_the_extremes(dtype)

    @pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "uint64"])
    def test_the_middle_of_an_unsigned_dtype_is_crossed(self, dtype: str) -> None:
        middle = (np.iinfo(dtype).max + 1) // 2
        pairs = ranges.at_the_extremes(dtype)
        assert any(lower < middle < upper for lower, upper in pairs)

    @EVERY_DTYPE
    def test_no_range_is_long(self, dtype: str) -> None:
        assert max(upper - lower for lower, upper in ranges.at_the_extremes(dtype)) <= 256

    @EVERY_DTYPE
    def test_ranges_are_numbers_of_the_dtype(self, dtype: str) -> None:
        limits = np.iinfo(dtype)
        every = np.array(ranges.at_the_extremes(dtype), object)
        assert limits.min <= every.min() <= every.max() <= limits.max

    @EVERY_DTYPE
    def test_short_ranges_come_first(self, dtype: str) -> None:
        lengths = [max(high - low, 0) for low, high in ranges.at_the_extremes(dtype)]
        assert lengths == sorted(lengths)

    def test_every_dtype_that_jax_has_is_enumerated(self) -> None:
        found = {cases.dtype for cases in bounds.extremes(jax_loop())}
        assert found == {"int8", "int16", "int32", "uint8", "uint16", "uint32"}

    def test_every_dtype_of_numpy_is_enumerated(self) -> None:
        assert {cases.dtype for cases in bounds.extremes(numpy_loop())} == set(DTYPES)

    def test_static_cases_come_alone(self) -> None:
        assert {len(cases) for cases in bounds.static_extremes(jax_loop())} == {1}


class TestPrograms:
    @pytest.mark.parametrize("op", range(len(OPS)), ids=OPS)
    def test_every_instruction_is_common(self, cases: LoopBatch, op: int) -> None:
        assert count(cases.code[..., 0] == op) >= DRAWS // 16

    @pytest.mark.parametrize("place", [2, 3])
    @pytest.mark.parametrize("operand", range(ROWS + 2))
    def test_every_operand_is_common(self, cases: LoopBatch, place: int, operand: int) -> None:
        assert count(cases.code[..., place] == operand) >= DRAWS // 16

    @pytest.mark.parametrize("register", range(ROWS))
    def test_every_register_is_written(self, cases: LoopBatch, register: int) -> None:
        assert count(cases.code[..., 1] == register) >= DRAWS // 16

    def test_constants_are_small_and_large_and_of_both_signs(self, cases: LoopBatch) -> None:
        constants = cases.code[..., 4]
        for which in (constants == 0, constants == 1, constants == -1, constants > 2**24):
            assert count(which) >= SOME
        assert count(constants < -(2**24)) >= SOME

    def test_most_programs_read_the_index(self, cases: LoopBatch) -> None:
        reads = (cases.code[..., 2:4] == INDEX).any(axis=(1, 2))
        assert count(reads) >= DRAWS // 2

    def test_carries_differ_from_lane_to_lane(self, cases: LoopBatch) -> None:
        assert len(np.unique(cases.carry.reshape(DRAWS, -1), axis=0)) >= DRAWS * 0.99

    def test_zeros_are_no_trips_of_the_identity_from_zeros(self) -> None:
        case = simplest(loops.programs, "int32", PROGRAM)
        parts = (case.lower, case.upper, case.code, case.carry)
        assert not any(part.any() for part in parts)

    def test_a_blind_program_never_reads_the_index(self) -> None:
        cases = all_lanes(loops.programs_without_index, "int32", PROGRAM)
        assert INDEX not in cases.code[..., 2:4]

    def test_an_empty_loop_is_empty(self) -> None:
        cases = all_lanes(loops.empty, "int32", PROGRAM)
        assert (cases.upper <= cases.lower).all()
        assert count(cases.upper == cases.lower) >= SOME
        assert count(cases.upper < cases.lower) >= DRAWS // 2

    def test_the_body_of_an_empty_loop_would_be_seen(self) -> None:
        case = simplest(loops.empty, "int32", PROGRAM)
        assert case.code[0, 0].tolist() == [OPS.index("add"), 0, 0, CONST, 1]

    def test_nested_loops_have_indices_of_both_signs(self) -> None:
        cases = all_lanes(loops.triangles, "int32", PROGRAM)
        assert count(cases.lower < 0) >= SOME
        assert count(cases.upper > 2) >= SOME
        assert trips(cases).max() <= 4

    def test_a_fixed_point_lies_inside_its_range(self) -> None:
        cases = all_lanes(loops.fixed_points, "int32", RANGE)
        start = cases.carry[:, 0, 0].astype(np.int64)
        runs = cases.upper > cases.lower
        assert ((cases.lower <= start) & (start < cases.upper))[runs].all()
        assert count(start > cases.lower) >= DRAWS // 4


class TestDerivedCases:
    def test_halves_are_adjacent_and_cover_the_range(self, cases: LoopBatch) -> None:
        first, second = loops.halves(cases)
        runs = cases.upper > cases.lower
        np.testing.assert_array_equal(first.lower, cases.lower)
        np.testing.assert_array_equal(first.upper, second.lower)
        np.testing.assert_array_equal(second.upper[runs], cases.upper[runs])

    def test_halves_of_an_empty_range_are_empty(self, cases: LoopBatch) -> None:
        for half in loops.halves(cases.lanes(cases.upper <= cases.lower)):
            assert (half.upper <= half.lower).all()

    def test_a_moved_range_starts_at_0_with_as_many_trips(self, cases: LoopBatch) -> None:
        moved = loops.moved_to_zero(cases)
        assert not moved.lower.any()
        np.testing.assert_array_equal(moved.upper, np.maximum(trips(cases), 0).astype(np.int64))

    def test_calls_in_order_change_one_thing_at_a_time(self, cases: LoopBatch) -> None:
        calls = loops.calls_in_order(cases.lane(5))
        changed = [
            {name for name in ("upper", "carry", "code")
             if not np.array_equal(getattr(calls, name)[n], getattr(calls, name)[0])}
            for n in range(len(calls))
        ]  # fmt: skip
        assert changed == [set(), {"upper"}, {"carry"}, {"carry"}, {"code"}, set()]

    def test_one_of_the_carries_differs_in_its_last_element_alone(self, cases: LoopBatch) -> None:
        carry = loops.calls_in_order(cases.lane(5)).carry
        assert np.argwhere(carry[2] != carry[0]).tolist() == [[ROWS - 1, WIDTH - 1]]

    def test_calls_in_order_run_and_are_int32(self, cases: LoopBatch) -> None:
        for n in range(256):
            calls = loops.calls_in_order(cases.lane(n))
            assert (calls.upper > calls.lower).all()
            assert int(calls.upper.max()) < 2**31


class TestEnumerations:
    def test_all_pairs_of_int8_are_there_once(self) -> None:
        batches = list(loops.every_int8_pair(jax_loop()))
        pairs = [pair for each in batches for pair in zip(each.lower, each.upper, strict=True)]
        assert len(pairs) == len(set(pairs)) == 256**2

    def test_the_pairs_run_the_recorder(self) -> None:
        assert all((each.code == recorder()).all() for each in loops.every_int8_pair(jax_loop()))

    @pytest.mark.parametrize("power", [8, 15, 16])
    def test_long_ranges_lie_around_powers_of_two(self, power: int) -> None:
        lengths = {trips(each).item() for each in loops.long_ranges(jax_loop())}
        assert {2**power - 1, 2**power, 2**power + 1} <= lengths

    def test_one_range_is_longer_than_the_integers_of_float32(self) -> None:
        assert max(trips(each).item() for each in loops.long_ranges(jax_loop())) > 2**24 + 1

    def test_no_range_is_very_long_where_python_loops(self) -> None:
        assert max(trips(each).item() for each in loops.long_ranges(numpy_loop())) < 2**17
