"""The tangent of the recurrence: literal values, and the derivative as a limit."""

from __future__ import annotations

import numpy as np
import pytest

from foricheck.oracle.gradient import vjp
from foricheck.oracle.recurrence import recurrence, weights
from foricheck.oracle.tangent import jvp, second_jvp

W = np.array([[0.5, -0.25], [0.25, 1.0]])
X = np.array([0.125, -0.5])
V = np.array([1.0, 2.0])


def test_no_trips_give_the_tangent() -> None:
    assert jvp(W, X, 0, V).value.tolist() == V.tolist()


def test_one_step_of_one_unit() -> None:
    s = np.tanh(0.5 * 0.25 + 0.25)
    got = jvp(np.array([[0.5]]), np.array([0.25]), 1, np.array([1.0]))
    assert got.value[0] == pytest.approx((1 - s * s) * 1.5, rel=1e-14)


@pytest.mark.parametrize("trips", [1, 2, 5])
def test_it_is_the_limit_of_differences(trips: int) -> None:
    h = 2.0**-20
    sides = [recurrence(W, X + sign * h * V, trips) for sign in (1, -1)]
    assert jvp(W, X, trips, V).value == pytest.approx((sides[0] - sides[1]) / (2 * h), abs=1e-9)


@pytest.mark.parametrize("trips", [1, 3, 7])
def test_it_is_dual_to_the_cotangent(trips: int) -> None:
    W, x, v, u = weights(3, 8), np.linspace(-1, 1, 8), np.arange(8.0), np.cos(np.arange(8.0))
    pushed = jvp(W, x, trips, v).value @ u
    assert pushed == pytest.approx(v @ vjp(W, x, trips, u).x.value, rel=1e-12)


def test_the_bound_holds_float32_arithmetic() -> None:
    x, v = X.astype(np.float32), V.astype(np.float32)
    state, moved, narrow = x, v, W.astype(np.float32)
    for _ in range(6):
        state = np.tanh(state @ narrow + x)
        moved = (moved @ narrow + v) * (1 - state * state)
    assert jvp(W, X, 6, V).worst(moved) <= 1


def test_the_bound_is_sharp_enough_for_one_part_in_100_000() -> None:
    bound = jvp(W, X, 3, V)
    assert bound.worst(bound.value * (1 + 1e-5)) > 1


def test_no_trips_give_no_second_derivative() -> None:
    assert second_jvp(W, X, 0, V)[1].value.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("trips", [1, 2, 5])
def test_the_second_is_the_limit_of_differences_of_the_first(trips: int) -> None:
    h = 2.0**-20
    sides = [jvp(W, X + sign * h * V, trips, V).value for sign in (1, -1)]
    first, second = second_jvp(W, X, trips, V)
    assert first.value.tolist() == jvp(W, X, trips, V).value.tolist()
    assert second.value == pytest.approx((sides[0] - sides[1]) / (2 * h), abs=1e-8)


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_of_the_second_holds_float32_arithmetic(seed: int) -> None:
    draws = np.random.default_rng(seed)
    drawn = weights(seed, 9)
    x, v = (draws.uniform(-1, 1, 9).astype(np.float32) for _ in range(2))
    state, moved, twice, narrow = x, v, np.zeros_like(x), drawn.astype(np.float32)
    for _ in range(5):
        q, state = moved @ narrow + v, np.tanh(state @ narrow + x)
        slope = 1 - state * state
        twice = (twice @ narrow) * slope - 2 * state * slope * q * q
        moved = q * slope
    assert second_jvp(drawn, x, 5, v)[1].worst(twice) <= 1


def test_the_bound_of_the_second_is_sharp_enough_for_one_part_in_1_000() -> None:
    second = second_jvp(W, X, 3, V)[1]
    assert second.worst(second.value * (1 + 1e-3)) > 1
