"""Cases of the recurrence: the edges are reached, often enough to be met in every run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from foricheck.cases import Array, RecurrenceBatch
from foricheck.strategies import recurrences
from foricheck.strategies.recurrences import CASE

from .draws import DRAWS, all_lanes, jax_recurrence, simplest

SOME = DRAWS // 256
"""So many of the draws are enough to call an edge reached."""

EVERY_HIDDEN = pytest.mark.parametrize("hidden", recurrences.every_hidden(jax_recurrence()))


def count(which: Any) -> int:
    return int(np.count_nonzero(which))


@pytest.fixture(params=[1, 2, 8])
def cases(request: pytest.FixtureRequest) -> RecurrenceBatch:
    cases: RecurrenceBatch = all_lanes(recurrences.short, request.param, CASE)
    return cases


class TestSeeds:
    @pytest.mark.parametrize("seed", [0, 1, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, -1])
    def test_edges_are_reached(self, cases: RecurrenceBatch, seed: int) -> None:
        assert count(cases.seed == seed) >= SOME

    def test_half_of_them_are_ordinary(self, cases: RecurrenceBatch) -> None:
        assert len(np.unique(cases.seed)) >= DRAWS // 4

    def test_every_edge_meets_every_row_of_the_weights(self) -> None:
        (batch,) = recurrences.edge_seeds(jax_recurrence())
        rows = {(int(seed), int(x.argmax())) for seed, x in zip(batch.seed, batch.x, strict=True)}
        assert rows == {(seed, row) for seed in recurrences.SEEDS for row in range(batch.hidden)}


class TestTrips:
    @pytest.mark.parametrize("T", range(9))
    def test_short_cases_have_up_to_8(self, cases: RecurrenceBatch, T: int) -> None:
        assert count(cases.T == T) >= DRAWS // 32

    def test_long_cases_have_up_to_999(self) -> None:
        T = all_lanes(recurrences.long, 8, CASE).T
        assert int(T.max()) == 999
        assert count(T > 100) >= DRAWS // 4

    @pytest.mark.parametrize("T", [0, 1, 2])
    def test_long_cases_have_few_trips_too(self, T: int) -> None:
        assert count(all_lanes(recurrences.long, 8, CASE).T == T) >= SOME

    @pytest.mark.parametrize("T", [-1, -(2**31)])
    def test_negative_cases_reach_both_ends(self, T: int) -> None:
        assert count(all_lanes(recurrences.negative, 8, CASE).T == T) >= DRAWS // 16

    def test_negative_cases_are_negative(self) -> None:
        assert (all_lanes(recurrences.negative, 8, CASE).T < 0).all()

    def test_cases_of_no_trips_have_none(self) -> None:
        assert not all_lanes(recurrences.zero, 8, CASE).T.any()


class TestInputs:
    def test_they_are_finite_float32_of_the_hidden_size(self, cases: RecurrenceBatch) -> None:
        assert cases.x.shape == (DRAWS, cases.hidden)
        assert cases.x.dtype == np.float32
        assert np.isfinite(cases.x).all()

    @pytest.mark.parametrize("sign", [False, True])
    def test_both_zeros_are_drawn(self, cases: RecurrenceBatch, sign: bool) -> None:
        assert count((cases.x == 0) & (np.signbit(cases.x) == sign)) >= SOME

    @pytest.mark.parametrize("sign", [-1, 1])
    @pytest.mark.parametrize(
        ("low", "high"), [(1e-38, 1e-29), (1e-3, 1), (1, 8), (1e27, 1e31)],
        ids=["tiny", "ordinary", "saturating", "huge"],
    )  # fmt: skip
    def test_every_size_is_drawn(
        self, cases: RecurrenceBatch, low: float, high: float, sign: int
    ) -> None:
        inside = (sign * cases.x >= low) & (sign * cases.x <= high)
        assert count(inside.any(axis=1)) >= SOME

    def test_some_read_a_single_row_of_the_weights(self, cases: RecurrenceBatch) -> None:
        assert count(np.count_nonzero(cases.x, axis=1) == 1) >= DRAWS // 16

    @EVERY_HIDDEN
    def test_one_step_reads_one_row_of_the_weights(self, hidden: int) -> None:
        cases = all_lanes(recurrences.one_hot, hidden, CASE)
        assert (np.count_nonzero(cases.x, axis=1) == 1).all()
        assert (cases.T == 1).all()

    def test_some_are_sparse(self) -> None:
        used = np.count_nonzero(all_lanes(recurrences.short, 64, CASE).x, axis=1)
        assert count((used > 1) & (used < 32)) >= DRAWS // 32

    def test_no_input_is_subnormal(self, cases: RecurrenceBatch) -> None:
        """XLA flushes subnormal numbers to zero on a CPU, and may elsewhere not."""
        size = np.abs(cases.x)
        assert not ((size > 0) & (size < np.finfo(np.float32).smallest_normal)).any()

    def test_differentiated_inputs_are_moderate(self) -> None:
        assert np.abs(all_lanes(recurrences.differentiated, 8, CASE).x).max() <= 1


class TestSimplest:
    @EVERY_HIDDEN
    @pytest.mark.parametrize("decode", [recurrences.short, recurrences.long, recurrences.zero])
    def test_zeros_are_no_trips_from_zero_with_seed_0(self, decode: Any, hidden: int) -> None:
        case = simplest(decode, hidden, CASE)
        parts = (case.seed, case.T, case.x, np.signbit(case.x))
        assert not any(part.any() for part in parts)

    def test_hidden_sizes_begin_with_the_simplest(self) -> None:
        assert recurrences.small_hidden(jax_recurrence())[0] == 1
        assert recurrences.every_hidden(jax_recurrence())[:2] == (1, 2)

    def test_hidden_sizes_reach_512(self) -> None:
        assert max(recurrences.every_hidden(jax_recurrence())) == 512


class TestDerivedCases:
    def test_one_more_is_one_trip_more(self, cases: RecurrenceBatch) -> None:
        np.testing.assert_array_equal(cases.one_more().T, cases.T + 1)

    def test_negation_turns_every_sign(self, cases: RecurrenceBatch) -> None:
        np.testing.assert_array_equal(np.signbit(cases.negated().x), ~np.signbit(cases.x))

    def test_other_seeds_are_others(self, cases: RecurrenceBatch) -> None:
        assert (cases.with_other_seeds().seed != cases.seed).all()


class TestCalls:
    @pytest.mark.parametrize("name", ["fractions", "misfits", "nonsense"])
    def test_every_call_can_be_made(self, name: str) -> None:
        for call in getattr(recurrences, name)(jax_recurrence()):
            assert len(call.values()) == 4

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
        values = [call.values()[place] for call in recurrences.nonsense(jax_recurrence())]
        assert any(np.array_equal(value, bad, equal_nan=True) for value in values)

    def test_a_hidden_size_of_0_is_nonsense(self) -> None:
        sizes = [call.values()[2] for call in recurrences.nonsense(jax_recurrence())]
        assert any(size < 1 for size in sizes)

    def test_a_misfit_does_not_fit(self) -> None:
        for call in recurrences.misfits(jax_recurrence()):
            _, x, hidden, _ = call.values()
            assert x.shape != (hidden,)


def test_no_draw_warns_of_anything(recwarn: pytest.WarningsRecorder) -> None:
    everything: list[Array] = [all_lanes(recurrences.long, hidden, CASE).x for hidden in (1, 512)]
    assert all(np.isfinite(x).all() for x in everything)
    assert not recwarn.list
