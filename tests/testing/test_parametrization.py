"""``foricheck.parametrize``: rules as items of somebody else's module, as pytest runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import foricheck
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.errors import RequestError

MODULE = """
import foricheck

def one_too_many(lower, upper, body_fun, init_val):
    for i in range(lower, upper + 1):
        init_val = body_fun(i, init_val)
    return init_val

@foricheck.parametrize(
    one_too_many,
    rules="ITER-01,ITER-02,ITER-03,CARRY-09,TRACE-01",
    array_namespace="numpy",
    profile="quick",
    expected_failures={"ITER-02": "not yet: off by one", "CARRY-09": "never: no reason"},
)
def test_one_too_many(check):
    check()
"""

WHOLE = """
import foricheck
from test_items import one_too_many

def test_whole():
    report = foricheck.check(one_too_many, rules="ITER-01", array_namespace="numpy")
    report.raise_for_failures()
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest prints for both modules."""
    directory = tmp_path_factory.mktemp("adopter")
    (directory / "test_items.py").write_text(MODULE)
    (directory / "test_whole.py").write_text(WHOLE)
    return pytest_in(directory, "-rA", "-p", "no:randomly")


def pytest_in(directory: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    environment = {name: text for name, text in os.environ.items() if name != "PYTEST_ADDOPTS"}
    ran = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout


@pytest.mark.parametrize(
    "line",
    [
        "FAILED test_items.py::test_one_too_many[ITER-01]",
        "XFAIL test_items.py::test_one_too_many[ITER-02] - not yet: off by one",
        "\nCARRY-09 passed, though it was expected to fail: never: no reason\n",
        "the target lacks",
    ],
)
def test_an_item_ends_as_its_rule(ran: str, line: str) -> None:
    assert line in ran


@pytest.mark.parametrize(
    "line",
    [
        "ITER-01 (core): ",
        "  rule      The body runs for lower, lower + 1, …, upper − 1, in that order",
        "  expected  ",
        "print(got)",
    ],
)
def test_a_failed_item_shows_its_evidence(ran: str, line: str) -> None:
    assert f"\n{line}" in ran


def test_raised_failures_are_printed_whole(ran: str) -> None:
    assert "E       foricheck.report.report.NotConformant: one_too_many: nonconformant" in ran
    assert "E       ITER-01 (core): " in ran
    assert "E         rule      The body runs for lower, lower + 1" in ran
    assert "E         expected  " in ran


def test_the_line_that_raised_them_is_the_callers(ran: str) -> None:
    assert ">       report.raise_for_failures()" in ran
    assert "raise NotConformant" not in ran


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"rules": "ITER-99"}, "no rule for a loop matches 'ITER-99'"),
        ({"expected_failures": {"ITER-99": ""}}, "no rule is named ITER-99, which is expected"),
        ({"profile": "slow"}, "no profile is named 'slow'"),
        ({"kind": "vector"}, "no kind is named 'vector'"),
        ({"without": ["wings"]}, "no capability is named 'wings'"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(asked: Any, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        foricheck.parametrize(numpy_loop, **asked)


def test_what_is_no_function_is_refused() -> None:
    with pytest.raises(RequestError, match="takes a function, not 'mypkg:loop'"):
        foricheck.parametrize("mypkg:loop")  # type: ignore[arg-type]


def test_nothing_is_called_before_an_item_runs() -> None:
    def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
        raise AssertionError("called")

    foricheck.parametrize(fori_loop, rules="ITER")
