"""Real history: the table of pieces says what can be run."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

from foricheck.conformance.history import Outcome, Piece, environments, pieces
from foricheck.judging.events import RuleResult, Status
from foricheck.rules.registry import all_rules

TOX = Path(__file__).parents[1] / "tox.ini"
EVIDENCE = Path(__file__).parents[1] / "conformance" / "evidence" / "history.md"
PIECES = pieces()

EVERY_PIECE = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.id)


def outcome(status: Status, *, fails: bool) -> Outcome:
    result = RuleResult(id="ITER-02", level="core", sentence="", status=status)
    return Outcome(PIECES[0], "ITER-02", fails, result)


def deps() -> str:
    config = ConfigParser(interpolation=None)
    config.read(TOX)
    (section,) = (name for name in config.sections() if name.startswith("testenv:history-"))
    return config[section]["deps"]


@EVERY_PIECE
def test_its_rules_exist(piece: Piece) -> None:
    assert piece.rules
    assert set(piece.rules) <= {rule.id for rule in all_rules()}


@EVERY_PIECE
def test_its_environments_are_listed(piece: Piece) -> None:
    assert {*piece.fails, *piece.passes} <= set(environments())
    assert not {*piece.fails} & {*piece.passes}


@EVERY_PIECE
def test_it_tells_what_was_wrong(piece: Piece) -> None:
    assert piece.what.endswith(".")
    assert piece.case


@EVERY_PIECE
def test_it_has_been_measured(piece: Piece) -> None:
    rows = [row.split(" | ") for row in EVIDENCE.read_text().splitlines() if row.startswith("| ")]
    measured = {(row[0].removeprefix("| "), row[1], row[3]) for row in rows if len(row) > 3}
    for rule in piece.rules:
        assert (piece.id, rule, "fails") in measured
        assert (piece.id, rule, "passes") in measured


def test_no_two_have_one_name() -> None:
    assert len({piece.id for piece in PIECES}) == len(PIECES)


def test_enough_are_seen_failing_and_passing() -> None:
    assert sum(bool(piece.fails and piece.passes) for piece in PIECES) >= 8


@pytest.mark.parametrize(("name", "versions"), environments().items())
def test_tox_installs_its_versions(name: str, versions: dict[str, str]) -> None:
    factor = name.removeprefix("history-")
    lines = [line.partition(": ") for line in deps().splitlines()]
    pins = {pin for factors, _, pin in lines if factor in factors.split(",")}
    for library, version in versions.items():
        assert {f"{library}=={version}", f"{library}[cpu]=={version}"} & pins


@pytest.mark.parametrize(
    ("status", "fails", "as_said"),
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
def test_a_known_deviation_counts_as_a_failure(status: Status, fails: bool, as_said: bool) -> None:
    assert outcome(status, fails=fails).as_said is as_said
