"""Choices: rows of bytes read from left to right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foricheck.strategies.choices import Choices, spread

BYTES = st.lists(st.integers(0, 255), min_size=8, max_size=8)


@given(row=BYTES, size=st.integers(1, 8))
def test_a_number_is_little_endian(row: list[int], size: int) -> None:
    got = Choices(np.array([row], np.uint8)).number(size)
    assert got.item() == int.from_bytes(bytes(row[:size]), "little")


def test_choices_are_read_one_after_the_other() -> None:
    choices = Choices(np.array([[1, 2, 3, 4]], np.uint8))
    assert [choices.number(1).item(), choices.number(2).item()] == [1, 2 + 3 * 256]


def test_more_than_there_are_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="2 choices requested, but only 1 left"):
        Choices(np.zeros((3, 1), np.uint8)).number(2)


@given(row=BYTES, end=st.integers(1, 256))
def test_a_number_below_an_end_is_below_it(row: list[int], end: int) -> None:
    assert 0 <= Choices(np.array([row], np.uint8)).below(end).item() < end


def test_every_number_below_an_end_can_be_drawn() -> None:
    every = np.arange(256, dtype=np.uint8)[:, None]
    assert set(Choices(every).below(9).tolist()) == set(range(9))


def test_the_first_of_the_values_is_the_simplest() -> None:
    values = np.array([7, 8, 9])
    assert Choices(np.zeros((1, 1), np.uint8)).pick(values).tolist() == [7]


@given(master=st.integers(0, 2**128 - 1))
def test_a_number_is_always_spread_in_the_same_way(master: int) -> None:
    np.testing.assert_array_equal(spread(master, 4, 5), spread(master, 4, 5))


def test_other_numbers_are_spread_to_other_choices() -> None:
    rows = [spread(master, 4, 8).tobytes() for master in (0, 1, 2, 2**64, 2**127)]
    assert len(set(rows)) == len(rows)


def test_choices_reach_every_byte_in_every_column() -> None:
    rows = spread(0, 8192, 4)
    assert all(len(np.unique(column)) == 256 for column in rows.T)
