"""``foricheck.check``: a verdict from inside somebody else's tests."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

import foricheck
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.errors import RequestError


def one_too_many(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    return numpy_loop(lower, upper + 1, body_fun, init_val)


def stays(seed: float, x: Any, hidden: float, T: float) -> Any:
    return np.asarray(x, np.float32)


WRONG = {"array_namespace": "numpy", "rules": "ITER-01, ITER-02, CARRY-09"}


def test_a_right_loop_is_conformant() -> None:
    assert foricheck.check(numpy_loop, rules="ITER-02, CARRY").conformant


def test_a_right_loop_over_jax_arrays_is_conformant() -> None:
    assert foricheck.check(jax.lax.fori_loop, rules="ITER-02, CARRY-10").conformant


def test_a_wrong_loop_is_not() -> None:
    assert not foricheck.check(one_too_many, **WRONG).conformant  # type: ignore[arg-type]


def test_the_rules_it_breaks_are_told() -> None:
    report = foricheck.check(one_too_many, **WRONG)  # type: ignore[arg-type]
    assert [result.id for result in report.failures] == ["ITER-01", "ITER-02"]


def test_its_text_tells_what_failed() -> None:
    text = str(foricheck.check(one_too_many, **WRONG))  # type: ignore[arg-type]
    assert "ITER-01" in text
    assert "The body runs for lower, lower + 1" in text
    assert "RuleResult(" not in text


def test_its_text_tells_of_a_right_loop() -> None:
    assert "conformant" in str(foricheck.check(numpy_loop, rules="CARRY-09")).lower()


def test_failures_are_raised_whole() -> None:
    report = foricheck.check(one_too_many, **WRONG)  # type: ignore[arg-type]
    with pytest.raises(foricheck.NotConformant) as raised:
        report.raise_for_failures()
    assert str(raised.value) == str(report)


def test_without_a_verdict_there_is_an_error_too() -> None:
    report = foricheck.check(numpy_loop, rules="TRACE-01", array_namespace="numpy")
    with pytest.raises(foricheck.NotConformant, match="every rule was skipped"):
        report.raise_for_failures()


def test_nothing_is_raised_for_a_right_loop() -> None:
    foricheck.check(numpy_loop, rules="CARRY-09").raise_for_failures()


def test_a_recurrence_is_known_by_its_parameters() -> None:
    report = foricheck.check(stays, array_namespace="numpy", rules="REC-03, REC-05")
    assert [result.status for result in report.results] == ["passed", "failed"]


def test_a_kind_may_be_given() -> None:
    report = foricheck.check(
        lambda a, b, c, d: numpy_loop(a, b, c, d),
        kind="loop",
        rules="CARRY-09",
        array_namespace="numpy",
    )
    assert report.conformant


def test_capabilities_that_are_not_claimed_skip_rules() -> None:
    report = foricheck.check(numpy_loop, rules="CARRY-09, ITER-02", without=["pytree"])
    assert [result.status for result in report.results] == ["passed", "skipped"]


def test_an_expected_failure_is_none() -> None:
    reasons = {"ITER-01": "not yet: …", "ITER-02": "not yet: …"}
    report = foricheck.check(one_too_many, **WRONG, expected_failures=reasons)  # type: ignore[arg-type]
    assert report.conformant


def test_a_profile_judges_less() -> None:
    few, more = (
        foricheck.check(numpy_loop, rules="ITER-02", profile=profile).results[0].cases
        for profile in ("quick", "default")
    )
    assert few < more


def test_the_seed_is_in_the_report() -> None:
    assert foricheck.check(numpy_loop, rules="CARRY-09", seed=5).header.seed == 5


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"kind": "vector"}, "no kind is named 'vector'"),
        ({"profile": "slow"}, "no profile is named 'slow'"),
        ({"without": ["wings"]}, "no capability is named 'wings'"),
        ({"array_namespace": "torch"}, "no array namespace is named 'torch'"),
        ({"rules": "ITER-99"}, "no rule for a loop matches 'ITER-99'"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(asked: Any, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        foricheck.check(numpy_loop, **asked)


def test_a_function_of_no_clear_kind_is_refused() -> None:
    with pytest.raises(RequestError, match="do not show whether it is a loop or a recurrence"):
        foricheck.check(lambda a, b, c, d: d)


LOOP = """
import itertools, sys
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.judging import confirming

calls = itertools.count(1)

def fori_loop(lower, upper, body_fun, init_val):
    result, call = numpy_loop(lower, upper, body_fun, init_val), next(calls)
    {}
    return result
"""


class TestConfirmation:
    """A failure is run again in another process, which imports the function."""

    @staticmethod
    def judged(directory: Path, line: str, rules: str = "ITER-01") -> foricheck.Report:
        name = f"loop_of_{directory.name}"
        (directory / f"{name}.py").write_text(LOOP.format(line))
        loop = importlib.import_module(name).fori_loop
        return foricheck.check(loop, rules=rules, array_namespace="numpy", profile="quick")

    def test_a_failure_stands(self, importable: Path) -> None:
        report = self.judged(importable, "result = [result]")
        assert (report.verdict, report.notes) == ("nonconformant", ())

    def test_a_limit_of_one_process_is_not_a_broken_rule(self, importable: Path) -> None:
        limit = "if call > 30: raise RuntimeError('enough')"
        assert self.judged(importable, limit, "CARRY-04,CARRY-08").conformant

    def test_a_target_that_changes_the_confirmation_is_not_acquitted(
        self, importable: Path
    ) -> None:
        line = """result = [result]
    if "pytest" not in sys.modules:
        acquitted = lambda self: confirming.replace(self._found, status="passed")
        confirming._Confirming.result = acquitted
"""
        report = self.judged(importable, line)
        assert report.verdict == "nonconformant"
        assert "was changed by the target" in report.notes[-1]

    def test_a_function_that_no_process_can_import_is_noted(self) -> None:
        def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
            return [init_val]

        report = foricheck.check(fori_loop, rules="ITER-01", array_namespace="numpy")
        note = "not confirmed in a process of its own: ITER-01 (it cannot import the function)"
        assert note in report.notes


@pytest.fixture
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path
