"""The answers of recurrences: reproducible bytes and sharp bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foricheck.cases.arrays import decode
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.oracle.bounds import trajectory_bound
from foricheck.oracle.recurrence import weights
from foricheck.oracle.rounding import FLOAT64
from foricheck.vectors import answers
from foricheck.vectors.suite import SUITES
from foricheck.vectors.vector import Vector

_, RECURRENCES = SUITES
WITH_TRIPS = [vector for vector in RECURRENCES.vectors if vector.case.T[0] > 0]  # type: ignore[union-attr]
EVERY_ONE = pytest.mark.parametrize("vector", WITH_TRIPS, ids=lambda vector: vector.id)
SHARP = 2.0**-10
ERRORS = st.floats(1e-300, 1e300)


def case_of(vector: Vector) -> RecurrenceBatch:
    assert isinstance(vector.case, RecurrenceBatch)
    return vector.case


def own_error(case: RecurrenceBatch) -> np.ndarray:
    """The error bound of the oracle's own arithmetic, on any machine."""
    drawn = weights(int(case.seed[0]), case.hidden)
    return trajectory_bound(drawn, case.x[0], int(case.T[0]), arithmetic=FLOAT64).error


@EVERY_ONE
def test_it_is_in_no_doubt_to_which_float32_a_value_is_rounded(vector: Vector) -> None:
    case = case_of(vector)
    value, error = answers.enclosure(case).value, own_error(case)
    low, high = (value - error).astype(np.float32), (value + error).astype(np.float32)
    np.testing.assert_array_equal(low, high)


@EVERY_ONE
def test_nor_to_which_8_bits_an_error_is(vector: Vector) -> None:
    made = answers.enclosure(case_of(vector))
    half_a_unit = np.spacing(np.abs(made.value.astype(np.float32))) / np.float64(2)
    error = made.error + half_a_unit
    low, high = (answers.outward(error * factor) for factor in (1 - 2.0**-32, 1 + 2.0**-32))
    np.testing.assert_array_equal(low, high)


@EVERY_ONE
def test_errors_are_sharp(vector: Vector) -> None:
    (error,) = map(decode, vector.expected["error"])
    assert error.max() <= SHARP


@EVERY_ONE
def test_the_written_interval_holds_the_oracles(vector: Vector) -> None:
    expected, made = vector.expected, answers.enclosure(case_of(vector))
    value, error = decode(expected["value"][0]).astype(np.float64), decode(expected["error"][0])
    assert (value - error <= made.value - made.error).all()
    assert (made.value + made.error <= value + error).all()


@given(error=ERRORS)
def test_rounding_outward_never_lowers_an_error(error: float) -> None:
    assert error <= answers.outward(np.array(error)) <= error * (1 + 2.0**-7)


@given(error=ERRORS)
def test_what_is_rounded_has_8_bits(error: float) -> None:
    mantissa, _ = np.frexp(answers.outward(np.array(error)))
    assert (mantissa * 2**8).is_integer()


def test_an_error_of_0_stays_0() -> None:
    assert answers.outward(np.zeros(2)).tolist() == [0, 0]


def test_no_trips_give_the_very_bits_of_x() -> None:
    x = np.array([[0x7FC00000, 0x80000000, 0xFF800000, 1]], np.uint32).view(np.float32)
    expected = answers.of_recurrence(RecurrenceBatch(4, np.array([7]), x, np.array([0])))
    assert decode(expected["value"][0]).tobytes() == x.tobytes()
    assert not decode(expected["error"][0]).any()
