from __future__ import annotations

import errno
import json
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

import pytest
from command_line import Call, Ended, called

from foricheck.zoo import run as running
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.parallel import OnRun
from foricheck.zoo.terminal import ZooTerminal
from foricheck.zoo.trials import Trial, TrialResult

from .fake_trials import ENVIRONMENT, cell

Come = Callable[[Trial], TrialResult]


def caught(trial: Trial) -> TrialResult:
    return TrialResult(trial=trial, cells=tuple(cell(rule) for rule in trial.rules), seconds=1.0)


def survives(trial: Trial) -> TrialResult:
    return TrialResult(trial=trial, cells=(), seconds=1.0)


def interrupted(trial: Trial) -> TrialResult:
    raise KeyboardInterrupt


@pytest.fixture
def zoo(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """``foricheck zoo`` in this process and an empty directory, over trials that never run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("foricheck.judging.environment.describe_apart", lambda: ENVIRONMENT)

    def call(*arguments: str, come: Come = caught) -> Ended:
        def rows(
            trials: Iterable[Trial], *, jobs: int | None, on_run: OnRun
        ) -> Generator[TrialResult]:
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


def test_an_unknown_name_is_status_2_and_one_line(zoo: Call) -> None:
    ended = zoo("okapi")
    assert (ended.status, ended.err.count("\n")) == (2, 1)


def test_a_file_that_cannot_be_written_is_reported_before_anything_is_judged(
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


class TestSaved:
    """Results are on the disk while the rest is judged."""

    def test_results_before_a_loss_of_power(
        self, zoo: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []

        def come(trial: Trial) -> TrialResult:
            seen.append((tmp_path / "kills.json").read_text() if seen else "")
            return caught(trial)

        monkeypatch.setattr(running, "SAVE_INTERVAL", -1.0)
        zoo("starts_at_one", "one_trip_short", "--json", "kills.json", come=come)
        assert len(json.loads(seen[1])["implementations"]) == 1

    def test_a_file_that_cannot_be_written_is_reported_and_ends_nothing(
        self, zoo: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def come(trial: Trial) -> TrialResult:
            Path("reports").rename("gone")
            return caught(trial)

        Path("reports").mkdir()
        monkeypatch.setattr(running, "SAVE_INTERVAL", -1.0)
        ended = zoo("one_trip_short", "--json", "reports/kills.json", come=come)
        assert ended.status == 2
        assert "1 of 1 caught" in ended.out

    def test_the_results_where_the_summary_cannot_be_written(
        self, zoo: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(terminal: ZooTerminal, matrix: KillMatrix) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(ZooTerminal, "finish", full)
        assert zoo("one_trip_short", "--json", "kills.json").status == 2
        assert json.loads((tmp_path / "kills.json").read_text())["finished"]

    def test_results_before_a_termination(self, zoo: Call, tmp_path: Path) -> None:
        class Terminated(BaseException):
            pass

        def come(trial: Trial) -> TrialResult:
            if trial.name == "one_trip_short":
                return caught(trial)
            raise Terminated

        with pytest.raises(Terminated):
            zoo("one_trip_short", "starts_at_one", "--json", "kills.json", come=come)
        rows = json.loads((tmp_path / "kills.json").read_text())["implementations"]
        assert [row["name"] for row in rows] == ["one_trip_short"]


class TestResumed:
    def test_what_is_known_is_not_judged_again(self, zoo: Call) -> None:
        zoo("one_trip_short", "--json", "kills.json")
        ended = zoo("one_trip_short", "--resume", "kills.json", come=interrupted)
        assert ended.status == 0
        assert "1 implementation (1 of them earlier)" in ended.out

    def test_the_rest_is_judged(self, zoo: Call, tmp_path: Path) -> None:
        zoo("one_trip_short", "--json", "one.json")
        zoo("starts_at_one", "one_trip_short", "--resume", "one.json", "--json", "two.json")
        rows = json.loads((tmp_path / "two.json").read_text())["implementations"]
        assert {row["name"] for row in rows} == {"starts_at_one", "one_trip_short"}

    def test_a_trouble_is_kept(self, zoo: Call) -> None:
        zoo("while_loop", "--json", "kills.json")
        assert zoo("while_loop", "--resume", "kills.json", come=interrupted).status == 1

    def test_the_first_run_has_nothing_to_resume_from(self, zoo: Call) -> None:
        both = ("--json", "kills.json", "--resume", "kills.json")
        assert zoo("one_trip_short", *both).status == 0
        assert zoo("one_trip_short", *both, come=interrupted).status == 0

    def test_another_missing_file_is_an_error(self, zoo: Call) -> None:
        ended = zoo("one_trip_short", "--resume", "absent.json", come=interrupted)
        message = "foricheck: --resume: absent.json: No such file or directory\n"
        assert (ended.status, ended.err) == (2, message)

    def test_a_file_without_a_requested_trial_is_refused(self, zoo: Call) -> None:
        zoo("one_trip_short", "--json", "kills.json")
        ended = zoo("one_trip_short", "--profile", "deep", "--resume", "kills.json")
        assert ended.status == 2
        assert "kills.json: contains none of the requested trials" in ended.err

    def test_results_survive_a_second_interrupt(self, zoo: Call, tmp_path: Path) -> None:
        both = ("--json", "kills.json", "--resume", "kills.json")
        zoo("one_trip_short", "--json", "kills.json")
        zoo("one_trip_short", "starts_at_one", *both, come=interrupted)
        rows = json.loads((tmp_path / "kills.json").read_text())["implementations"]
        assert [row["name"] for row in rows] == ["one_trip_short"]

    def test_other_seeds_are_refused(self, zoo: Call) -> None:
        zoo("one_trip_short", "--json", "kills.json")
        ended = zoo("one_trip_short", "--seed", "1", "--resume", "kills.json", come=interrupted)
        message = "foricheck: --resume: kills.json: was made with seeds 0, not 1\n"
        assert (ended.status, ended.err) == (2, message)


def test_the_header_of_the_help_says_what_it_is_for(zoo: Call) -> None:
    assert "Put the suite on trial" in zoo("--help").out
