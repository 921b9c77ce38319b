"""Powers of permutations, compared with permuting the leaves repeatedly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foricheck.oracle.permutations import after, power

PERMUTATIONS = st.integers(0, 7).flatmap(lambda size: st.permutations(range(size)))


@given(permutation=PERMUTATIONS, trips=st.integers(0, 30))
def test_it_is_moving_them_trip_by_trip(permutation: list[int], trips: int) -> None:
    leaves = moved = tuple(f"leaf {place}" for place in range(len(permutation)))
    for _ in range(trips):
        moved = tuple(moved[place] for place in permutation)
    assert after(-3, trips - 3, permutation, leaves) == moved


@given(permutation=PERMUTATIONS, trips=st.integers(-(2**64), 0))
def test_without_trips_they_stay(permutation: list[int], trips: int) -> None:
    leaves = tuple(range(len(permutation)))
    assert after(0, trips, permutation, leaves) == leaves


def test_a_power_of_a_huge_number_is_cheap() -> None:
    assert power((1, 0, 3, 4, 2), 6 * 10**30 + 1) == (1, 0, 3, 4, 2)


@pytest.mark.parametrize("permutation", [(0, 0), (1, 2), (0,), (0, 1, 2)])
def test_what_is_no_permutation_is_refused(permutation: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"is not a permutation of 2 leaves"):
        after(0, 1, permutation, ("a", "b"))
