"""The recurrence in float64, single and batched, and its weights."""

from __future__ import annotations

import jax
import mpmath
import numpy as np
import pytest
from flax import nnx
from hypothesis import given
from hypothesis import strategies as st

from foricheck.oracle.normal import NORMAL_ACCURACY, NORMAL_ACCURACY_64
from foricheck.oracle.recurrence import recurrence, weights

SEEDS = st.integers(-(2**31), 2**32 - 1)


def in_fifty_digits(matrix: np.ndarray, x: np.ndarray, trips: int) -> list[mpmath.mpf]:
    with mpmath.workdps(50):
        w, row = mpmath.matrix(matrix.tolist()), mpmath.matrix([x.tolist()])
        state = row
        for _ in range(trips):
            state = (state * w + row).apply(mpmath.tanh)
        return list(state)


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, -1])
@pytest.mark.parametrize("hidden", [1, 2, 33])
def test_weights_are_the_ones_of_nnx(seed: int, hidden: int) -> None:
    drawn = jax.random.normal(nnx.Rngs(seed).params(), (hidden, hidden)) * 0.1
    expected = np.asarray(drawn, np.float64)
    np.testing.assert_allclose(weights(seed, hidden), expected, rtol=NORMAL_ACCURACY)


@pytest.mark.parametrize("seed", [0, -1, 2**32 - 1, 2**32 + 5, 2**63 - 1, -(2**63)])
@pytest.mark.parametrize("hidden", [1, 33])
def test_weights_with_x64_are_the_ones_of_nnx(seed: int, hidden: int) -> None:
    with jax.enable_x64(True):
        drawn = jax.random.normal(nnx.Rngs(seed).params(), (hidden, hidden)) * 0.1
        expected = np.asarray(drawn)
    assert expected.dtype == np.float64
    got = weights(seed, hidden, dtype=np.float64)
    np.testing.assert_allclose(got, expected, rtol=NORMAL_ACCURACY_64)


def test_weights_of_many_seeds_are_those_of_each() -> None:
    seeds = [3, -1, 2**32 - 1]
    np.testing.assert_array_equal(weights(seeds, 4), [weights(seed, 4) for seed in seeds])


def test_weights_need_a_hidden_size() -> None:
    with pytest.raises(ValueError, match="hidden must be at least 1, got 0"):
        weights(0, 0)


@given(
    seed=SEEDS,
    hidden=st.integers(1, 4),
    trips=st.integers(0, 5),
    scale=st.sampled_from([1e-3, 1.0, 20.0]),
)
def test_the_value_is_the_one_of_fifty_digits(
    seed: int, hidden: int, trips: int, scale: float
) -> None:
    matrix = weights(seed, hidden)
    x = np.random.default_rng(trips).normal(size=hidden) * scale
    expected = [float(each) for each in in_fifty_digits(matrix, x, trips)]
    np.testing.assert_allclose(recurrence(matrix, x, trips), expected, rtol=1e-13, atol=1e-16)


@given(trips=st.integers(max_value=0))
def test_no_trips_give_the_input_back(trips: int) -> None:
    x = np.array([0.0, -0.0, 3e38, -1e-45])
    got = recurrence(weights(0, 4), x, max(trips, -(2**63)))
    np.testing.assert_array_equal(got.view(np.uint64), x.view(np.uint64))


@given(seed=SEEDS, hidden=st.integers(1, 6), trips=st.lists(st.integers(-1, 9), max_size=6))
def test_each_lane_of_a_batch_is_its_own_case(seed: int, hidden: int, trips: list[int]) -> None:
    matrices = weights(np.arange(len(trips)) + seed, hidden)
    x = np.random.default_rng(hidden).normal(size=(len(trips), hidden))
    together = recurrence(matrices, x, trips)
    alone = [recurrence(*case) for case in zip(matrices, x, trips, strict=True)]
    expected = np.reshape(alone, together.shape)
    np.testing.assert_allclose(together, expected, rtol=1e-14, atol=1e-17)


def test_lanes_may_share_their_weights() -> None:
    x = np.random.default_rng(0).normal(size=(3, 5))
    matrix = weights(9, 5)
    shared = recurrence(matrix, x, [4, 0, 7])
    own = recurrence(np.stack([matrix] * 3), x, [4, 0, 7])
    np.testing.assert_allclose(shared, own, rtol=1e-14)


@pytest.mark.parametrize(
    ("matrices", "inputs"), [((2, 3), (2,)), ((2, 2), ()), ((3, 2, 2), (4, 2)), ((2, 2), (3,))]
)
def test_shapes_that_do_not_fit_are_refused(
    matrices: tuple[int, ...], inputs: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="expected x"):
        recurrence(np.zeros(matrices), np.zeros(inputs), 1)
