from __future__ import annotations

import pytest

from foricheck.zoo.trials import TrialResult

from .fake_trials import cell, mutant, right, row, trial


@pytest.mark.parametrize(
    ("came", "trouble"),
    [
        (row(cell()), ""),
        (row(cell(caught=0)), "not caught by ITER-01"),
        (row(), "not caught by ITER-01 (not judged)"),
        (row(cell(caught=19, runs=20)), "not caught by ITER-01 (19 of 20 runs)"),
        (row(cell(), cell("CARRY-01", caught=0)), ""),
        (row(cell(caught=0), declared=()), ""),
        (right(cell(caught=0)), ""),
        (right(cell(), cell("CARRY-01", caught=0)), "accused by ITER-01"),
        (right(lost="was killed by SIGKILL"), "the process was killed by SIGKILL"),
        (mutant(cell(caught=0), cell("CARRY-01")), ""),
        (mutant(cell(caught=0)), "survives"),
        (mutant(lost="was silent for 15 seconds and was ended"), ""),
        (mutant(cell(caught=0), expected="equivalent"), ""),
        (mutant(cell(), expected="equivalent"), "is no equivalent: caught by ITER-01"),
    ],
)
def test_trouble_is_what_is_not_as_it_must_be(came: TrialResult, trouble: str) -> None:
    assert came.trouble == trouble


def test_the_first_rule_is_the_first_that_caught_it() -> None:
    came = row(cell(caught=0), cell("CARRY-01"), cell("REC-01"))
    assert came.first == came.cells[1]


@pytest.mark.parametrize(("as_jax", "catches"), [(False, False), (True, True)])
def test_a_known_deviation_catches_only_what_is_wrong_as_jax_is(
    as_jax: bool, catches: bool
) -> None:
    assert trial(as_jax=as_jax).catches("xfailed") is catches
