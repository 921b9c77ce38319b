from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foricheck.zoo.judge_trial import Finding, TrialEvent, cells, judge_trial
from foricheck.zoo.trials import Cell, Trial

from .fake_trials import trial

NOTHING = f"{Path(__file__).with_name('misbehaving.py')}:runs_nothing"
FORGETFUL = """
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop

calls = []

def runs_nothing_once(lower, upper, body_fun, init_val):
    calls.append(upper)
    return init_val if len(calls) == 1 else numpy_loop(lower, upper, body_fun, init_val)

runs_nothing_once.foricheck = numpy_loop.foricheck
"""
DRAWN, ENUMERATED = "ITER-01", "ITER-03"


@pytest.fixture(autouse=True)
def _forgetful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "foricheck_zoo_forgetful.py").write_text(FORGETFUL)
    monkeypatch.syspath_prepend(tmp_path)


def judged(**changes: Any) -> tuple[Cell, ...]:
    asked: Trial = trial(**({"path": NOTHING} | changes))
    heard: list[TrialEvent] = []
    judge_trial(asked, heard.append)
    return cells(asked, [note for note in heard if isinstance(note, Finding)])


def test_rules_are_judged_in_the_order_asked_for() -> None:
    assert [cell.rule for cell in judged(rules=("ITER-04", "ITER-01"))] == ["ITER-04", "ITER-01"]


def test_a_kill_comes_with_its_case() -> None:
    (cell,) = judged(rules=(DRAWN,))
    assert (cell.caught, "lower" in cell.case) == (1, True)


def test_the_first_kill_may_end_the_trial() -> None:
    assert len(judged(rules=("ITER-02", "ITER-01", "ITER-04"), any_rule=True)) == 2


def test_each_seed_is_a_run() -> None:
    (cell,) = judged(rules=(DRAWN,), seeds=(0, 1, 2))
    assert (cell.runs, cell.caught) == (3, 3)


def test_cases_that_no_seed_changes_are_judged_once() -> None:
    (cell,) = judged(rules=(ENUMERATED,), seeds=(0, 1, 2))
    assert cell.runs == 1


def test_rules_of_another_kind_are_left_out() -> None:
    assert [cell.rule for cell in judged(rules=(DRAWN, "REC-01"))] == [DRAWN]


@pytest.mark.parametrize(("group", "caught"), [("state", 2), ("iteration", 1)])
def test_a_stateful_one_is_imported_anew_for_each_seed(group: str, caught: int) -> None:
    """This one runs nothing in its first call, and is right from then on."""
    path = "foricheck_zoo_forgetful:runs_nothing_once"
    (cell,) = judged(path=path, group=group, rules=(DRAWN,), seeds=(0, 1))
    assert cell.caught == caught
