"""Historic defects: the table names existing rules, environments and measurements."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

from foricheck.conformance.history import Defect, Outcome, defects, environments
from foricheck.judging.events import RuleResult, Status
from foricheck.rules.registry import all_rules

TOX = Path(__file__).parents[1] / "tox.ini"
EVIDENCE = Path(__file__).parents[1] / "conformance" / "evidence" / "history.md"
DEFECTS = defects()

EVERY_DEFECT = pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.id)


def outcome(status: Status, *, fails: bool) -> Outcome:
    result = RuleResult(id="ITER-02", level="core", sentence="", status=status)
    return Outcome(DEFECTS[0], "ITER-02", fails, result)


def deps() -> str:
    config = ConfigParser(interpolation=None)
    config.read(TOX)
    (section,) = (name for name in config.sections() if name.startswith("testenv:history-"))
    return config[section]["deps"]


@EVERY_DEFECT
def test_its_rules_exist(defect: Defect) -> None:
    assert defect.rules
    assert set(defect.rules) <= {rule.id for rule in all_rules()}


@EVERY_DEFECT
def test_its_environments_are_listed(defect: Defect) -> None:
    assert {*defect.fails, *defect.passes} <= set(environments())
    assert not {*defect.fails} & {*defect.passes}


@EVERY_DEFECT
def test_it_describes_the_wrong_behaviour(defect: Defect) -> None:
    assert defect.what.endswith(".")
    assert defect.case


@EVERY_DEFECT
def test_it_has_been_measured(defect: Defect) -> None:
    rows = [row.split(" | ") for row in EVIDENCE.read_text().splitlines() if row.startswith("| ")]
    measured = {(row[0].removeprefix("| "), row[1], row[3]) for row in rows if len(row) > 3}
    for rule in defect.rules:
        assert (defect.id, rule, "fails") in measured
        assert (defect.id, rule, "passes") in measured


def test_no_two_have_one_name() -> None:
    assert len({defect.id for defect in DEFECTS}) == len(DEFECTS)


def test_enough_are_seen_failing_and_passing() -> None:
    assert sum(bool(defect.fails and defect.passes) for defect in DEFECTS) >= 8


@pytest.mark.parametrize(("name", "versions"), environments().items())
def test_tox_installs_its_versions(name: str, versions: dict[str, str]) -> None:
    factor = name.removeprefix("history-")
    lines = [line.partition(": ") for line in deps().splitlines()]
    pins = {pin for factors, _, pin in lines if factor in factors.split(",")}
    for library, version in versions.items():
        assert {f"{library}=={version}", f"{library}[cpu]=={version}"} & pins


@pytest.mark.parametrize(
    ("status", "fails", "as_expected"),
    [
        ("failed", True, True),
        ("xfailed", True, True),
        ("passed", True, False),
        ("passed", False, True),
        ("xfailed", False, False),
        ("skipped", True, False),
        ("skipped", False, False),
    ],
)
def test_a_known_deviation_counts_as_a_failure(
    status: Status, fails: bool, as_expected: bool
) -> None:
    assert outcome(status, fails=fails).as_expected is as_expected
