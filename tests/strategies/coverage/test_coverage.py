"""Covering arrays: every allowed pair is in a row, and all rows satisfy the constraints."""

from __future__ import annotations

import pytest

from foricheck.strategies.coverage import (
    Constraint,
    Model,
    base_choice,
    coverage,
    covering_array,
)

APART = Constraint(("colour", "size"), lambda colour, size: (colour, size) != ("red", 3), "no 3")
MODEL = Model(
    {"colour": ("grey", "red", "blue"), "size": (1, 2, 3), "open": (False, True)}, (APART,)
)


def test_the_neutral_row_has_the_first_values() -> None:
    assert MODEL.neutral == {"colour": "grey", "size": 1, "open": False}


def test_base_choice_has_a_row_for_each_value() -> None:
    assert [row["size"] for row in base_choice(MODEL)] == [1, 1, 1, 2, 3, 1]


@pytest.mark.parametrize("seed", range(4))
def test_a_covering_array_contains_every_pair_that_goes_together(seed: int) -> None:
    found = coverage(MODEL, covering_array(MODEL, seed=seed))
    assert (found.covered, found.possible) == (20, 20)


@pytest.mark.parametrize("seed", range(4))
def test_no_row_breaks_a_constraint(seed: int) -> None:
    assert all(MODEL.allows(row) for row in covering_array(MODEL, seed=seed, strength=3))


def test_triples_are_covered_with_strength_3() -> None:
    assert coverage(MODEL, covering_array(MODEL, strength=3), strength=3).share == 1.0


def test_the_seed_permutes_the_rows() -> None:
    assert covering_array(MODEL, seed=0) != covering_array(MODEL, seed=1)


def test_what_is_impossible_is_not_counted() -> None:
    assert coverage(MODEL, []).possible == 20


def test_the_share_of_few_rows_is_small() -> None:
    assert coverage(MODEL, [MODEL.neutral]).covered == 3


def test_coverage_is_described_in_words() -> None:
    assert str(coverage(MODEL, [MODEL.neutral])) == "3 of 20 pairs"


def test_simpler_rows_are_nearer_to_neutral() -> None:
    row = {"colour": "red", "size": 2, "open": True}
    assert all(_distance(simple) < _distance(row) for simple in MODEL.simpler(row))


def test_simpler_rows_break_no_constraint() -> None:
    row = {"colour": "blue", "size": 3, "open": True}
    assert all(MODEL.allows(simple) for simple in MODEL.simpler(row))


def test_an_impossible_part_has_no_row() -> None:
    assert MODEL.completed({"colour": "red", "size": 3}) is None


def _distance(row: dict[str, object]) -> int:
    return sum(row[name] != value for name, value in MODEL.neutral.items())
