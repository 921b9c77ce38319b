"""A run in a process of its own: it ends with a verdict, whatever the target does."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from foricheck.errors import RequestError
from foricheck.evidence.failure import Failure
from foricheck.judging.events import Event, RuleStarted
from foricheck.report.reading import find
from foricheck.report.report import Report
from foricheck.runner import losses, replays
from foricheck.runner.request import Request
from foricheck.runner.supervisor import events, replay
from foricheck.targets.spec import TargetSpec

LOOP = """
import os, signal, sys, time
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop

def fori_loop(lower, upper, body_fun, init_val):
    {}
    return numpy_loop(lower, upper, body_fun, init_val)
"""
RECURRENCE = """
import sys
import numpy as np
from foricheck.oracle.recurrence import weights

def fori_loop_recurrence(seed, x, hidden, T):
    assert "jax" not in sys.modules
    W, state = weights(int(seed), int(hidden)).astype(np.float32), x
    for _ in range(int(T)):
        state = np.tanh(state @ W + x)
    return state
"""
RULES = "CARRY-02, CARRY-08, CARRY-09"
AT_A_DICT = "if isinstance(init_val, dict): {}"  # which only the second of these rules has
ONE_TOO_MANY = "upper = upper + 1"


@dataclass(frozen=True)
class Solution:
    """A file with a target in it, in a directory of its own."""

    directory: Path

    @property
    def file(self) -> Path:
        return self.directory / "solution.py"

    @property
    def kept(self) -> Path:
        return self.directory / "kept"

    def write(self, trouble: str) -> None:
        """A right loop over NumPy arrays, with a line of trouble in it."""
        self.file.write_text(LOOP.format(trouble))

    def judge(self, rules: str = RULES, *, name: str = "fori_loop", **asked: Any) -> Report:
        request = Request(spec=TargetSpec(f"{self.file}:{name}"), rules=rules, **asked)
        return Report.of(events(request, directory=self.kept))

    def replay(self, id: str) -> Report:
        return Report.of(replay(replays.find(id, self.kept), directory=self.kept))

    def report(self, report: Report) -> Path:
        """The report as a file."""
        path = self.directory / "report.json"
        path.write_text(json.dumps(report.to_json()))
        return path


@dataclass(frozen=True)
class Failed:
    solution: Solution
    report: Report

    @property
    def failure(self) -> Failure:
        return failure_of(self.report)


@pytest.fixture
def solution(tmp_path: Path) -> Solution:
    return Solution(tmp_path)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a right target."""
    solution = Solution(tmp_path_factory.mktemp("right"))
    solution.write("pass")
    return solution.judge()


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory) -> Failed:
    """A target that ends its process in the second of three rules."""
    solution = Solution(tmp_path_factory.mktemp("dead"))
    solution.write(AT_A_DICT.format("os._exit(3)"))
    return Failed(solution, solution.judge())


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a target that hangs in the second of three rules."""
    solution = Solution(tmp_path_factory.mktemp("silent"))
    solution.write(AT_A_DICT.format("time.sleep(60)"))
    return solution.judge(timeout=4.0)


@pytest.fixture(scope="module")
def expected_death(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a target that ends its process in a rule where that is expected."""
    solution = Solution(tmp_path_factory.mktemp("expected"))
    solution.write("os._exit(3)")
    return solution.judge("BOUND-06", expected={"BOUND-06": "not yet: it dies"})


@pytest.fixture(scope="module")
def judged_wrong(tmp_path_factory: pytest.TempPathFactory) -> Failed:
    solution = Solution(tmp_path_factory.mktemp("wrong"))
    solution.write(ONE_TOO_MANY)
    return Failed(solution, solution.judge("ITER-02"))


@pytest.fixture
def wrong(judged_wrong: Failed) -> Failed:
    """A target that has failed, its file as it was then."""
    judged_wrong.solution.write(ONE_TOO_MANY)
    return judged_wrong


def statuses(report: Report) -> list[str]:
    return [result.status for result in report.results]


