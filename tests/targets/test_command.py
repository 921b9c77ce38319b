"""``foricheck targets``."""

from __future__ import annotations

import json

import pytest

from foricheck.cli import main
from foricheck.conformance.targets import ADAPTERS, Adapter

NEEDS = "numpy", "nosuch_package"


@pytest.fixture(autouse=True)
def _two_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that can run here, and two that cannot."""
    there = Adapter(name="there", place="numpy:loop", packages=("numpy",), summary="A loop.")
    missing = Adapter(
        name="missing", place="n:loop", packages=NEEDS, extra="more", summary="A long one. " * 10
    )
    by_hand = Adapter(name="by-hand", place="exec:n", tools=("nosuch-tool",), summary="A harness.")
    monkeypatch.setenv("COLUMNS", "80")
    for name in list(ADAPTERS):
        monkeypatch.delitem(ADAPTERS, name)
    for adapter in (there, missing, by_hand):
        monkeypatch.setitem(ADAPTERS, adapter.name, adapter)


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(("targets", *arguments))
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_each_is_told_with_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    lines = listed(capsys).splitlines()
    assert "there             A loop." in lines
    assert "by-hand           A harness." in lines


def test_what_is_installed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    assert f" installed: numpy {np.__version__}\n" in listed(capsys)


def test_what_to_install_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert " not installed: pip install 'foricheck[more]'\n" in listed(capsys)


def test_what_has_no_extra_is_told_to_be_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert " not installed: nosuch-tool\n" in listed(capsys)


def test_it_fits_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert max(map(len, listed(capsys).splitlines())) <= 80


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    there, missing, _ = json.loads(listed(capsys, "--json", "-"))
    assert there["missing"] == []
    assert missing["missing"] == ["nosuch_package"]
    assert missing["install"] == "pip install 'foricheck[more]'"
    assert missing["summary"].startswith("A long one.")
