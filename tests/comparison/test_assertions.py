"""The assertions of the properties, on values that hold and values that do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from foricheck.cases.loop import Snippet
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.assertions import (
    must_be_refused,
    must_be_within,
    must_equal,
    must_equal_each,
    must_equal_or_refuse,
)
from foricheck.comparison.refusals import answered
from foricheck.comparison.violations import Violation
from foricheck.oracle.bounds import Enclosure

CASE = Snippet("0", "1", "def body(i, c): return c", "0")
THREE = RecurrenceBatch(2, np.arange(3), np.zeros((3, 2), np.float32), np.ones(3, np.int64))
STATES = np.arange(6, dtype=np.float32).reshape(3, 2)


def raising(error: BaseException) -> Callable[[], Any]:
    """A call of a target that raises."""

    def call() -> Any:
        raise error

    return lambda: answered(call)


def broken(check: Callable[..., Any], *args: Any, **rest: Any) -> Violation:
    with pytest.raises(Violation) as found:
        check(*args, **rest)
    return found.value


class TestMustEqual:
    def test_equal_lanes_hold(self) -> None:
        must_equal(THREE, STATES, STATES.copy())

    def test_another_dtype_differs(self) -> None:
        violation = broken(must_equal, THREE, STATES, STATES.astype(np.float64))
        assert violation.difference.why == "dtype or shape"

    def test_every_lane_that_differs_is_counted(self) -> None:
        got = STATES.copy()
        got[1:] += 1
        assert broken(must_equal, THREE, STATES, got).lanes == [1, 2]

    def test_the_case_is_the_first_lane_that_differs(self) -> None:
        got = STATES.copy()
        got[2, 1] = 0
        violation = broken(must_equal, THREE, STATES, got)
        assert violation.case.digest() == THREE.lane(2).digest()
        assert violation.difference.path == "[1]"

    def test_each_tree_is_compared(self) -> None:
        must_equal_each(THREE, [(1,), (2,), (3,)], [(1,), (2,), (3,)])
        assert broken(must_equal_each, THREE, [1, 2, 3], [1, 2, 4]).lanes == [2]


class TestMustBeWithin:
    BOUND = Enclosure(np.zeros((3, 2)), np.full((3, 2), 0.5))

    def test_the_test_ratio_is_returned(self) -> None:
        got = np.array([[0, 0], [0, 0.25], [-0.125, 0]], np.float32)
        assert must_be_within(THREE, self.BOUND, got) == 0.5

    def test_the_violation_has_the_ratio_of_its_lane_and_of_the_batch(self) -> None:
        got = np.array([[0, 0], [0, 1], [2, 0]], np.float32)
        violation = broken(must_be_within, THREE, self.BOUND, got)
        assert violation.lanes == [1, 2]
        assert violation.difference.ratio == 2
        assert violation.max_ratio == 4

    def test_a_nan_is_out_of_bounds(self) -> None:
        got = np.full((3, 2), np.nan, np.float32)
        assert broken(must_be_within, THREE, self.BOUND, got).lanes == [0, 1, 2]


class TestMustBeRefused:
    def test_one_of_the_errors_is_a_refusal(self) -> None:
        must_be_refused(CASE, raising(TypeError("no")), what="a float")

    def test_any_error_is_one_where_no_type_is_asked_for(self) -> None:
        must_be_refused(CASE, raising(KeyError("no")), what="a float")

    def test_an_exit_is_none(self) -> None:
        violation = broken(must_be_refused, CASE, raising(SystemExit("no")), what="a float")
        assert violation.difference.expected == "an error: a float"

    def test_another_error_is_none(self) -> None:
        violation = broken(
            must_be_refused,
            CASE,
            raising(KeyError("no")),
            what="a float",
            errors=(TypeError, ValueError),
        )
        assert violation.difference.why == "another error"
        assert violation.difference.expected == "TypeError or ValueError: a float"

    def test_a_value_is_none(self) -> None:
        violation = broken(must_be_refused, CASE, lambda: np.int32(3), what="a float")
        assert violation.difference.why == "not refused"

    @pytest.mark.parametrize(
        ("naming", "missing"),
        [
            (("Bound", "unroll"), ""),
            (("carry",), "carry"),
            ((("carry", "bound"),), ""),
            ((("carry", "init"), "body"), "carry or init and body"),
        ],
    )
    def test_the_message_names_what_is_wrong(self, naming: Any, missing: str) -> None:
        call = raising(TypeError("the bound and unroll"))
        if not missing:
            must_be_refused(CASE, call, what="a float", naming=naming)
            return
        violation = broken(must_be_refused, CASE, call, what="a float", naming=naming)
        assert violation.difference.expected == f"a message that names {missing}"


class TestMustEqualOrRefuse:
    def test_the_value_holds(self) -> None:
        must_equal_or_refuse(CASE, lambda: np.int32(3), np.int32(3), (TypeError,))

    def test_a_refusal_holds(self) -> None:
        must_equal_or_refuse(CASE, raising(TypeError("no")), np.int32(3), (TypeError,))

    def test_another_value_does_not(self) -> None:
        violation = broken(
            must_equal_or_refuse, CASE, lambda: np.int32(4), np.int32(3), (TypeError,)
        )
        assert violation.difference.got == "4"

    def test_another_error_does_not(self) -> None:
        violation = broken(
            must_equal_or_refuse, CASE, raising(KeyError("no")), np.int32(3), (TypeError,)
        )
        assert violation.difference.why == "another error"
