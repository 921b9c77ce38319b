"""Cases of the recurrence: edge cases are drawn often enough to occur in every run."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest

from foricheck.cases.batch import Array
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.strategies.rec import recurrences
from foricheck.strategies.rec.recurrences import CASE, State

from ..draws import DRAWS, all_lanes, jax_recurrence, simplest

SOME = DRAWS // 256
"""The number of draws required to consider an edge reached."""

EVERY_STATE = pytest.mark.parametrize(
    "state",
    [*recurrences.every_hidden(jax_recurrence()), State(1, "float64"), State(64, "float64")],
    ids=lambda state: f"{state.dtype}-{state.hidden}",
)


def count(which: Any) -> int:
    return int(np.count_nonzero(which))


@pytest.fixture(
    params=[State(1), State(2), State(8), State(2, "float64"), State(8, "float64")],
    ids=lambda state: f"{state.dtype}-{state.hidden}",
)
def cases(request: pytest.FixtureRequest) -> RecurrenceBatch:
    cases: RecurrenceBatch = all_lanes(recurrences.short, request.param, CASE)
    return cases


class TestSeeds:
    @pytest.mark.parametrize("seed", [0, 1, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, -1])
    def test_edges_are_reached(self, cases: RecurrenceBatch, seed: int) -> None:
        assert count(cases.seed == seed) >= SOME

    def test_half_of_them_are_ordinary(self, cases: RecurrenceBatch) -> None:
        assert len(np.unique(cases.seed)) >= DRAWS // 4

    def test_every_edge_is_combined_with_every_row_of_the_weights(self) -> None:
        (batch,) = recurrences.edge_seeds(jax_recurrence())
        rows = {(int(seed), int(x.argmax())) for seed, x in zip(batch.seed, batch.x, strict=True)}
        assert rows == {(seed, row) for seed in recurrences.SEEDS for row in range(batch.hidden)}

    @pytest.mark.parametrize("seed", [-1, 2**31, 2**32, 2**32 + 5, 2**63 - 1, -(2**63)])
    def test_edges_of_64_bits_are_reached_with_x64(self, seed: int) -> None:
        assert count(all_lanes(recurrences.short, State(1, "float64"), CASE).seed == seed) >= SOME
        with jax.enable_x64(True):
            (batch,) = recurrences.edge_seeds(jax_recurrence())
        assert count(batch.seed == seed) == batch.hidden

    def test_seeds_and_trip_counts_may_be_wide_where_states_are_not(self) -> None:
        state = State(1, wide_counts=True)
        assert count(all_lanes(recurrences.short, state, CASE).seed == 2**40 + 3) >= SOME
        assert count(all_lanes(recurrences.negative, state, CASE).T == -(2**32) + 3) >= SOME
        assert all_lanes(recurrences.short, state, CASE).x.dtype == np.float32

    def test_with_x64_the_halves_of_a_seed_differ(self) -> None:
        seed = all_lanes(recurrences.short, State(1, "float64"), CASE).seed
        assert count(seed >> 32 != seed & 0xFFFFFFFF) >= DRAWS // 3


class TestTrips:
    @pytest.mark.parametrize("T", range(9))
    def test_short_cases_have_up_to_8(self, cases: RecurrenceBatch, T: int) -> None:
        assert count(cases.T == T) >= DRAWS // 32

    def test_long_cases_have_up_to_999(self) -> None:
        T = all_lanes(recurrences.long, State(8), CASE).T
        assert int(T.max()) == 999
        assert count(T > 100) >= DRAWS // 4

    @pytest.mark.parametrize("T", [0, 1, 2])
    def test_long_cases_have_few_trips_too(self, T: int) -> None:
        assert count(all_lanes(recurrences.long, State(8), CASE).T == T) >= SOME

    @pytest.mark.parametrize("T", [-1, -(2**31)])
    def test_negative_cases_reach_both_ends(self, T: int) -> None:
        assert count(all_lanes(recurrences.negative, State(8), CASE).T == T) >= DRAWS // 16

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_negative_cases_are_negative(self, dtype: str) -> None:
        assert (all_lanes(recurrences.negative, State(8, dtype), CASE).T < 0).all()

    def test_with_x64_some_are_positive_in_32_bits(self) -> None:
        T = all_lanes(recurrences.negative, State(8, "float64"), CASE).T
        assert count(T.astype(np.int32) > 0) >= SOME

    def test_cases_of_no_trips_have_none(self) -> None:
        assert not all_lanes(recurrences.zero, State(8), CASE).T.any()


class TestInputs:
    @EVERY_STATE
    def test_they_are_finite_numbers_of_the_hidden_size(self, state: State) -> None:
        x = all_lanes(recurrences.short, state, CASE).x
        assert x.shape == (DRAWS, state.hidden)
        assert x.dtype == state.dtype
        assert np.isfinite(x).all()

    def test_in_float64_all_but_zeros_have_more_digits_than_float32(self) -> None:
        x = all_lanes(recurrences.short, State(8, "float64"), CASE).x
        x = x[(np.abs(x) > 1e-9) & (np.abs(x) < 1e9)]
        assert count(x.astype(np.float32) == x) < x.size // 20

    def test_in_float64_they_are_larger_than_float32_can_be(self) -> None:
        size = np.abs(all_lanes(recurrences.short, State(8, "float64"), CASE).x)
        assert count((size > 0) & (size < 1e-280)) >= SOME
        assert count(size > 1e290) >= SOME

    @pytest.mark.parametrize("sign", [False, True])
    def test_both_zeros_are_drawn(self, cases: RecurrenceBatch, sign: bool) -> None:
        assert count((cases.x == 0) & (np.signbit(cases.x) == sign)) >= SOME

    @pytest.mark.parametrize("hidden", [1, 2, 8])
    @pytest.mark.parametrize("sign", [-1, 1])
    @pytest.mark.parametrize(
        ("low", "high"), [(1e-38, 1e-29), (1e-3, 1), (1, 8), (1e27, 1e31)],
        ids=["tiny", "ordinary", "saturating", "huge"],
    )  # fmt: skip
    def test_every_size_is_drawn(self, hidden: int, low: float, high: float, sign: int) -> None:
        cases = all_lanes(recurrences.short, State(hidden), CASE)
        inside = (sign * cases.x >= low) & (sign * cases.x <= high)
        assert count(inside.any(axis=1)) >= SOME

    def test_some_read_a_single_row_of_the_weights(self, cases: RecurrenceBatch) -> None:
        assert count(np.count_nonzero(cases.x, axis=1) == 1) >= DRAWS // 16

    @EVERY_STATE
    def test_one_step_reads_one_row_of_the_weights(self, state: State) -> None:
        cases = all_lanes(recurrences.one_hot, state, CASE)
        assert cases.x.dtype == state.dtype
        assert (np.count_nonzero(cases.x, axis=1) == 1).all()
        assert (cases.T == 1).all()

    def test_some_are_sparse(self) -> None:
        used = np.count_nonzero(all_lanes(recurrences.short, State(64), CASE).x, axis=1)
        assert count((used > 1) & (used < 32)) >= DRAWS // 32

    def test_no_input_is_subnormal(self, cases: RecurrenceBatch) -> None:
        """XLA flushes subnormal numbers to zero on a CPU, but not necessarily elsewhere."""
        size = np.abs(cases.x)
        assert not ((size > 0) & (size < np.finfo(size.dtype).smallest_normal)).any()

    def test_differentiated_inputs_are_moderate(self) -> None:
        assert np.abs(all_lanes(recurrences.differentiated, State(8), CASE).x).max() <= 1


class TestSimplest:
    @EVERY_STATE
    @pytest.mark.parametrize("decode", [recurrences.short, recurrences.long, recurrences.zero])
    def test_zeros_are_no_trips_from_zero_with_seed_0(self, decode: Any, state: State) -> None:
        case = simplest(decode, state, CASE)
        parts = (case.seed, case.T, case.x, np.signbit(case.x))
        assert not any(part.any() for part in parts)

    def test_hidden_sizes_begin_with_the_simplest(self) -> None:
        assert recurrences.small_hidden(jax_recurrence())[0] == State(1)
        assert recurrences.every_hidden(jax_recurrence())[:2] == (State(1), State(2))

    def test_hidden_sizes_reach_512(self) -> None:
        assert max(each.hidden for each in recurrences.every_hidden(jax_recurrence())) == 512

    def test_with_x64_states_are_float64(self) -> None:
        with jax.enable_x64(True):
            states = recurrences.every_hidden(jax_recurrence())
        assert {each.dtype for each in states} == {"float64"}


class TestDerivedCases:
    def test_one_more_is_one_trip_more(self, cases: RecurrenceBatch) -> None:
        np.testing.assert_array_equal(cases.one_more().T, cases.T + 1)

    def test_negation_turns_every_sign(self, cases: RecurrenceBatch) -> None:
        np.testing.assert_array_equal(np.signbit(cases.negated().x), ~np.signbit(cases.x))

    def test_other_seeds_are_others(self, cases: RecurrenceBatch) -> None:
        assert (cases.with_other_seeds().seed != cases.seed).all()


class TestCalls:
    @pytest.mark.parametrize("name", ["fractions", "wrong_lengths", "invalid_arguments"])
    def test_every_call_can_be_made(self, name: str) -> None:
        for call in getattr(recurrences, name)(jax_recurrence()):
            assert len(call.values()) == 4

    @pytest.mark.parametrize("x64", [False, True])
    @pytest.mark.parametrize("name", ["fractions", "wrong_lengths"])
    def test_x_has_the_precision_of_jax(self, name: str, x64: bool) -> None:
        with jax.enable_x64(x64):
            calls = list(getattr(recurrences, name)(jax_recurrence()))
        dtypes = {call.values()[1].dtype for call in calls}
        assert dtypes == {np.dtype("float64" if x64 else "float32")}

    def test_fractions_are_floats(self) -> None:
        for call in recurrences.fractions(jax_recurrence()):
            seed, _, hidden, T = call.values()
            assert all(isinstance(each, float | np.floating) for each in (seed, hidden, T))

    @pytest.mark.parametrize("place", [0, 2, 3], ids=["seed", "hidden", "T"])
    def test_every_number_is_cut_off_somewhere(self, place: int) -> None:
        values = [call.values()[place] for call in recurrences.fractions(jax_recurrence())]
        assert any(value % 1 >= 0.5 for value in values)

    @pytest.mark.parametrize("place", [0, 2, 3], ids=["seed", "hidden", "T"])
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_every_number_is_not_finite_somewhere(self, place: int, bad: float) -> None:
        values = [call.values()[place] for call in recurrences.invalid_arguments(jax_recurrence())]
        assert any(np.array_equal(value, bad, equal_nan=True) for value in values)

    def test_a_hidden_size_of_0_is_never_drawn(self) -> None:
        sizes = [call.values()[2] for call in recurrences.invalid_arguments(jax_recurrence())]
        assert any(size < 1 for size in sizes)

    def test_a_misfit_does_not_fit(self) -> None:
        for call in recurrences.wrong_lengths(jax_recurrence()):
            _, x, hidden, _ = call.values()
            assert x.shape != (hidden,)


def test_no_draw_warns_of_anything(recwarn: pytest.WarningsRecorder) -> None:
    states = (State(1), State(512), State(1, "float64"), State(64, "float64"))
    everything: list[Array] = [all_lanes(recurrences.long, state, CASE).x for state in states]
    assert all(np.isfinite(x).all() for x in everything)
    assert not recwarn.list
