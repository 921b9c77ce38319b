"""A case of a recurrence is data: exact in JSON, and plain about what it means."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from foricheck.cases.from_json import batch_from_json
from foricheck.cases.rec.case import AROUND, HISTORY, RecurrenceCase
from foricheck.cases.rec.history import before, beside
from foricheck.cases.rec.inputs import SPECIAL, VALUES, inputs
from foricheck.cases.rec.lanes import lanes_of, shape_of
from foricheck.cases.rec.numbers import holds, written


@pytest.mark.parametrize("seed", [0, -1, 7.5, 2**63 - 1, -(2**63), 2**24 + 1])
def test_a_case_survives_json(seed: float) -> None:
    case = RecurrenceCase(seed=seed, T=4.75, T_as="float", around="vmap of all")
    assert batch_from_json(json.loads(json.dumps(case.to_json()))) == case


def test_what_counts_of_hidden_is_int_of_it() -> None:
    assert RecurrenceCase(hidden=17.75, hidden_as="float").width == 17


@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_inputs_have_the_shape_and_dtype_of_x(values: str, dtype: str) -> None:
    x = inputs(values, 5, dtype)
    assert (x.shape, x.dtype) == ((5,), dtype)


@pytest.mark.parametrize("values", SPECIAL)
def test_special_values_are_not_all_normal_numbers(values: str) -> None:
    x = inputs(values, 3, "float32")
    assert not (np.abs(x) >= np.finfo(np.float32).tiny).all() or not np.isfinite(x).all()


def test_noise_uses_every_digit_of_float32() -> None:
    x = inputs("noise", 64, "float32")
    assert (x.astype(np.float16).astype(np.float32) != x).all()


@pytest.mark.parametrize("around", AROUND)
def test_there_is_a_lane_for_every_place(around: str) -> None:
    case = RecurrenceCase(around=around)
    assert len(lanes_of(case)) == int(np.prod(shape_of(case)))


@pytest.mark.parametrize("around", AROUND)
def test_the_first_lane_is_the_case_itself(around: str) -> None:
    case = RecurrenceCase(around=around, seed=-2, T=5)
    first = lanes_of(case)[0]
    assert (first.seed, first.T, first.x.tobytes()) == (-2, 5, case.x.tobytes())


def test_lanes_differ_in_what_is_mapped() -> None:
    lanes = lanes_of(RecurrenceCase(around="vmap of T", T=2))
    assert [(lane.seed, lane.T) for lane in lanes] == [(3, 2), (3, 3), (3, 4)]


@pytest.mark.parametrize("history", HISTORY)
def test_calls_before_have_no_history(history: str) -> None:
    assert all(each.history == "alone" for each in before(RecurrenceCase(history=history)))


def test_the_seed_before_minus_two_is_minus_one() -> None:
    (earlier,) = before(RecurrenceCase(seed=-2, history="after the next seed"))
    assert earlier.seed == -1


def test_two_threads_have_two_seeds() -> None:
    case = RecurrenceCase(history="in two threads")
    assert [each.seed for each in beside(case)] == [3, 4]


@pytest.mark.parametrize(
    ("number", "way", "able"),
    [
        (200, "np.uint8", True),
        (200, "np.int8", False),
        (-1, "np.uint8", False),
        (7.5, "int", False),
        (7.5, "np.float32", True),
        (2**24 + 1, "np.float32", False),
        (2**24 + 1, "np.float64", True),
        (2**63 - 1, "float", False),
        (2**31, "jnp.int32", False),
        (-(2**63), "int", True),
    ],
)
def test_a_number_is_given_only_as_what_holds_it(number: float, way: str, able: bool) -> None:
    assert holds(number, way) is able


def test_a_number_is_written_with_its_type() -> None:
    assert (written(7, "int"), written(7.5, "np.float32")) == ("7", "np.float32(7.5)")


def test_a_case_is_hashable_and_compared_by_value() -> None:
    assert len({RecurrenceCase(), replace(RecurrenceCase())}) == 1
