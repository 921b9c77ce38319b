"""The greedy covering arrays: every allowed pair is in a row."""

from __future__ import annotations

import pytest

from foricheck.strategies.coverage import Constraint, Model, coverage
from foricheck.strategies.coverage.greedy import all_pairs

PAIR = Constraint(("colour", "size"), lambda colour, size: (colour, size) != ("red", 3), "no 3")
WIDE = Constraint(
    ("colour", "size", "open"), lambda c, s, o: (c, s, o) != ("blue", 2, True), "closed"
)
MODEL = Model(
    {"colour": ("grey", "red", "blue"), "size": (1, 2, 3), "open": (False, True)}, (PAIR, WIDE)
)


@pytest.mark.parametrize("seed", range(6))
def test_every_pair_is_covered(seed: int) -> None:
    found = coverage(MODEL, all_pairs(MODEL, seed=seed))
    assert (found.covered, found.possible) == (20, 20)


@pytest.mark.parametrize("seed", range(6))
def test_no_row_breaks_a_constraint(seed: int) -> None:
    assert all(MODEL.allows(row) for row in all_pairs(MODEL, seed=seed))


def test_what_is_there_already_does_not_come_again() -> None:
    rows = all_pairs(MODEL)
    assert all_pairs(MODEL, given=rows) == []


def test_a_pair_that_goes_with_nothing_is_left_out() -> None:
    never = Constraint(("colour", "size", "open"), lambda c, s, o: (c, s) != ("red", 1), "never")
    model = Model(MODEL.dimensions, (never,))
    found = coverage(model, all_pairs(model))
    assert found.covered == found.possible
