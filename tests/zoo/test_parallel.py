from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foricheck.errors import RequestError
from foricheck.runner import process
from foricheck.zoo import parallel
from foricheck.zoo.parallel import rows
from foricheck.zoo.trials import Trial, TrialResult

from .fake_trials import trial

MISBEHAVING = Path(__file__).with_name("misbehaving.py")


def bad(name: str, **changes: Any) -> Trial:
    fields = {"path": f"{MISBEHAVING}:{name}", "silence": 60.0} | changes
    return trial(name, **fields)


def held(*trials: Trial) -> dict[str, TrialResult]:
    return {row.trial.name: row for row in rows(trials, jobs=1)}


def test_one_that_hangs_or_dies_is_reported_and_the_others_are_judged() -> None:
    came = held(bad("hangs", silence=1.0), bad("dies"), bad("runs_nothing"))
    assert [row.lost or row.cells[0].caught for row in came.values()] == [
        "was silent for 1 seconds and was ended",
        "exited with status 3",
        1,
    ]


def test_each_run_is_reported_when_it_has_ended() -> None:
    runs: list[str] = []
    wrong = bad("runs_nothing", seeds=(0, 1, 2))
    list(rows([wrong], jobs=1, on_run=lambda trial: runs.append(trial.name)))
    assert runs == ["runs_nothing"] * 3


def test_findings_before_an_interrupt_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an implementation that must pass, which is accused at once and judged 100 times more."""

    def interrupted_after_a_finding(workers: list[Any]) -> list[Any]:
        if any([*worker.unfinished()] for worker in workers):
            raise KeyboardInterrupt
        return process.wait_for_events(workers)

    monkeypatch.setattr(parallel, "wait_for_events", interrupted_after_a_finding)
    held = rows([bad("runs_nothing", expected="passes", seeds=tuple(range(101)))], jobs=1)
    row = next(held)
    assert (row.finished, row.trouble) == (False, "accused by ITER-01")
    with pytest.raises(KeyboardInterrupt):
        next(held)


def test_an_implementation_that_cannot_be_loaded_is_an_error() -> None:
    with pytest.raises(RequestError, match="has no attribute 'absent'"):
        held(bad("absent"))
