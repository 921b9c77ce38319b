from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

import pytest
from command_line import Call, Ended, called

from foricheck.zoo.trials import Row, Trial

from .fake_trials import cell

Come = Callable[[Trial], Row]


def caught(trial: Trial) -> Row:
    return Row(trial=trial, cells=tuple(cell(rule) for rule in trial.rules), seconds=1.0)


def survives(trial: Trial) -> Row:
    return Row(trial=trial, cells=(), seconds=1.0)


def interrupted(trial: Trial) -> Row:
    raise KeyboardInterrupt


@pytest.fixture
def zoo(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """``foricheck zoo`` in this process and an empty directory, over trials that are not held."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str, come: Come = caught) -> Ended:
        def rows(trials: Iterable[Trial], *, jobs: int | None) -> Generator[Row]:
            yield from map(come, trials)

        monkeypatch.setattr("foricheck.zoo.parallel.rows", rows)
        return called(capsys, "zoo", *arguments)

    return call


def test_all_caught_is_status_0(zoo: Call) -> None:
    assert zoo("one_trip_short").status == 0


def test_a_survivor_is_status_1(zoo: Call) -> None:
    assert zoo("one_trip_short", come=survives).status == 1


def test_a_right_one_that_is_accused_is_status_1(zoo: Call) -> None:
    assert zoo("while_loop").status == 1


def test_a_name_that_nothing_has_is_status_2_and_one_line(zoo: Call) -> None:
    ended = zoo("okapi")
    assert (ended.status, ended.err.count("\n")) == (2, 1)


def test_a_file_that_cannot_be_written_is_told_before_anything_is_judged(
    zoo: Call,
) -> None:
    ended = zoo("one_trip_short", "--json", "absent/kills.json", come=interrupted)
    assert (ended.status, ended.err) == (
        2,
        "foricheck: --json: cannot write absent/kills.json: No such file or directory\n",
    )


def test_json_on_standard_output_is_alone_there(zoo: Call) -> None:
    ended = zoo("one_trip_short", "--json", "-")
    assert json.loads(ended.out)["implementations"][0]["name"] == "one_trip_short"


def test_a_list_names_what_would_be_judged_and_judges_nothing(zoo: Call) -> None:
    ended = zoo("iteration", "--list", come=interrupted)
    assert ended.status == 0
    assert "\n  one_trip_short\n" in ended.out


@pytest.mark.parametrize("format", ["html", "markdown"])
def test_each_format_is_written(zoo: Call, tmp_path: Path, format: str) -> None:
    zoo("one_trip_short", f"--{format}", "kills")
    assert "one_trip_short" in (tmp_path / "kills").read_text(encoding="utf-8")


class TestInterrupted:
    def test_is_status_130(self, zoo: Call) -> None:
        assert zoo("one_trip_short", come=interrupted).status == 130

    def test_writes_what_was_found(self, zoo: Call, tmp_path: Path) -> None:
        zoo("one_trip_short", "--json", "kills.json", come=interrupted)
        assert json.loads((tmp_path / "kills.json").read_text())["reason"] == "interrupted"


def test_the_header_of_the_help_says_what_it_is_for(zoo: Call) -> None:
    assert "Put the suite on trial" in zoo("--help").out
