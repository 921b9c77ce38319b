"""``foricheck smoke`` blames a harness for its own mistakes, not for those of its loop."""

from __future__ import annotations

import shlex
from contextlib import closing
from pathlib import Path

import pytest

from foricheck.targets.wire.client import Client
from foricheck.targets.wire.smoke import Outcome, checks

from . import planted
from .languages import LANGUAGES
from .planted import Planted
from .test_python import command

OF_THE_LOOP = (
    "promoted_carry",
    "saturated_difference",
    "trips_of_the_first_lane",
    "index_counted_first",
    "positive_seed",
)
CRASHES = """\
    def fori_loop(self, lower, upper, body, carry):
        if lower < upper:
            raise ZeroDivisionError("no loop yet")
        return carry
"""
CRASHES_ALWAYS = """\
    def fori_loop(self, lower, upper, body, carry):
        raise ZeroDivisionError("no loop yet")
"""


def outcomes(arguments: list[str]) -> list[Outcome]:
    with closing(Client(shlex.join(arguments), timeout=20)) as client:
        return list(checks(client))


def failed(arguments: list[str]) -> list[str]:
    return [outcome.found for outcome in outcomes(arguments) if outcome.status == "failed"]


@pytest.mark.parametrize("bug", planted.PYTHON, ids=lambda bug: bug.name)
def test_a_mistake_of_the_loop_is_none_of_the_harness(bug: Planted, tmp_path: Path) -> None:
    if bug.name not in OF_THE_LOOP:
        pytest.skip("it could be that of a body, which is the harness's")
    assert not failed(LANGUAGES["python"].command(tmp_path, bug.plant))


def test_a_carry_that_changes_its_dtype_is_noted(tmp_path: Path) -> None:
    (bug,) = (bug for bug in planted.PYTHON if bug.name == "promoted_carry")
    notes = [each.note for each in outcomes(LANGUAGES["python"].command(tmp_path, bug.plant))]
    noted = "one trip of a body that does nothing, with bounds of int64, gave at leaf 0 dtype int64"
    assert any(note.startswith(noted) for note in notes), notes


@pytest.mark.parametrize("engine", [CRASHES, CRASHES_ALWAYS], ids=["trips", "always"])
def test_a_crash_is_that_of_the_implementation(engine: str, tmp_path: Path) -> None:
    assert not failed(command(engine, tmp_path))


def test_what_crashes_is_left_out_with_the_reason(tmp_path: Path) -> None:
    every = outcomes(command(CRASHES, tmp_path))
    reasons = [each.found for each in every if each.status == "left out"]
    assert len(reasons) == 5
    assert all(reason.startswith("the harness says that one trip of") for reason in reasons)


def test_an_index_that_is_converted_wrongly_is_the_engines(tmp_path: Path) -> None:
    (bug,) = (bug for bug in planted.PYTHON if bug.name == "saturated_index")
    (found,) = failed(LANGUAGES["python"].command(tmp_path, bug.plant))
    assert found.startswith("from 1099511627781 to 1099511627782 of int64, the index gave [2147")
