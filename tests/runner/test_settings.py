"""``[tool.foricheck]``: what is judged where the command line says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foricheck.errors import RequestError
from foricheck.runner.settings import settings_of


def options(directory: Path, table: str, *, target: str | None = None) -> dict[str, Any]:
    """The options of a run in a directory whose pyproject.toml has this table."""
    (directory / "pyproject.toml").write_text(f"[tool.foricheck]\n{table}")
    return settings_of(directory).options(target)


def test_every_option_may_be_set(tmp_path: Path) -> None:
    table = """
        target = "mypkg.loops:f"
        kind = "loop"
        rules = ["ITER", "-ITER-05"]
        profile = "quick"
        without = "vmap,grad"
        array-namespace = "numpy"
        expect-failures = "expected.toml"
        seed = 3
        timeout = 5
        time-limit = 60.5
        jobs = 2
    """
    assert options(tmp_path, table) == {
        "target": "mypkg.loops:f",
        "kind": "loop",
        "rules": "ITER,-ITER-05",
        "profile": "quick",
        "without": "vmap,grad",
        "array_namespace": "numpy",
        "expect_failures": "expected.toml",
        "seed": 3,
        "timeout": 5.0,
        "time_limit": 60.5,
        "jobs": 2,
    }


def test_nothing_is_set_without_a_file_or_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert settings_of(tmp_path).options(None) == {}


def test_the_nearest_file_counts_and_paths_start_from_it(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    options(tmp_path, 'target = "loops.py:f"\nexpect-failures = "e.toml"')
    assert settings_of(below).options(None) == {
        "target": "../../loops.py:f",
        "expect_failures": "../../e.toml",
    }


def test_what_is_set_for_a_target_does_not_hold_for_another(tmp_path: Path) -> None:
    table = 'target = "a:f"\nprofile = "quick"\nwithout = ["vmap"]\nexpect-failures = "e.toml"'
    assert options(tmp_path, table, target="b:f") == {"profile": "quick"}


def test_without_a_target_what_is_set_holds_for_any(tmp_path: Path) -> None:
    assert options(tmp_path, 'without = ["vmap"]', target="b:f") == {"without": "vmap"}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("profil = 1", r"\[tool.foricheck\] has no key 'profil'; did you mean profile\?"),
        ("wings = 1", "has no key 'wings'; the keys are target, kind, rules, profile,"),
        ('profile = "slow"', "profile: invalid enum value 'slow'"),
        ("seed = 1.5", "seed: expected 'int"),
        ("timeout = 0", "timeout: expected 'float' > 0"),
        ("jobs = 0", "jobs: expected 'int' >= 1"),
        ("rules = [1]", r"rules\[0\]: expected 'str', got 'int'"),
        ("seed =", "not TOML: "),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(RequestError, match=f"pyproject.toml.*{message}"):
        options(tmp_path, table)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nforicheck = 1\n")
    with pytest.raises(RequestError, match="expected a table"):
        settings_of(tmp_path)
