"""The rows of covering cases: sound, complete, and the same for the same seed."""

from __future__ import annotations

import pytest

from foricheck.cases.from_json import batch_from_json
from foricheck.oracle.cases.outputs import expected
from foricheck.strategies.cases.building import case_of
from foricheck.strategies.cases.constraints import MODEL
from foricheck.strategies.cases.rows import cases, covered, over_exact_trips, pairs
from foricheck.strategies.cases.simpler import simpler
from foricheck.strategies.cases.walks import around_powers

ROWS = pairs(0)
CASES = list(cases(0, 2))


def test_every_pair_that_goes_together_is_covered() -> None:
    found = covered(0)
    assert found.covered == found.possible


def test_no_row_breaks_a_constraint() -> None:
    assert all(MODEL.allows(row) for row in ROWS)


def test_every_constraint_has_a_reason() -> None:
    assert all(constraint.why.endswith(".") for constraint in MODEL.constraints)


def test_another_seed_combines_other_values() -> None:
    assert pairs(1) != ROWS


def test_every_case_survives_json() -> None:
    assert [batch_from_json(case.to_json()) for case in CASES] == CASES


def test_the_neutral_row_is_the_first_case() -> None:
    assert CASES[0] == case_of(MODEL.neutral)


def test_a_simpler_case_is_another_one() -> None:
    assert all(other != case for case in CASES[::20] for other in simpler(case))


@pytest.mark.parametrize("case", CASES[::60], ids=range(len(CASES[::60])))
def test_what_is_simpler_has_an_expected_output(case: object) -> None:
    for other in simpler(case):  # type: ignore[arg-type]
        expected(other, other.bounds.trips[0])


def test_derivatives_are_taken_over_no_more_trips() -> None:
    pairs_of = [(case, over_exact_trips(case)) for case in CASES[::10]]
    assert all(exact.bounds.trips[0] <= max(case.bounds.trips[0], 0) for case, exact in pairs_of)


def test_numbers_around_powers_of_two() -> None:
    assert around_powers(9) == (0, 1, 2, 3, 4, 5, 7, 8, 9)