def failure_of(report: Report) -> Failure:
    """The one failure there is."""
    (result,) = report.failures
    assert result.failure is not None
    return result.failure


class TestVerdict:
    def test_a_right_target_is_conformant(self, right: Report) -> None:
        assert right.verdict == "conformant"

    def test_a_wrong_target_is_not(self, wrong: Failed) -> None:
        assert wrong.report.verdict == "nonconformant"

    def test_the_rules_are_judged_in_the_order_of_the_header(self, right: Report) -> None:
        assert tuple(result.id for result in right.results) == right.header.rules

    def test_two_runs_judge_the_same_cases(self, solution: Solution) -> None:
        solution.write("pass")
        one, other = (solution.judge("ITER-04, CARRY-03") for _ in range(2))
        assert [each.digest for each in one.results] == [each.digest for each in other.results]


class TestSeveralWorkers:
    RULES = "ITER-02, ITER-04, BOUND-06, BOUND-09, CARRY-02, CARRY-08"

    def test_they_judge_what_one_judges(self, solution: Solution) -> None:
        solution.write("pass")
        one, several = (solution.judge(self.RULES, jobs=jobs) for jobs in (1, 3))
        assert [(each.id, each.digest) for each in one.results] == [
            (each.id, each.digest) for each in several.results
        ]

    def test_the_report_is_in_the_order_of_the_header(self, solution: Solution) -> None:
        solution.write("pass")
        report = solution.judge(self.RULES, jobs=2)
        assert tuple(result.id for result in report.results) == report.header.rules

    def test_a_lost_one_costs_one_rule(self, solution: Solution) -> None:
        solution.write(AT_A_DICT.format("os._exit(3)"))
        report = solution.judge(self.RULES, jobs=2)
        assert [result.id for result in report.failures] == ["CARRY-08"]
        assert len(report.results) == 6

    def test_a_target_that_cannot_be_loaded_is_told_once(self, solution: Solution) -> None:
        solution.file.write_text('raise RuntimeError("no licence")')
        with pytest.raises(RequestError, match="no licence"):
            solution.judge(self.RULES, jobs=2)

    def test_none_is_left_when_the_stream_is_closed(self, solution: Solution) -> None:
        solution.write("time.sleep(60)")
        spec = TargetSpec(f"{solution.file}:fori_loop")
        request = Request(spec=spec, rules=self.RULES, jobs=2)
        stream = events(request, directory=solution.kept)
        next(event for event in stream if isinstance(event, RuleStarted))
        stream.close()
        assert multiprocessing.active_children() == []


