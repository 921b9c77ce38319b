"""The forward error bound holds for every admissible arithmetic and is sharp."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax import lax

from foricheck.oracle.bounds import Enclosure, step_bound, trajectory_bound
from foricheck.oracle.recurrence import recurrence, weights
from foricheck.oracle.rounding import (
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    FLOAT64,
    TENSOR_FLOAT_32,
    Arithmetic,
)
from foricheck.oracle.stream import stream_key

from .adversary import Adversary

Step = Callable[[jax.Array, jax.Array, jax.Array], jax.Array]

HIDDEN = [1, 2, 3, 8, 32, 64, 128, 256, 512]
SCALES = st.sampled_from([1e-37, 1e-20, 1e-3, 0.1, 1.0, 3.0, 30.0])
ARITHMETICS = st.sampled_from(
    [FLOAT16, BFLOAT16, FLOAT32, FLOAT32.with_input_rounding(TENSOR_FLOAT_32)]
)


def plain(state: jax.Array, w: jax.Array, x: jax.Array) -> jax.Array:
    return jnp.tanh(state @ w + x)


def bfloat16_product(state: jax.Array, w: jax.Array, x: jax.Array) -> jax.Array:
    state, w = state.astype(jnp.bfloat16), w.astype(jnp.bfloat16)
    return jnp.tanh(jnp.dot(state, w, preferred_element_type=jnp.float32) + x)


def careless_tanh(state: jax.Array, w: jax.Array, x: jax.Array) -> jax.Array:
    return jnp.tanh(state @ w + x) * jnp.float32(1 + 1e-4)


@cache
def loop(step: Step) -> Callable[..., jax.Array]:
    return jax.jit(lambda w, x, trips: lax.fori_loop(0, trips, lambda _, s: step(s, w, x), x))


def drawn_weights(seed: int, hidden: int) -> jax.Array:
    key = jax.random.wrap_key_data(jnp.asarray(stream_key(seed)))
    return jax.random.normal(key, (hidden, hidden)) * 0.1


def one_hot(hidden: int) -> np.ndarray:
    return np.eye(1, hidden, hidden // 2, dtype=np.float32)[0] * np.float32(0.7)


def dense(hidden: int, *, scale: float) -> np.ndarray:
    return (np.random.default_rng(hidden).normal(size=hidden) * scale).astype(np.float32)


def worst_step(step: Step, x: np.ndarray, *, trips: list[int]) -> float:
    """The largest test ratio of single steps, each from the implementation's own state."""
    hidden = len(x)
    w, exact, run = drawn_weights(5, hidden), weights(5, hidden), loop(step)
    before = np.stack([run(w, x, count) for count in trips])
    after = np.stack([run(w, x, count + 1) for count in trips])
    return step_bound(before, exact, x).worst(after)


@given(
    seed=st.integers(0, 2**32 - 1),
    hidden=st.integers(1, 12),
    scale=SCALES,
    zeros=st.floats(0, 1),
    arithmetic=ARITHMETICS,
)
def test_a_step_of_any_admissible_arithmetic_is_within_the_bound(
    seed: int, hidden: int, scale: float, zeros: float, arithmetic: Arithmetic
) -> None:
    random = np.random.default_rng(seed)
    adversary = Adversary(arithmetic, random)
    exact = weights(seed, hidden)
    state, x = adversary.nearest(random.normal(size=(2, hidden)) * scale)
    state = state * (random.random(hidden) >= zeros)
    got = adversary.step(state, adversary.weights(exact), x)
    assert step_bound(state, exact, x, arithmetic=arithmetic).worst(got) <= 1


@given(
    seed=st.integers(0, 2**32 - 1),
    hidden=st.integers(1, 8),
    trips=st.integers(0, 20),
    scale=SCALES,
    arithmetic=ARITHMETICS,
)
def test_a_trajectory_of_any_admissible_arithmetic_is_within_the_bound(
    seed: int, hidden: int, trips: int, scale: float, arithmetic: Arithmetic
) -> None:
    random = np.random.default_rng(seed)
    adversary = Adversary(arithmetic, random)
    exact = weights(seed, hidden)
    x = adversary.nearest(random.normal(size=hidden) * scale)
    state, own = x, adversary.weights(exact)
    for _ in range(trips):
        state = adversary.step(state, own, x)
    assert trajectory_bound(exact, x, trips, arithmetic=arithmetic).worst(state) <= 1


@given(
    seed=st.integers(0, 2**32 - 1),
    hidden=st.integers(1, 8),
    spread=st.sampled_from([1e-6, 1e-2, 1.0, 5.0]),
)
def test_a_large_error_of_the_state_is_enclosed_without_linearising(
    seed: int, hidden: int, spread: float
) -> None:
    random = np.random.default_rng(seed)
    matrix, state, x = weights(seed, hidden), *random.normal(size=(2, hidden)) * 3
    enclosure = step_bound(state, matrix, x, error=np.full(hidden, spread))
    moved = state + spread * random.choice([-1, 1], (50, hidden))
    assert enclosure.worst(np.tanh(moved @ matrix + x)) <= 1


@pytest.mark.parametrize("hidden", HIDDEN)
def test_each_step_of_the_reference_is_within_the_bound_and_near_it(hidden: int) -> None:
    inputs = [one_hot(hidden), *(dense(hidden, scale=scale) for scale in (0.01, 1, 10))]
    ratio = max(worst_step(plain, x, trips=[0, 1, 2, 10, 999]) for x in inputs)
    assert 0.05 < ratio < 1


