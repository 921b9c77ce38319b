"""How NaN and infinities spread: the classes are exact."""

from __future__ import annotations

import numpy as np

from foricheck.oracle.recurrence import recurrence
from foricheck.oracle.spread import spread

W = np.array([[0.5, -0.25, 0.125], [0.25, 1.0, -0.5], [-1.0, 0.5, 0.25]])


def test_nan_reaches_every_unit_in_one_step() -> None:
    assert np.isnan(spread(W, np.array([np.nan, 0, 0]), 1).value).all()


def test_an_infinity_saturates_every_unit() -> None:
    assert spread(W, np.array([np.inf, 0.5, 0.5]), 1).value.tolist() == [1, -1, 1]


def test_infinities_of_both_signs_in_a_sum_are_nan() -> None:
    value = spread(W, np.array([np.inf, np.inf, 0.0]), 1).value
    assert np.isnan(value).tolist() == [False, True, True]


def test_what_comes_of_an_infinity_is_exact() -> None:
    assert not spread(W, np.array([np.inf, 0.5, 0.5]), 1).error.any()


def test_finite_inputs_are_the_recurrence() -> None:
    x = np.array([0.5, -0.25, 1.0])
    assert np.allclose(spread(W, x, 3).value, recurrence(W, x, 3), rtol=1e-15)


def test_a_weight_of_zero_leaves_its_column_open() -> None:
    holed = W.copy()
    holed[1, 0] = 0
    assert np.isinf(spread(holed, np.array([np.inf, 0.5, 0.5]), 1).error).tolist() == [
        True,
        False,
        False,
    ]


def test_no_trips_give_x() -> None:
    assert spread(W, np.array([np.inf, 0.5, -0.0]), 0).value.tolist() == [np.inf, 0.5, -0.0]