class TestLostWorkers:
    def test_a_target_that_exits_fails_the_rule_and_the_run_goes_on(self, dead: Failed) -> None:
        assert statuses(dead.report) == ["passed", "failed", "passed"]
        assert dead.failure.got == "the process exited with status 3"

    def test_a_target_that_is_killed_fails_the_rule(self, solution: Solution) -> None:
        solution.write(AT_A_DICT.format("os.kill(os.getpid(), signal.SIGKILL)"))
        report = solution.judge()
        assert statuses(report) == ["passed", "failed", "passed"]
        assert failure_of(report).got == "the process was killed by SIGKILL"

    def test_a_target_that_dies_in_the_last_rule_has_a_verdict(self, solution: Solution) -> None:
        solution.write(AT_A_DICT.format("os._exit(3)"))
        report = solution.judge("CARRY-02, CARRY-08")
        assert (statuses(report), report.verdict) == (["passed", "failed"], "nonconformant")

    def test_a_target_that_dies_too_often_is_given_up(
        self, solution: Solution, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(losses, "LIMIT", 1)
        solution.write("os._exit(3)")
        report = solution.judge("CARRY-08, CARRY-09")
        assert (statuses(report), report.verdict) == (["failed"], "nonconformant")
        (note,) = report.notes
        assert note.endswith("rules not judged: 1 (CARRY-09)")

    def test_a_target_that_dies_once_has_failed(self, solution: Solution) -> None:
        once = "if not os.path.exists('{0}'): open('{0}', 'w').close(); os._exit(3)"
        solution.write(once.format(solution.directory / "died"))
        assert statuses(solution.judge("CARRY-08")) == ["failed"]

    def test_each_rule_has_one_result(self, dead: Failed) -> None:
        report = dead.report
        assert tuple(result.id for result in report.results) == report.header.rules

    def test_the_case_of_which_it_dies_is_told(self, dead: Failed) -> None:
        assert "{'b': xp.array" in dead.failure.case

    def test_the_case_of_which_it_dies_can_be_replayed(self, dead: Failed) -> None:
        again = dead.solution.replay(dead.failure.id)
        assert failure_of(again).got == "the process exited with status 3"

    def test_dying_may_be_expected(self, expected_death: Report) -> None:
        assert statuses(expected_death) == ["xfailed"]

    def test_expected_deaths_do_not_end_the_run(
        self, solution: Solution, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(losses, "LIMIT", 1)
        solution.write("os._exit(3)")
        expected = {"CARRY-08": "not yet: it dies", "CARRY-09": "not yet: it dies"}
        report = solution.judge("CARRY-08, CARRY-09", expected=expected)
        assert (statuses(report), report.verdict) == (["xfailed", "xfailed"], "conformant")

    def test_an_expected_death_is_not_looked_into(self, solution: Solution) -> None:
        calls = solution.directory / "calls"
        solution.write(f"open({str(calls)!r}, 'a').write('.'); os._exit(3)")
        solution.judge("CARRY-08", expected={"CARRY-08": "not yet: it dies"})
        assert calls.read_text() == "."

    def test_the_rule_in_which_it_dies_keeps_its_class(self, expected_death: Report) -> None:
        assert expected_death.results[0].level == "parity"


class TestSilence:
    """A hang cannot be told from slowness: it is no broken rule, and no verdict either."""

    def test_a_rule_that_is_not_answered_is_not_judged(self, silent: Report) -> None:
        assert statuses(silent) == ["passed", "skipped", "passed"]
        assert [result.inconclusive for result in silent.results] == [False, True, False]

    def test_there_is_no_verdict_without_it(self, silent: Report) -> None:
        assert silent.verdict == "error"
        assert silent.reason == (
            "not judged: CARRY-08 (no answer to one case within 4 seconds; raise --timeout to "
            "judge it)"
        )

    def test_a_rule_that_fails_is_a_verdict(self, solution: Solution) -> None:
        only_there = f"if getattr(init_val, 'shape', ()) == (4, 8): {ONE_TOO_MANY}"
        solution.write(f"{only_there}\n    {AT_A_DICT.format('time.sleep(60)')}")
        report = solution.judge("ITER-02, CARRY-08", timeout=4.0)
        assert (statuses(report), report.verdict) == (["failed", "skipped"], "nonconformant")

    def test_only_cases_that_are_slow_together_are_judged_one_by_one(
        self, solution: Solution
    ) -> None:
        solution.write("time.sleep(0.2)")
        report = solution.judge("ITER-04", timeout=4.0, jobs=1)
        assert (statuses(report), report.verdict) == (["passed"], "conformant")

    def test_a_target_that_never_answers_is_given_up(
        self, solution: Solution, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(losses, "LIMIT", 1)
        solution.write("time.sleep(60)")
        report = solution.judge("CARRY-08, CARRY-09", timeout=2.0)
        assert (statuses(report), report.verdict) == (["skipped"], "error")
        assert report.notes == (
            "1 rules in a row were not answered in time; rules not judged: 1 (CARRY-09)",
        )


class TestTimeLimit:
    def test_what_is_not_judged_in_time_is_named(self, solution: Solution) -> None:
        solution.write(AT_A_DICT.format("time.sleep(600)"))
        report = solution.judge(time_limit=20.0, jobs=1)
        assert (report.verdict, report.reason) == (
            *("error", "the time limit of 20 seconds was reached"),
        )
        assert report.notes[0].startswith("rules not judged: ")

    def test_a_target_that_takes_long_to_load_is_not_loaded(self, solution: Solution) -> None:
        solution.file.write_text("import time; time.sleep(60)")
        with pytest.raises(RequestError, match="the time limit of 2 seconds was reached"):
            solution.judge(time_limit=2.0)


class TestKilledWorkers:
    """A signal from outside is not the target's doing, unless it happens again."""

    def test_a_rule_whose_worker_is_killed_once_is_judged_again(
        self, solution: Solution, right: Report
    ) -> None:
        mark = solution.directory / "mark"
        once = f"if not os.path.exists('{mark}'): open('{mark}', 'w').close(); {{}}"
        solution.write(once.format("os.kill(os.getpid(), signal.SIGKILL)"))
        report = solution.judge(jobs=1)
        assert (report.verdict, statuses(report)) == ("conformant", ["passed"] * 3)
        assert [each.digest for each in report.results] == [each.digest for each in right.results]
        assert report.results[0].reason == (
            "judged again: the process was killed by SIGKILL, but only once"
        )

    @pytest.mark.parametrize("moment", range(6))
    def test_at_any_moment_the_verdict_is_the_same_or_says_what_was_lost(
        self, solution: Solution, right: Report, moment: int
    ) -> None:
        solution.write("pass")
        spec = TargetSpec(f"{solution.file}:fori_loop")
        stream = events(Request(spec=spec, rules=RULES, jobs=1), directory=solution.kept)
        seen: list[Event] = []
        for event in stream:
            seen.append(event)
            if len(seen) == 1 + 4 * moment:
                for child in multiprocessing.active_children():
                    child.kill()
        report = Report.of(seen)
        if report.verdict == "error":
            assert "killed by SIGKILL" in report.reason
        else:
            assert (report.verdict, statuses(report)) == ("conformant", ["passed"] * 3)
            assert [each.digest for each in report.results] == [
                each.digest for each in right.results
            ]

    def test_a_worker_that_is_killed_while_it_loads_is_replaced(self, solution: Solution) -> None:
        mark = solution.directory / "mark"
        solution.file.write_text(
            "import os, signal\n"
            f"if not os.path.exists({str(mark)!r}):\n"
            f"    open({str(mark)!r}, 'w').close(); os.kill(os.getpid(), signal.SIGKILL)\n"
            "from foricheck.conformance.zoo.right.numpy_loops import numpy_loop as fori_loop\n"
        )
        assert solution.judge("CARRY-09").verdict == "conformant"


class TestRequest:
    def test_an_unknown_profile_is_refused(self) -> None:
        with pytest.raises(RequestError, match="no profile is named 'slow'; there are quick, def"):
            Request(profile="slow")


class TestTargetsThatCannotBeLoaded:
    def test_a_target_that_raises_at_import(self, solution: Solution) -> None:
        solution.file.write_text('raise RuntimeError("no licence")')
        with pytest.raises(RequestError, match="cannot be imported: RuntimeError: no licence"):
            solution.judge()

    @pytest.mark.parametrize(
        ("source", "line"),
        [
            ("import numpy\nnumpy.nosuch", r"\(solution.py:2: numpy.nosuch\)"),
            ("import json\n\njson.loads('{')", r"\(solution.py:3: json.loads\('\{'\)\)"),
            ("def f(:", r"SyntaxError: invalid syntax \(solution.py:1: def f\(:\)"),
            ("import nosuch", r"No module named 'nosuch' \(solution.py:1: import nosuch\)"),
        ],
    )
    def test_the_line_that_cannot_be_imported_is_shown(
        self, solution: Solution, source: str, line: str
    ) -> None:
        solution.file.write_text(source)
        with pytest.raises(RequestError, match=line):
            solution.judge()

    def test_a_target_that_dies_at_import(self, solution: Solution) -> None:
        solution.file.write_text("import os; os._exit(3)")
        with pytest.raises(RequestError, match=r"could not be loaded: .* exited with status 3"):
            solution.judge()


class TestWhatTheTargetDoes:
    def test_what_it_prints_stays_out_of_standard_output(
        self, solution: Solution, capfd: pytest.CaptureFixture[str]
    ) -> None:
        solution.write('print("hello", flush=True); os.write(1, b"from below")')
        solution.judge("CARRY-09")
        said = capfd.readouterr()
        assert said.out == ""
        assert "hello" in said.err
        assert "from below" in said.err

    def test_a_loop_that_is_not_jax_is_judged_without_jax(self, solution: Solution) -> None:
        solution.write('assert "jax" not in sys.modules')
        assert solution.judge("ITER-01, ITER-04, BOUND, CARRY").verdict == "conformant"

    def test_a_recurrence_that_is_not_jax_is_judged_without_jax(self, solution: Solution) -> None:
        solution.file.write_text(RECURRENCE)
        rules = "REC-01, REC-03, REC-04, REC-07, REC-08"
        assert solution.judge(rules, name="fori_loop_recurrence").verdict == "conformant"

    def test_a_run_without_jax_says_nothing_of_jax(self, right: Report) -> None:
        assert "jax" not in right.header.environment.versions

    def test_the_bundled_reference_is_judged_with_jax(self, tmp_path: Path) -> None:
        report = Report.of(events(Request(rules="CARRY-10"), directory=tmp_path))
        assert report.verdict == "conformant"
        assert "jax" in report.header.environment.versions


class TestReplay:
    def test_a_kept_failure_fails_again_in_the_same_way(self, wrong: Failed) -> None:
        assert failure_of(wrong.solution.replay(wrong.failure.id)) == wrong.failure

    def test_a_mended_target_passes(self, wrong: Failed) -> None:
        wrong.solution.write("pass")
        assert wrong.solution.replay(wrong.failure.id).verdict == "conformant"

    def test_a_case_that_now_kills_has_a_verdict(self, wrong: Failed) -> None:
        wrong.solution.write("os._exit(3)")
        again = wrong.solution.replay(wrong.failure.id)
        assert failure_of(again).got == "the process exited with status 3"

    def test_a_failure_is_found_in_a_report(self, wrong: Failed, tmp_path: Path) -> None:
        report = wrong.solution.report(wrong.report)
        again = Report.of(replay(find(wrong.failure.id, report), directory=tmp_path))
        assert [(result.id, result.cases) for result in again.results] == [("ITER-02", 1)]
        assert failure_of(again) == wrong.failure

    def test_an_unknown_failure_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(RequestError, match="no failure 'ITER-01-00000000' is kept in"):
            replays.find("ITER-01-00000000", tmp_path)

    @pytest.mark.parametrize("id", ["../secret", "a/b", ""])
    def test_an_id_is_no_path(self, solution: Solution, id: str) -> None:
        solution.kept.mkdir()
        (solution.directory / "secret.json").write_text("{}")
        with pytest.raises(RequestError, match="no failure"):
            solution.replay(id)

    def test_a_report_without_the_failure_is_refused(
        self, solution: Solution, right: Report
    ) -> None:
        with pytest.raises(RequestError, match="has no failure 'ITER-01-00000000'"):
            find("ITER-01-00000000", solution.report(right))

    @pytest.mark.parametrize(
        ("text", "message"), [("{", "not JSON"), ("[]", "not a report of foricheck")]
    )
    def test_a_report_that_is_none_is_refused(
        self, tmp_path: Path, text: str, message: str
    ) -> None:
        path = tmp_path / "report.json"
        path.write_text(text)
        with pytest.raises(RequestError, match=message):
            find("ITER-01-00000000", path)

    def test_a_failure_without_a_case_is_refused(self, wrong: Failed, tmp_path: Path) -> None:
        value = wrong.report.to_json()
        value["rules"][0]["failure"] |= {"way": "unknown", "data": {}}
        report = tmp_path / "report.json"
        report.write_text(json.dumps(value))
        with pytest.raises(RequestError, match="case"):
            find(wrong.failure.id, report)

    def test_a_directory_that_cannot_be_written_is_noted(self, solution: Solution) -> None:
        solution.write(ONE_TOO_MANY)
        solution.kept.write_text("a file")
        report = solution.judge("ITER-02")
        assert any("failures cannot be kept for replay" in note for note in report.notes)
        assert report.verdict == "nonconformant"
