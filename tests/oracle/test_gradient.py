"""Backpropagation, compared with complex-step derivatives and JAX, and its error bound."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax import lax

from foricheck.oracle.gradient import vjp
from foricheck.oracle.recurrence import weights
from foricheck.oracle.rounding import FLOAT32, FLOAT64
from foricheck.oracle.stream import stream_key

from .adversary import Adversary

Loop = Callable[[jax.Array, jax.Array, int], jax.Array]
SEEDS = st.integers(0, 2**32 - 1)
DERIVATIVES: list[Callable[[Adversary, np.ndarray, np.ndarray], np.ndarray]] = [
    lambda a, g, s: a.nearest(g * a.nearest(1 - a.nearest(s * s))),
    lambda a, g, s: a.nearest(a.nearest(g * a.nearest(1 - s)) * a.nearest(1 + s)),
    lambda a, g, s: a.nearest(a.nearest(g + a.nearest(g * s)) * a.nearest(1 - s)),
]


def along(
    matrix: np.ndarray, x: np.ndarray, trips: int, dw: np.ndarray, dx: np.ndarray
) -> np.ndarray:
    """The derivative along (dw, dx) by a complex step (Squire and Trapp, SIAM Review 40, 1998)."""
    w, inputs = matrix + 1e-100j * dw, x + 1e-100j * dx
    state = inputs
    for _ in range(trips):
        state = np.tanh(state @ w + inputs)
    return state.imag * 1e100


def loop(w: jax.Array, x: jax.Array, trips: int) -> jax.Array:
    return lax.fori_loop(0, trips, lambda _, s: jnp.tanh(s @ w + x), x)


def without_last_input(w: jax.Array, x: jax.Array, trips: int) -> jax.Array:
    return jnp.tanh(loop(w, x, trips - 1) @ w + lax.stop_gradient(x))


def without_first_state(w: jax.Array, x: jax.Array, trips: int) -> jax.Array:
    start = lax.stop_gradient(x)
    return lax.fori_loop(0, trips, lambda _, s: jnp.tanh(s @ w + x), start)


@cache
def pullback(f: Loop, trips: int) -> Callable[..., tuple[jax.Array, jax.Array]]:
    return jax.jit(lambda w, x, v: jax.vjp(lambda w, x: f(w, x, trips), w, x)[1](v))


def ratios(f: Loop, *, hidden: int, trips: int, seed: int = 3) -> tuple[float, float]:
    """The test ratios of JAX's cotangents of x and W for ``f``."""
    key = jax.random.wrap_key_data(jnp.asarray(stream_key(seed)))
    w = jax.random.normal(key, (hidden, hidden)) * 0.1
    x, v = np.random.default_rng(seed).normal(size=(2, hidden)).astype(np.float32)
    expected = vjp(weights(seed, hidden), x, trips, v)
    of_w, of_x = pullback(f, trips)(w, x, v)
    return expected.x.worst(of_x), expected.weights.worst(of_w)


@given(seed=SEEDS, hidden=st.integers(1, 6), trips=st.integers(0, 7))
def test_the_cotangents_are_the_adjoint_of_the_derivative(
    seed: int, hidden: int, trips: int
) -> None:
    random = np.random.default_rng(seed)
    matrix, dw = random.normal(size=(2, hidden, hidden)) * 0.4
    x, dx, v = random.normal(size=(3, hidden))
    got = vjp(matrix, x, trips, v)
    pulled = np.sum(got.x.value * dx) + np.sum(got.weights.value * dw)
    np.testing.assert_allclose(pulled, v @ along(matrix, x, trips, dw, dx), rtol=1e-10, atol=1e-12)


