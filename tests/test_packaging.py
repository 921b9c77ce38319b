"""What is in the distribution."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import foricheck

ROOT = Path(__file__).parents[1]
SCHEMAS = "foricheck.conformance.schemas"
HARNESSES = "foricheck.conformance.harnesses"
VECTORS = "foricheck.conformance.vectors"
PLACES = {
    "foricheck.report": "src/foricheck/report",
    "foricheck.rules": "src/foricheck/rules",
    SCHEMAS: "conformance/schemas",
    VECTORS: "conformance/vectors",
    HARNESSES: "conformance/harnesses",
    f"{HARNESSES}.c": "conformance/harnesses/c",
    f"{HARNESSES}.js": "conformance/harnesses/js",
}
MARKS = ("__init__.py", "harness.py", "*.json", "*.mjs", "*.c", "*/*.mjs")
"""Files by which a directory is a package: of code, of data, or around others."""
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def packages(directory: Path, name: str) -> set[str]:
    """The packages below a directory, of code or of data; links are not followed."""
    found = {name}
    for path in directory.iterdir():
        holds = any(any(path.glob(mark)) for mark in MARKS)
        if path.is_dir() and not path.is_symlink() and holds:
            found |= packages(path, f"{name}.{path.name}")
    return found


def test_every_package_is_listed() -> None:
    source = packages(ROOT / "src" / "foricheck", "foricheck")
    rules = packages(ROOT / "conformance", "foricheck.conformance")
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == source | rules


def test_it_says_that_it_is_typed() -> None:
    assert (Path(foricheck.__file__).parent / "py.typed").is_file()
    assert "py.typed" in PROJECT["tool"]["setuptools"]["package-data"]["foricheck"]


@pytest.mark.parametrize(
    ("package", "suffix"),
    [
        ("foricheck.report", ".j2"),
        ("foricheck.rules", ".j2"),
        (SCHEMAS, ".json"),
        (VECTORS, ".json"),
        (HARNESSES, ".md"),
        (f"{HARNESSES}.c", ""),
        (f"{HARNESSES}.js", ""),
    ],
)
def test_data_files_are_listed(package: str, suffix: str) -> None:
    place = ROOT / PLACES[package]
    files = set(place.rglob(f"*{suffix}"))
    patterns = PROJECT["tool"]["setuptools"]["package-data"][package]
    listed = {path for pattern in patterns for path in place.glob(pattern)}
    assert files
    assert files <= listed


@pytest.mark.parametrize("name", foricheck.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(foricheck, name).__doc__


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="module 'foricheck' has no attribute 'nosuch'"):
        foricheck.nosuch  # noqa: B018


def test_the_oldest_python_is_the_one_that_ruff_and_mypy_check_for() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
