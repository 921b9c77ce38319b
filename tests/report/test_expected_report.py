"""What failed, as a file for ``--expect-failures``."""

from __future__ import annotations

from pathlib import Path

import pytest

from foricheck.expected.file import read
from foricheck.report.expected import render
from foricheck.report.report import Report

from .fake_runs import BROKEN, PASSED, failure, report, result


def reasons(report: Report, directory: Path) -> dict[str, str]:
    """The file, as a run reads it."""
    file = directory / "expected.toml"
    file.write_text(render(report), encoding="utf-8")
    return read(file)


def test_what_failed_has_a_reason_to_fill_in(tmp_path: Path) -> None:
    assert reasons(report(BROKEN), tmp_path)["CARRY-01"] == "not yet: to be filled in"


def test_what_failed_as_expected_keeps_its_reason(tmp_path: Path) -> None:
    assert reasons(report(BROKEN), tmp_path)["CARRY-03"] == "not yet: no containers"


def test_nothing_else_is_expected(tmp_path: Path) -> None:
    assert set(reasons(report(BROKEN), tmp_path)) == {"CARRY-01", "CARRY-03"}


def test_a_known_deviation_needs_no_entry(tmp_path: Path) -> None:
    known = result("ITER-15", "xfailed", reason="known deviation of JAX (all): it does so")
    assert reasons(report([known]), tmp_path) == {}


def test_a_conformant_target_breaks_nothing(tmp_path: Path) -> None:
    assert reasons(report(PASSED), tmp_path) == {}


def test_the_failure_is_told_above_its_entry() -> None:
    lines = render(report(BROKEN)).splitlines()
    entry = lines.index("[CARRY-01]")
    assert lines[entry - 2 : entry] == [
        "# What CARRY-01 says.",
        "# at carry['a'][2], expected int32 7, got int64 7",
    ]


@pytest.mark.parametrize("got", ["two\nlines", "\x1b[2J\x00", 'quotes " and \\', "ü" * 500])
def test_whatever_a_target_says_it_is_toml(got: str, tmp_path: Path) -> None:
    broken = result("CARRY-01", "failed", failure=failure(got=got))
    assert set(reasons(report([broken], target=got), tmp_path)) == {"CARRY-01"}


@pytest.mark.parametrize("reason", ['"quoted"', "back\\slash", "del \x7f", "ü, 字"])
def test_a_reason_comes_back_as_it_was(reason: str, tmp_path: Path) -> None:
    kept = result("CARRY-03", "xfailed", reason=f"never: {reason}")
    assert reasons(report([kept]), tmp_path) == {"CARRY-03": f"never: {reason}"}