@given(
    seed=SEEDS,
    hidden=st.integers(1, 6),
    trips=st.integers(0, 8),
    scale=st.sampled_from([1e-20, 0.1, 1.0, 10.0]),
    derivative=st.sampled_from(DERIVATIVES),
)
def test_backpropagation_in_any_admissible_arithmetic_is_within_the_bound(
    seed: int,
    hidden: int,
    trips: int,
    scale: float,
    derivative: Callable[[Adversary, np.ndarray, np.ndarray], np.ndarray],
) -> None:
    random = np.random.default_rng(seed)
    adversary, exact = Adversary(FLOAT32, random), weights(seed, hidden)
    own = adversary.weights(exact)
    x, v = adversary.nearest(random.normal(size=(2, hidden)) * scale)
    states, of_x, of_w, g = [x], np.zeros(hidden), np.zeros((hidden, hidden)), v
    for _ in range(trips):
        states.append(adversary.step(states[-1], own, x))
    for before, reached in zip(reversed(states[:-1]), reversed(states[1:]), strict=True):
        d = derivative(adversary, g, reached)
        of_x = adversary.nearest(of_x + d)
        of_w = adversary.nearest(of_w + adversary.nearest(before[:, None] * d))
        g = adversary.matmul(d, own.T, bias=np.zeros(hidden))
    bound = vjp(exact, x, trips, v)
    assert bound.x.worst(adversary.nearest(of_x + g)) <= 1
    assert bound.weights.worst(of_w) <= 1


@pytest.mark.parametrize("hidden", [1, 3, 16])
@pytest.mark.parametrize("trips", [1, 2, 8])
def test_the_reference_is_within_the_bound_and_near_it(hidden: int, trips: int) -> None:
    for ratio in ratios(loop, hidden=hidden, trips=trips):
        assert 0.01 < ratio < 1


@pytest.mark.parametrize("hidden", [1, 3, 16])
@pytest.mark.parametrize("trips", [1, 8])
def test_the_reference_with_x64_is_within_the_bound_and_near_it(hidden: int, trips: int) -> None:
    x, v = np.random.default_rng(3).normal(size=(2, hidden))
    exact = weights(3, hidden, dtype=np.float64)
    with jax.enable_x64(True):
        key = jax.random.wrap_key_data(jnp.asarray(stream_key(3, width=64)))
        w = jax.random.normal(key, (hidden, hidden)) * 0.1
        of_w, of_x = (np.asarray(each) for each in pullback(loop, trips)(w, x, v))
    expected = vjp(exact, x, trips, v, arithmetic=FLOAT64)
    assert 0.001 < expected.x.worst(of_x) < 1
    assert 0.001 < expected.weights.worst(of_w) < 1


@pytest.mark.parametrize("hidden", [1, 3, 16, 64])
@pytest.mark.parametrize("trips", [1, 4])
def test_forgetting_the_input_of_the_last_step_is_caught(hidden: int, trips: int) -> None:
    assert ratios(without_last_input, hidden=hidden, trips=trips)[0] > 10


@pytest.mark.parametrize("hidden", [3, 16, 64])
@pytest.mark.parametrize("trips", [1, 4])
def test_forgetting_that_x_is_the_first_state_is_caught(hidden: int, trips: int) -> None:
    assert ratios(without_first_state, hidden=hidden, trips=trips)[0] > 1


@pytest.mark.parametrize("trips", [0, -2])
def test_no_trips_pull_the_cotangent_back_unchanged(trips: int) -> None:
    x, v = np.random.default_rng(0).normal(size=(2, 3))
    got = vjp(weights(0, 3), x, trips, v)
    assert got.x.worst(v) == 0
    assert got.weights.worst(np.zeros((3, 3))) == 0


def test_a_batch_has_the_cotangents_of_each_of_its_cases() -> None:
    matrices, trips = weights([1, 2, 3], 4), [5, -1, 9]
    x, v = np.random.default_rng(0).normal(size=(2, 3, 4))
    batch = vjp(matrices, x, trips, v)
    alone = [vjp(*case) for case in zip(matrices, x, trips, v, strict=True)]
    np.testing.assert_allclose(batch.x.value, [each.x.value for each in alone], rtol=1e-12)
    np.testing.assert_allclose(batch.x.error, [each.x.error for each in alone], rtol=1e-9)
    np.testing.assert_allclose(
        batch.weights.value, [each.weights.value for each in alone], rtol=1e-12
    )


def test_lanes_that_share_their_weights_get_their_own_cotangents() -> None:
    x, v = np.random.default_rng(0).normal(size=(2, 3, 4))
    shared = vjp(weights(1, 4), x, [2, 5, 1], v)
    own = vjp(weights([1, 1, 1], 4), x, [2, 5, 1], v)
    np.testing.assert_allclose(shared.weights.value, own.weights.value, rtol=1e-12)


def test_a_cotangent_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a cotangent"):
        vjp(weights(0, 3), np.ones(3), 1, np.ones(4))
