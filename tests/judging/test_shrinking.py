"""Shrinking choices: what comes out still breaks the rule, and nothing lower does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foricheck.cases.batch import Array
from foricheck.cases.loop import Snippet
from foricheck.comparison.violations import Difference, Violation
from foricheck.judging.shrinking import lowered, shrink

WIDTH = 8
CHOICES = arrays(np.uint8, WIDTH)
TOGETHER = pytest.mark.parametrize("together", [True, False])

Fails = Callable[[Array], bool]
"""Whether choices ``(WIDTH,)`` lead to a case that breaks the rule."""


class Attempts:
    """Judges candidates by a predicate and counts the calls."""

    def __init__(self, fails: Fails) -> None:
        self.fails = fails
        self.calls = 0

    def __call__(self, rows: Array) -> Violation | None:
        self.calls += 1
        lanes = [n for n, row in enumerate(rows) if self.fails(row)]
        if not lanes:
            return None
        case = Snippet(str(rows[lanes[0]].tolist()), "", "", "")
        return Violation(case, Difference("", "", "", "value"), lanes=lanes)


def at_least(least: Array) -> Fails:
    """A predicate that is monotone in every byte, and has one minimal point."""
    return lambda row: bool((row >= least).all())


def sum_at_least(total: int) -> Fails:
    """A predicate that is monotone in every byte, and has many minimal points."""
    return lambda row: int(row.sum()) >= total


def checksum(row: Array) -> bool:
    """A predicate that is monotone in nothing."""
    return int(row.astype(np.int64) @ np.arange(1, WIDTH + 1)) % 3 == 1


@TOGETHER
@given(choices=CHOICES)
def test_the_result_still_fails(choices: Array, together: bool) -> None:
    found, violation = shrink(choices, Attempts(checksum), together=together)
    assert checksum(found) is (violation is not None)


@TOGETHER
@given(choices=CHOICES)
def test_no_byte_is_raised(choices: Array, together: bool) -> None:
    found, _ = shrink(choices, Attempts(checksum), together=together)
    assert (found <= choices).all()


@TOGETHER
@given(choices=CHOICES)
def test_the_violation_is_that_of_the_result(choices: Array, together: bool) -> None:
    found, violation = shrink(choices, Attempts(checksum), together=together)
    assert violation is None or violation.case == Snippet(str(found.tolist()), "", "", "")


@TOGETHER
@given(choices=CHOICES)
def test_a_case_that_holds_alone_is_no_violation(choices: Array, together: bool) -> None:
    found, violation = shrink(choices, Attempts(lambda _: False), together=together)
    assert violation is None
    np.testing.assert_array_equal(found, choices)


@TOGETHER
def test_choices_that_always_fail_become_zeros(together: bool) -> None:
    found, _ = shrink(np.full(WIDTH, 255, np.uint8), Attempts(lambda _: True), together=together)
    assert not found.any()


@given(choices=CHOICES, spare=CHOICES)
def test_a_single_minimal_point_is_found(choices: Array, spare: Array) -> None:
    least = np.minimum(choices, spare)
    found, _ = shrink(choices, Attempts(at_least(least)))
    np.testing.assert_array_equal(found, least)


@given(choices=CHOICES, part=st.floats(0, 1))
def test_one_of_many_minimal_points_is_found(choices: Array, part: float) -> None:
    fails = sum_at_least(int(int(choices.sum()) * part))
    found, _ = shrink(choices, Attempts(fails))
    assert fails(found)
    assert not any(fails(row) for row in _one_less(found))


@given(choices=CHOICES)
def test_it_ends_together(choices: Array) -> None:
    attempts = Attempts(at_least(choices // 2))
    shrink(choices, attempts)
    assert attempts.calls <= 256


@given(choices=CHOICES)
def test_one_by_one_costs_few_calls(choices: Array) -> None:
    attempts = Attempts(at_least(choices // 2))
    shrink(choices, attempts, together=False)
    assert attempts.calls <= 64


@given(choices=CHOICES)
def test_every_candidate_is_lower(choices: Array) -> None:
    for row in lowered(choices):
        assert (row <= choices).all()
        assert (row < choices).any()


@given(choices=CHOICES)
def test_every_byte_is_lowered_by_one_alone(choices: Array) -> None:
    candidates = {row.tobytes() for row in lowered(choices)}
    assert {row.tobytes() for row in _one_less(choices)} <= candidates


def _one_less(choices: Array) -> list[Array]:
    """The choices with one byte lowered by one, for every byte."""
    return [choices - np.eye(WIDTH, dtype=np.uint8)[place] for place in np.flatnonzero(choices)]
