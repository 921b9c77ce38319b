"""Walks: every hidden size and trip count around a power of two, and every row of the weights."""

from __future__ import annotations

import numpy as np
import pytest

from foricheck.oracle.recurrence import step, weights
from foricheck.strategies.rec import walks

from ..draws import jax_recurrence


@pytest.mark.parametrize("power", range(11))
def test_hidden_sizes_around_powers_of_two(power: int) -> None:
    assert {2**power - 1, 2**power, 2**power + 1} - {0} <= {*walks.HIDDEN}


def test_hidden_sizes_have_every_remainder_modulo_16() -> None:
    assert {size % 16 for size in walks.HIDDEN if size > 1} == set(range(16))


@pytest.mark.parametrize("power", range(17))
def test_trip_counts_around_powers_of_two(power: int) -> None:
    assert {2**power - 1, 2**power, 2**power + 1} <= {*walks.TRIPS}


@pytest.mark.parametrize("place", [0, 9, 40])
def test_each_row_of_the_weights_is_read_by_one_input(place: int) -> None:
    batch = list(walks.rows_of_weights(jax_recurrence()))[place]
    read = [np.flatnonzero(x).tolist() for x in batch.x]
    assert read == [[row] for row in range(batch.hidden)]


def test_selected_places_are_those_that_are_not_zero() -> None:
    x = np.array([[0, 2, 0, 3], [1, 0, 0, 0]], np.float32)
    assert walks.selected(x).tolist() == [[1, 3], [0, 1]]


def test_the_state_of_the_walk_never_comes_to_rest() -> None:
    (batch,) = walks.trip_counts(jax_recurrence())
    W, x = weights(int(batch.seed[0]), batch.hidden), batch.x[0].astype(np.float64)
    state, moves = x, []
    for _ in range(2000):
        after = step(state, W, x)
        moves.append(np.abs(after - state).max())
        state = after
    assert min(moves) > 0.25
