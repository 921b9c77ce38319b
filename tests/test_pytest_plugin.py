"""The rules as a pytest suite, for the target that a command line or a pyproject.toml names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOP = """
def fori_loop(lower, upper, body_fun, init_val):
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val
"""
SETTINGS = """
[tool.foricheck]
target = "loops.py:fori_loop"
rules = "ITER-01,CARRY-09"
profile = "quick"
array-namespace = "numpy"
"""


def suite(directory: Path, *arguments: str, settings: str = SETTINGS) -> tuple[int, str]:
    """How pytest ends on the rules, and what it prints."""
    (directory / "loops.py").write_text(LOOP)
    (directory / "pyproject.toml").write_text(settings)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--pyargs"]
    environment = {name: text for name, text in os.environ.items() if name != "PYTEST_ADDOPTS"}
    ran = subprocess.run(
        [*command, "foricheck.conformance", "-v", *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_pyproject_names_the_target_and_the_rules(tmp_path: Path) -> None:
    status, said = suite(tmp_path)
    assert status == 0
    assert "foricheck: target loops.py:fori_loop, seed 0" in said
    assert "[ITER-01-static-plain] PASSED" in said
    assert "[CARRY-09-static-plain] PASSED" in said
    assert "2 passed" in said


def test_the_command_line_wins(tmp_path: Path) -> None:
    status, said = suite(tmp_path, "--foricheck-rules", "ITER-02", "--foricheck-seed", "5")
    assert status == 0
    assert "foricheck: target loops.py:fori_loop, seed 5" in said
    assert "[ITER-02-" in said
    assert "[ITER-01-" not in said


@pytest.mark.parametrize("arguments", [(), ("--target", "loops.py:fori_loop")])
def test_an_unknown_key_is_said(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    status, said = suite(tmp_path, *arguments, settings="[tool.foricheck]\nprofil = 'quick'\n")
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "foricheck: pyproject.toml: [tool.foricheck] has no key 'profil'" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("--foricheck-expect-failures", "expected.toml"),
        ("--target", "loops.py:fori_loop", "--foricheck-expect-failures", "expected.toml"),
        ("--foricheck-expect-failures", "expected.toml", "-n", "2"),
    ],
)
def test_an_unknown_rule_that_is_expected_to_fail_is_one_error(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "expected.toml").write_text("[ITER-99]\ncategory = 'never'\nreason = 'a typo'\n")
    status, said = suite(tmp_path, *arguments)
    assert status == pytest.ExitCode.USAGE_ERROR
    (line,) = (line for line in said.splitlines() if "ITER-99" in line)
    assert line.startswith("ERROR: foricheck: no rule is named ITER-99, which is expected to fail")


FAILS_LATE = """
import itertools

calls = itertools.count(1)

def fori_loop(lower, upper, body_fun, init_val):
    if next(calls) > 30:
        raise RuntimeError("enough")
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val
"""


def test_a_failure_is_confirmed_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "late.py").write_text(FAILS_LATE)
    status, said = suite(
        tmp_path, "--target", "late.py:fori_loop", "--foricheck-rules", "CARRY-03,CARRY-04"
    )
    assert status == 0, said
