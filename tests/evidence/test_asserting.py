"""The script of a failure asserts what is expected, and fails with the words of the report."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from foricheck.evidence.failure import Failure
from foricheck.judging import plan as planning
from foricheck.judging import run as running
from foricheck.judging.events import Event
from foricheck.report.report import Report
from foricheck.targets.loading import of_callable


def one_more(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    for i in range(int(lower), int(upper) + 1):
        init_val = body_fun(np.int32(i), init_val)
    return init_val


def right(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    for i in range(int(lower), int(upper)):
        init_val = body_fun(np.int32(i), init_val)
    return init_val


@pytest.fixture(scope="module", params=["ITER-01", "CARRY-04", "CARRY-05"])
def failure(request: pytest.FixtureRequest) -> Failure:
    """A wrong value of a program, one of a snippet, and what should be refused."""
    target = of_callable(one_more, array_namespace="numpy")
    events: list[Event] = []
    running.run(planning.plan(target, pattern=request.param, profile="quick"), events.append)
    (result,) = Report.of(events).results
    assert result.failure is not None
    return result.failure


def ran(failure: Failure, loop: Callable[..., Any]) -> tuple[str, str]:
    """What the script of a failure prints with a loop, and what it fails with."""
    lines = failure.script.splitlines()
    text = "\n".join(line for line in lines if not line.startswith(("from ", "import sys")))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(text, {"fori_loop": loop})
        except AssertionError as error:
            return printed.getvalue(), str(error)
    return printed.getvalue(), ""


def test_it_fails_with_the_words_of_the_report(failure: Failure) -> None:
    words = failure.diagnosis or failure.sentence
    assert ran(failure, one_more)[1] == f"{failure.rule}: {words}"


def test_it_prints_what_is_expected(failure: Failure) -> None:
    assert failure.expected in ran(failure, one_more)[0]


def test_it_says_where_a_value_comes_from(failure: Failure) -> None:
    assert "The expected value comes from" in failure.script or failure.why == "not refused"


@pytest.mark.parametrize("failure", ["ITER-01", "CARRY-04"], indirect=True)
def test_a_right_loop_does_not_fail_it(failure: Failure) -> None:
    assert ran(failure, right)[1] == ""
