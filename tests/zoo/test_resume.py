"""An earlier report replaces a trial with the same outcome; another is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from foricheck.errors import RequestError
from foricheck.zoo.json import render
from foricheck.zoo.resume import SavedRows, merged, read
from foricheck.zoo.trials import Cell, Trial, TrialResult

from .fake_trials import ENVIRONMENT, cell, matrix, mutant, right, row

FINISHED = row(cell(case="lower = 0"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kills.json"


def earlier(file: Path, written: TrialResult, asked: Trial) -> tuple[TrialResult, ...]:
    """The saved rows of a trial from a report of one row."""
    file.write_text(render(matrix(written)))
    return read(file, [asked], seeds=[0], here=ENVIRONMENT).rows


def earlier_of_two(file: Path, written: TrialResult, asked: Trial) -> tuple[TrialResult, ...]:
    """As `earlier`, where the report also has a row of another trial."""
    other = right(cell(caught=0), name="static_scan")
    file.write_text(render(matrix(written, other)))
    known = read(file, [asked, other.trial], seeds=[0], here=ENVIRONMENT).rows
    return tuple(row for row in known if row.trial == asked)


@pytest.mark.parametrize(
    "saved", [FINISHED, right(cell(caught=0)), mutant(lost="exited with status 3")]
)
def test_a_row_is_read_as_it_was_written(file: Path, saved: TrialResult) -> None:
    assert earlier(file, saved, saved.trial) == (saved,)


def test_the_duration_is_read_too(file: Path) -> None:
    file.write_text(render(matrix(FINISHED, seconds=12.5)))
    assert read(file, [FINISHED.trial], seeds=[0], here=ENVIRONMENT).seconds == 12.5


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "one_trip_long"},
        {"path": "mine:one_trip_short"},
        {"profile": "deep"},
        {"story": "Stops before upper."},
        {"rules": ("ITER-01", "ITER-02")},
        {"rules": ()},
    ],
)
def test_another_trial_is_not_known(file: Path, asked: dict[str, Any]) -> None:
    assert earlier_of_two(file, FINISHED, replace(FINISHED.trial, **asked)) == ()


def test_the_findings_of_an_interrupted_trial_are_kept(file: Path) -> None:
    begun = replace(FINISHED, finished=False)
    assert earlier(file, begun, FINISHED.trial) == (begun,)


@pytest.mark.parametrize("cells", [(), (cell(caught=0),)])
def test_a_right_one_that_was_lost_is_judged_again(file: Path, cells: tuple[Cell, ...]) -> None:
    lost = right(*cells, lost="was killed by SIGKILL")
    assert earlier_of_two(file, lost, lost.trial) == ()


def test_a_mutant_that_survives_some_rules_is_judged_by_all(file: Path) -> None:
    survivor = mutant(cell(caught=0))
    asked = replace(survivor.trial, rules=("ITER-01", "ITER-02"))
    assert earlier_of_two(file, survivor, asked) == ()


def test_a_mutant_that_is_caught_by_the_first_rules_is_known(file: Path) -> None:
    caught = mutant(cell())
    asked = replace(caught.trial, rules=("ITER-01", "ITER-02"))
    assert earlier(file, caught, asked) == (replace(caught, trial=asked),)


@pytest.mark.parametrize("order", [1, -1])
def test_a_finding_of_one_report_is_not_undone_by_another(order: int) -> None:
    accused, passed = right(cell()), right(cell(caught=0))
    reports = [SavedRows((accused,), 1.0), SavedRows((passed,), 1.0)][::order]
    assert merged(reports) == (accused,)


@pytest.mark.parametrize("order", [1, -1])
def test_a_finished_trial_replaces_an_unfinished_one(order: int) -> None:
    whole = right(cell(caught=0))
    reports = [SavedRows((whole,), 1.0), SavedRows((replace(whole, finished=False),), 1.0)][::order]
    assert merged(reports) == (whole,)


class TestRefused:
    @staticmethod
    def refusal(file: Path, **changes: Any) -> str:
        fields = {"seeds": [0], "here": ENVIRONMENT} | changes
        with pytest.raises(RequestError) as error:
            read(file, [FINISHED.trial], **fields)
        return str(error.value).removeprefix(f"{file}: ")

    @pytest.fixture(autouse=True)
    def _written(self, file: Path) -> None:
        file.write_text(render(matrix(FINISHED)))

    def test_other_seeds(self, file: Path) -> None:
        said = self.refusal(file, seeds=range(50))
        assert said == "was made with seeds 0, not 0 to 49"

    def test_another_version(self, file: Path) -> None:
        here = replace(ENVIRONMENT, versions={"jax": "0.13.0"})
        assert self.refusal(file, here=here) == "was made with jax 0.12.0, not 0.13.0"

    def test_another_machine(self, file: Path) -> None:
        said = self.refusal(file, here=replace(ENVIRONMENT, platform="Linux aarch64"))
        assert said == "was made on Linux x86_64, cpu, not on Linux aarch64, cpu"

    def test_a_file_that_is_not_there(self, file: Path) -> None:
        file.unlink()
        assert self.refusal(file) == "No such file or directory"

    def test_another_document(self, file: Path) -> None:
        file.write_text('{"schema": 1, "target": "", "rules": []}')
        assert self.refusal(file).startswith("not a report of foricheck zoo --json: ")

    def test_a_member_of_another_type(self, file: Path) -> None:
        file.write_text(file.read_text().replace('"passed": 0', '"passed": "none"'))
        said = "not a report of foricheck zoo --json: implementations[0].cells[0].passed: "
        assert self.refusal(file) == f"{said}expected 'int', got 'str'"