@pytest.mark.parametrize("hidden", HIDDEN[1:])
@pytest.mark.parametrize("scale", [None, 0.1, 1.0], ids=["one-hot", "small", "dense"])
def test_a_product_in_bfloat16_is_caught(hidden: int, scale: float | None) -> None:
    x = one_hot(hidden) if scale is None else dense(hidden, scale=scale)
    assert worst_step(bfloat16_product, x, trips=[0, 3]) > 10


@pytest.mark.parametrize("hidden", HIDDEN[1:])
@pytest.mark.parametrize("scale", [None, 10.0], ids=["one-hot", "saturating"])
def test_a_tanh_wrong_by_a_ten_thousandth_is_caught(hidden: int, scale: float | None) -> None:
    x = one_hot(hidden) if scale is None else dense(hidden, scale=scale)
    assert worst_step(careless_tanh, x, trips=[0, 3]) > 100


@pytest.mark.parametrize("hidden", [1, 2, 4, 8])
def test_short_trajectories_of_the_reference_are_near_the_bound(hidden: int) -> None:
    w, exact = drawn_weights(1, hidden), weights(1, hidden)
    x = dense(hidden, scale=1)
    ratios = [
        trajectory_bound(exact, x, trips).worst(loop(plain)(w, x, trips))
        for trips in (0, 1, 2, 8, 64)
    ]
    assert 0.05 < max(ratios) < 1


@pytest.mark.parametrize("hidden", [3, 8, 64])
def test_double_precision_is_judged_as_such(hidden: int) -> None:
    exact, x = weights(2, hidden), dense(hidden, scale=1).astype(np.float64)
    with jax.enable_x64(True):
        got = np.asarray(plain(jnp.asarray(x), jnp.asarray(exact), jnp.asarray(x)))
    arithmetic = FLOAT64.with_exact_weights()
    assert 0.01 < step_bound(x, exact, x, arithmetic=arithmetic).worst(got) < 1


@pytest.mark.parametrize("hidden", [1, 3, 8, 64])
def test_each_step_with_x64_is_within_the_bound_and_near_it(hidden: int) -> None:
    exact, x = weights(-2, hidden, dtype=np.float64), dense(hidden, scale=3).astype(np.float64) / 7
    with jax.enable_x64(True):
        key = jax.random.wrap_key_data(jnp.asarray(stream_key(-2, width=64)))
        w = jax.random.normal(key, (hidden, hidden)) * 0.1
        states = [np.asarray(loop(plain)(w, x, trips)) for trips in range(6)]
    ratios = [
        step_bound(before, exact, x, arithmetic=FLOAT64).worst(after)
        for before, after in pairwise(states)
    ]
    assert 0.01 < max(ratios) < 1


def test_single_precision_is_caught_where_double_is_claimed() -> None:
    exact, x = weights(2, 8, dtype=np.float64), dense(8, scale=1)
    got = np.tanh(x @ exact.astype(np.float32) + x)
    assert step_bound(x, exact, x, arithmetic=FLOAT64).worst(got) > 1e6


def test_exact_zeros_cost_nothing() -> None:
    small = step_bound([0.5], weights(0, 3)[:1, :1], [0.25])
    matrix = np.pad(weights(0, 3)[:1, :1], (0, 299))
    large = step_bound(np.pad([0.5], (0, 299)), matrix, np.pad([0.25], (0, 299)))
    np.testing.assert_allclose(large.error[0], small.error[0], rtol=1e-12)


def test_a_batch_has_the_bound_of_each_of_its_cases() -> None:
    matrices, trips = weights([1, 2, 3], 4), [5, -1, 9]
    x = np.random.default_rng(0).normal(size=(3, 4))
    batch = trajectory_bound(matrices, x, trips)
    alone = [trajectory_bound(*case).error for case in zip(matrices, x, trips, strict=True)]
    np.testing.assert_allclose(batch.error, alone, rtol=1e-9)


def test_the_value_is_the_one_of_the_recurrence() -> None:
    matrices = weights([1, 2, 3], 4)
    x = np.random.default_rng(0).normal(size=(3, 4))
    bound = trajectory_bound(matrices, x, [3, 0, 8])
    np.testing.assert_array_equal(bound.value, recurrence(matrices, x, [3, 0, 8]))


@pytest.mark.parametrize("trips", [0, -1])
def test_no_trips_leave_no_room_for_error(trips: int) -> None:
    assert not trajectory_bound(weights(0, 3), np.ones(3), trips).error.any()


def test_nothing_is_said_where_a_sum_may_overflow() -> None:
    x = np.full(8, 3e38)
    assert np.all(np.isinf(trajectory_bound(weights(0, 8), x, 4).error))


def test_nothing_is_said_where_roundings_outnumber_the_digits() -> None:
    x = np.ones(300)
    assert np.all(np.isinf(step_bound(x, weights(0, 300), x, arithmetic=BFLOAT16).error))


@pytest.mark.parametrize(
    ("got", "error", "ratio"),
    [
        (1.0, 0.0, 0.0),
        (1.5, 0.0, np.inf),
        (1.5, 0.25, 2.0),
        (np.nan, 0.25, np.inf),
        (np.nan, np.inf, 0.0),
        (np.inf, 0.25, np.inf),
        (1e300, 1e-15, np.inf),
        (-1.7e308, np.inf, 0.0),
    ],
)
def test_the_test_ratio(got: float, error: float, ratio: float) -> None:
    enclosure = Enclosure(np.array([1.0]), np.array([error]))
    assert enclosure.worst([got]) == ratio
