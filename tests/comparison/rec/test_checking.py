"""From an outcome to a violation: values, classes, and what became of the caller's x."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foricheck.cases.rec.case import AROUND, HISTORY, RecurrenceCase
from foricheck.cases.rec.inputs import VALUES
from foricheck.cases.rec.layouts import LAYOUTS
from foricheck.cases.variants import PLAIN, STATIC
from foricheck.comparison.rec.checking import must_be_right, must_not_grow
from foricheck.comparison.violations import Undecided, Violation
from foricheck.reference import fori_loop_recurrence
from foricheck.strategies.rec.walks import ten_trips
from foricheck.targets.jax.recurrence import JaxRecurrence
from foricheck.targets.loading import of_callable, reference
from foricheck.targets.numpy.recurrence import NumpyRecurrence
from foricheck.targets.recurrence import RecurrenceSubject


def subject(function: Callable[..., Any] | None = None) -> JaxRecurrence:
    target = reference() if function is None else of_callable(function, array_namespace="jax")
    return JaxRecurrence(target, STATIC)


def test_a_right_one_has_a_ratio_of_at_most_one() -> None:
    assert 0 < must_be_right(subject(), RecurrenceCase()) <= 1


@pytest.mark.parametrize("around", AROUND)
def test_the_reference_is_right_under_every_transformation(around: str) -> None:
    assert must_be_right(subject(), RecurrenceCase(around=around)) <= 1


@pytest.mark.parametrize("derivative", ["forward", "reverse"])
def test_the_reference_has_right_derivatives(derivative: str) -> None:
    assert must_be_right(subject(), RecurrenceCase(derivative=derivative)) <= 1


@pytest.mark.parametrize("values", VALUES)
def test_the_reference_is_right_for_every_x(values: str) -> None:
    assert must_be_right(subject(), RecurrenceCase(values=values)) <= 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_reference_reads_every_layout(layout: str) -> None:
    assert must_be_right(subject(), RecurrenceCase(x_as=layout)) <= 1


@pytest.mark.parametrize("history", HISTORY)
def test_the_reference_is_right_whatever_came_before(history: str) -> None:
    assert must_be_right(subject(), RecurrenceCase(history=history)) <= 1


def _doubled(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    return fori_loop_recurrence(seed, x, hidden, T) * jnp.float32(1 + 1e-5)


def _without_nan(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    return jnp.nan_to_num(fori_loop_recurrence(seed, x, hidden, T))


def _donating(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    state = fori_loop_recurrence(seed, x, hidden, T)
    if isinstance(x, jax.Array) and not isinstance(x, jax.core.Tracer):
        x.delete()
    return state


def _writing(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    state = np.asarray(fori_loop_recurrence(seed, x, hidden, T))
    if isinstance(x, np.ndarray):
        x[0] += 1
    return state


@pytest.mark.parametrize(
    ("function", "case", "why"),
    [
        (_doubled, RecurrenceCase(), "error"),
        (_doubled, RecurrenceCase(T=0), "value"),
        (_without_nan, RecurrenceCase(values="NaN"), "error"),
        (_donating, RecurrenceCase(), "the caller's x"),
        (_writing, RecurrenceCase(x_as="numpy"), "value"),
    ],
)
def test_what_is_wrong_is_a_violation(
    function: Callable[..., Any], case: RecurrenceCase, why: str
) -> None:
    with pytest.raises(Violation) as found:
        must_be_right(subject(function), case)
    assert found.value.difference.why == why


def test_a_plain_call_over_numpy_is_judged_likewise() -> None:
    rec = NumpyRecurrence(of_callable(_as_numpy, array_namespace="numpy"), PLAIN)
    assert must_be_right(rec, RecurrenceCase(x_as="backwards", history="twice")) <= 1


def _as_numpy(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    return np.asarray(fori_loop_recurrence(seed, x, hidden, T))


def test_a_program_may_grow_by_less_than_an_operation_a_trip() -> None:
    (case,) = ten_trips(subject())
    must_not_grow(case, 250, 250 + 989)


def test_a_program_that_grows_by_an_operation_a_trip_is_a_violation() -> None:
    (case,) = ten_trips(subject())
    with pytest.raises(Violation):
        must_not_grow(case, 250, 250 + 990)


def test_what_is_not_called_from_python_is_not_judged_so() -> None:
    with pytest.raises(Undecided):
        RecurrenceSubject.outcome(subject(), RecurrenceCase())
