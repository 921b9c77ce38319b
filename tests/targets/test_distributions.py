"""Which versions a target is of."""

from __future__ import annotations

from importlib import metadata

import pytest

from foricheck.targets.distributions import versions


def test_a_distribution_of_the_same_name() -> None:
    assert versions(["numpy.linalg"]) == {"numpy": metadata.version("numpy")}


def test_a_distribution_of_another_name() -> None:
    assert versions(["_pytest"]) == {"pytest": metadata.version("pytest")}


def test_each_is_told_once() -> None:
    assert list(versions(["numpy", "numpy.linalg", "_pytest"])) == ["numpy", "pytest"]


@pytest.mark.parametrize("name", ["json", "nosuch_package", ""])
def test_the_standard_library_and_what_is_not_there_have_none(name: str) -> None:
    assert versions([name]) == {}
