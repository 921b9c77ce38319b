"""Lanes sorted by decreasing trip count."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foricheck.oracle.lanes import arrange

TRIPS = st.lists(st.integers(-3, 12), min_size=1, max_size=9)


@given(trips=TRIPS)
def test_each_step_runs_the_lanes_that_have_a_trip_left(trips: list[int]) -> None:
    lanes = arrange(np.zeros((2, 2)), np.zeros((len(trips), 2)), trips)
    expected = [sum(count > step for count in trips) for step in range(max(*trips, 0))]
    assert list(lanes.running()) == expected


@given(trips=TRIPS)
def test_restore_gives_back_the_order_of_the_caller(trips: list[int]) -> None:
    x = np.arange(2.0 * len(trips)).reshape(-1, 2)
    lanes = arrange(np.zeros((2, 2)), x, trips)
    np.testing.assert_array_equal(lanes.restore(lanes.x), x)
