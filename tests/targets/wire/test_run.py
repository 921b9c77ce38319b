"""``foricheck run exec:…``: a verdict and a clear line, whatever the harness does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from interrupts import interruptible

from .conftest import Ended, command, foricheck, soon, target

RULES = "ITER-02,ITER-10,CARRY-20"  # the second of which has nested bodies


@dataclass(frozen=True)
class Judged:
    """A run that has ended, with its report."""

    directory: Path
    ended: Ended
    report: dict[str, Any]

    @property
    def statuses(self) -> list[str]:
        return [rule["status"] for rule in self.report["rules"]]

    @property
    def failure(self) -> dict[str, Any]:
        (failure,) = [rule["failure"] for rule in self.report["rules"] if rule["failure"]]
        return dict(failure)


Judge = Callable[..., Judged]


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Judge the harness with some trouble, by a few rules; what was judged so before is known."""

    @cache
    def judged(trouble: str = "", rules: str = RULES, *options: str) -> Judged:
        directory = tmp_path_factory.mktemp("judged")
        asked = ("--rules", rules, "--profile", "quick", "--json", "report.json", *options)
        ended = foricheck("run", target(trouble), *asked, directory=directory)
        assert soon(lambda: not at_work(directory)), at_work(directory)
        return Judged(directory, ended, json.loads((directory / "report.json").read_text()))

    return judged


def at_work(directory: Path, what: str = "") -> list[int]:
    """The processes whose working directory this is, and whose command holds a text."""
    every = Path("/proc").glob("[0-9]*")
    return [int(process.name) for process in every if _is(process, directory, what)]


def _is(process: Path, directory: Path, what: str) -> bool:
    try:
        return (process / "cwd").samefile(directory) and what in (process / "cmdline").read_text()
    except OSError:  # it has ended, or is not ours
        return False


class TestARightHarness:
    def test_it_is_conformant(self, judge: Judge) -> None:
        right = judge("", f"{RULES},BOUND-01,REC-01,REC-03,REC-13")
        assert right.ended.returncode == 0, right.ended.stderr
        assert set(right.statuses) == {"passed"}

    def test_the_report_says_what_it_is(self, judge: Judge) -> None:
        report = judge("only-a-loop").report
        assert (report["array_namespace"], report["kind"]) == ("wire", "loop")
        assert report["environment"]["versions"]["oracle-harness"] == "1.0"

    def test_several_workers_have_a_harness_each(self, judge: Judge) -> None:
        assert judge("", f"{RULES},ITER-08,BOUND-11", "--jobs", "2").statuses == ["passed"] * 5

    @pytest.mark.parametrize(
        ("rule", "why"),
        [
            ("CARRY-03", "its bodies are Python text, which does not go over the wire"),
            ("ERROR-01", "its bodies are Python text, which does not go over the wire"),
            ("ITER-11", "its bodies are compiled programs, which do not go over the wire"),
            ("REC-07", "seed, hidden and T go over the wire as integers"),
            ("REC-16", "a copy of x goes over the wire, which leaves no trace in x"),
        ],
    )
    def test_what_does_not_go_over_the_wire_is_skipped_at_once(self, rule: str, why: str) -> None:
        result = judged_here("CARRY-03,ERROR-01,ITER-11,REC-07,REC-16")[rule]
        assert (result["status"], result["reason"]) == ("skipped", why)

    @pytest.mark.parametrize(
        ("rule", "why"),
        [
            ("ITER-03", "the harness does not declare bounds of int8"),
            ("ITER-10", "the harness does not declare nested bodies"),
            ("CARRY-20", "the harness does not declare bodies that permute leaves"),
        ],
    )
    def test_what_it_does_not_declare_is_skipped(self, rule: str, why: str) -> None:
        result = judged_here("ITER-03,ITER-10,CARRY-20", "declares-nothing")[rule]
        assert (result["status"], result["reason"]) == ("skipped", why)

    def test_what_it_declares_to_be_too_long_is_left_out(self) -> None:
        result = judged_here("ITER-01", "declares-limits")["ITER-01"]
        assert result["status"] == "passed"
        assert result["reason"].endswith("left out: the harness declares at most 9 trips")

    def test_no_jax_is_imported(self) -> None:
        told = judged_here("ITER-02,ITER-09,ITER-10,ITER-20,BOUND,CARRY-20,REC-01,REC-13,REC-06")
        assert {result["status"] for result in told.values()} == {"passed", "skipped"}
        assert not any(result["jax"] for result in told.values())


@cache
def judged_here(rules: str, trouble: str = "") -> dict[str, Any]:
    """The results of rules by their ids, in a fresh process, and whether it has imported JAX."""
    program = """
import json, sys
from foricheck.judging import plan as planning, run as running
from foricheck.targets.spec import TargetSpec
from foricheck.targets.loading import load
target = load(TargetSpec(sys.argv[1]))
plan = planning.plan(target, pattern=sys.argv[2], profile="quick")
judge = running.Judge(plan, lambda event: None)
results = [judge.rule(rule) for rule in plan.rules]
told = ({"status": each.status, "reason": each.reason} for each in results)
told = ({**each, "jax": "jax" in sys.modules} for each in told)
print(json.dumps(dict(zip((rule.id for rule in plan.rules), told))))
"""
    arguments = [sys.executable, "-c", program, target(trouble), rules]
    told = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120)
    return dict(json.loads(told.stdout))


class TestLosses:
    """The rule under which the harness is lost fails; those before and after have their verdict."""

    @pytest.mark.parametrize(
        ("trouble", "got"),
        [
            ("is-killed", "the harness was killed by SIGKILL"),
            (
                "exits",
                "the harness exited with status 3, saying 'ValueError: no such loop / and more'",
            ),
            ("long-line", "the harness answered a line of more than 8 MiB"),
            ("floods", "the harness answered a line of more than 8 MiB"),
            ("closes-stdout", "the harness closed its standard output"),
            ("another-case", "the harness answered results to message 0, not to message 1"),
            (
                "no-json",
                "the harness answered a line that is not JSON: 'Segmentation fault (core dumped)'",
            ),
        ],
    )
    def test_the_case_is_found_and_told(self, judge: Judge, trouble: str, got: str) -> None:
        judged = judge(trouble, RULES, "--timeout", "2")
        assert judged.ended.returncode == 1
        assert judged.statuses == ["passed", "failed", "passed"]
        assert (judged.failure["got"], judged.failure["why"]) == (got, "lost")
        assert judged.failure["case"].startswith("lower = ")
        assert "Traceback" not in judged.ended.stdout + judged.ended.stderr

    @pytest.mark.parametrize("trouble", ["hangs", "floods-stderr"])
    def test_one_that_gives_no_answer_is_not_accused(self, judge: Judge, trouble: str) -> None:
        judged = judge(trouble, RULES, "--timeout", "3")
        why = "no answer to one case within 3 seconds; raise --timeout to judge it"
        assert judged.statuses == ["passed", "skipped", "passed"]
        assert judged.report["rules"][1]["reason"] == why
        assert (judged.ended.returncode, judged.report["verdict"]) == (2, "error")
        assert judged.ended.stderr == f"foricheck: not judged: ITER-10 ({why})\n"

    def test_one_that_needs_long_for_many_cases_is_judged(self, judge: Judge) -> None:
        judged = judge("is-slow", "ITER-10", "--timeout", "6")
        assert (judged.ended.returncode, judged.statuses) == (0, ["passed"])

    def test_noise_on_standard_error_is_no_failure(self, judge: Judge) -> None:
        assert judge("is-noisy").statuses == ["passed", "passed", "passed"]

    def test_one_that_is_killed_once_is_judged_again(self, judge: Judge) -> None:
        judged = judge("is-killed-once")
        assert judged.statuses == ["passed", "passed", "passed"]
        assert judged.report["rules"][1]["reason"] == (
            "judged again: the harness was killed by SIGKILL, but only once"
        )

    def test_one_that_exits_once_has_failed(self, judge: Judge) -> None:
        judged = judge("exits-once")
        assert judged.statuses == ["passed", "failed", "passed"]
        assert judged.failure["case"] == "not known: it did not happen case by case"

    def test_after_three_losses_the_rest_is_not_judged(self, judge: Judge) -> None:
        judged = judge("always-is-killed", "ITER-02,ITER-07,ITER-08,BOUND-11", "--jobs", "1")
        assert judged.ended.returncode == 1
        assert judged.statuses == ["failed", "failed", "failed"]
        assert judged.report["notes"][0].startswith(
            "the target was lost 3 times; rules not judged: 1 ("
        )

    def test_one_of_several_workers_is_lost(self, judge: Judge) -> None:
        judged = judge("is-killed", f"{RULES},ITER-08,BOUND-11", "--jobs", "2")
        assert sorted(judged.statuses) == ["failed", "passed", "passed", "passed", "passed"]


class TestAnswers:
    @pytest.mark.parametrize(
        ("trouble", "expected", "got", "why"),
        [
            ("wrong-shape", "int32[4, 8]", "int32[8, 4] [[0, 0, 0, 0],", "dtype or shape"),
            ("wrong-dtype", "int32[4, 8]", "uint32[4, 8] [[0,", "dtype or shape"),
            ("no-leaves", "int32[4, 8]", "no leaf", "dtype or shape"),
            ("refuses", "a value", "refused: upper is odd", "refused"),
            ("crashes", "a value", "crashed: index out of bounds", "crashed"),
        ],
    )
    def test_what_is_no_right_value_breaks_the_rule(
        self, judge: Judge, trouble: str, expected: str, got: str, why: str
    ) -> None:
        judged = judge(trouble)
        assert judged.statuses == ["passed", "failed", "passed"]
        assert (judged.failure["expected"], judged.failure["why"]) == (expected, why)
        assert judged.failure["got"].startswith(got)

    def test_a_rule_with_unsupported_cases_only_is_skipped(self, judge: Judge) -> None:
        judged = judge("cannot")
        assert judged.statuses == ["passed", "skipped", "passed"]
        assert judged.report["rules"][1]["reason"] == "the harness: no nested bodies today"

    def test_an_unsupported_case_leaves_out_that_case_only(self, judge: Judge) -> None:
        whole, rest = judge(), judge("always-cannot-some")
        assert rest.statuses == ["passed", "passed", "passed"]
        for all_of_it, part in zip(whole.report["rules"], rest.report["rules"], strict=True):
            assert part["reason"].endswith("cases are left out: the harness: too many trips")
            left_out, of, *_ = (int(word) for word in part["reason"].split() if word.isdigit())
            assert (of, part["cases"]) == (all_of_it["cases"], all_of_it["cases"] - left_out)

    def test_a_trip_count_has_64_bits(self, judge: Judge) -> None:
        assert judge("short-count", "REC-04").statuses == ["failed"]

    def test_a_wrong_loop_is_told_by_its_smallest_case(self, judge: Judge) -> None:
        failure = judge("inclusive", "ITER-01,ITER-06,REC-05").report["rules"][0]["failure"]
        assert "lower = 0, upper = 0 (int32), registers = zeros" in failure["case"]


class TestWrongRequests:
    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("exec:", "exec: names no command"),
            ("exec:nosuch", "there is no command 'nosuch'"),
            (target("dies-at-start"), "exited with status 1, saying 'Error: no such library'"),
            (target("banner"), "answered a line that is not JSON: 'Welcome to loops 1.0'"),
            (target("protocol-2"), "answered a hello of protocol 2, not 1"),
            (target("silent"), "was silent for 1 seconds: does it flush what it writes?"),
        ],
    )
    def test_one_line_and_status_2(self, tmp_path: Path, asked: str, told: str) -> None:
        timeout = "1" if "silent" in asked else "30"
        ended = foricheck("run", asked, "--timeout", timeout, directory=tmp_path)
        assert (ended.returncode, ended.stdout) == (2, "")
        (line,) = ended.stderr.splitlines()
        assert line.startswith("foricheck: ")
        assert told in line

    def test_another_kind_than_it_is(self, tmp_path: Path) -> None:
        asked = ("run", target("only-a-loop"), "--kind", "recurrence")
        ended = foricheck(*asked, directory=tmp_path)
        assert ended.returncode == 2
        assert "the harness says that it is a loop, not a recurrence" in ended.stderr

    def test_a_kind_narrows(self, judge: Judge) -> None:
        report = judge("", "REC-03", "--kind", "recurrence").report
        assert report["kind"] == "recurrence"


class TestEnds:
    """Nothing outlives a run, however that ends: see `hanging`."""

    def test_an_interrupt(self, hanging: subprocess.Popen[str]) -> None:
        hanging.send_signal(signal.SIGINT)
        _, said = hanging.communicate(timeout=30)
        assert hanging.returncode == 130
        assert said.splitlines()[-1] == "foricheck: interrupted"
        assert "Traceback" not in said

    def test_a_request_to_end(self, hanging: subprocess.Popen[str]) -> None:
        hanging.terminate()
        _, said = hanging.communicate(timeout=30)
        assert (hanging.returncode, said) == (143, "foricheck: terminated\n")

    def test_a_killed_worker(self, hanging: subprocess.Popen[str], tmp_path: Path) -> None:
        (worker,) = at_work(tmp_path, "spawn_main")
        os.kill(worker, signal.SIGKILL)
        assert soon(lambda: worker not in at_work(tmp_path, "spawn_main"))
        hanging.send_signal(signal.SIGINT)
        hanging.communicate(timeout=30)

    def test_a_killed_run(self, hanging: subprocess.Popen[str]) -> None:
        hanging.kill()
        hanging.communicate(timeout=30)


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run whose harness hangs, for a few seconds before that is noticed."""
    asked = ["run", target("always-hangs"), "--rules", "ITER-02", "--timeout", "8"]
    with interruptible():
        run = subprocess.Popen(
            [sys.executable, "-m", "foricheck", *asked],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    both = soon(lambda: set(at_work(tmp_path, "always-hangs")) > {run.pid})
    assert both, run.communicate() if run.poll() is not None else "no harness"
    time.sleep(1.0)  # it has said hello, and hangs
    yield run
    assert soon(lambda: not at_work(tmp_path)), at_work(tmp_path)


class TestShowingAFailure:
    @pytest.fixture
    def wrong(self, judge: Judge) -> Judged:
        return judge("inclusive", "ITER-01,ITER-06,REC-05", "--keep-going")

    def test_what_is_pasted_shows_it(self, wrong: Judged) -> None:
        script = script_of(wrong, "ITER-01")
        assert pasted(script, wrong.directory) != expected_in(script)

    @pytest.mark.parametrize(("rule", "cases"), [("ITER-01", 1), ("ITER-06", 3), ("REC-05", 1)])
    def test_a_right_harness_gives_what_is_expected(
        self, wrong: Judged, rule: str, cases: int
    ) -> None:
        script = script_of(wrong, rule)
        assert len(expected_in(script)) == cases
        mended = script.replace(command("inclusive"), command())
        assert pasted(mended, wrong.directory) == expected_in(script)

    def test_a_state_is_also_told_in_decimals(self, wrong: Judged) -> None:
        assert "# expected, in decimals: " in script_of(wrong, "REC-05")

    def test_it_can_be_replayed(self, judge: Judge) -> None:
        judged = judge("wrong-shape")
        again = foricheck("replay", judged.failure["id"], directory=judged.directory)
        assert again.returncode == 1
        assert judged.failure["got"][:20] in again.stdout

    def test_it_can_be_replayed_from_a_report(self, judge: Judge) -> None:
        judged = judge("exits", RULES, "--timeout", "2")
        asked = ("replay", judged.failure["id"], "--from", "report.json")
        again = foricheck(*asked, directory=judged.directory)
        assert again.returncode == 1
        assert "the harness exited with status 3" in again.stdout


def script_of(judged: Judged, rule: str) -> str:
    (failure,) = [each["failure"] for each in judged.report["rules"] if each["id"] == rule]
    return str(failure["script"])


def pasted(script: str, directory: Path) -> list[Any]:
    """The results that come out of a script that was pasted into a shell."""
    told = subprocess.run(["sh", "-c", script], cwd=directory, capture_output=True, text=True)
    return list(json.loads(told.stdout.splitlines()[-1])["results"])


def expected_in(script: str) -> list[Any]:
    """The values that its comments tell."""
    comments = [line for line in script.splitlines() if line.startswith("#") and "{" in line]
    return [json.loads(line[line.index("{") :]) for line in comments]


class TestPytest:
    @pytest.fixture
    def suite(self, tmp_path: Path) -> Callable[[str], Ended]:
        def run(trouble: str) -> Ended:
            asked = ["--target", target(trouble), "--foricheck-profile", "quick"]
            rules = ["--foricheck-rules", "ITER-02,ITER-10,ITER-20"]
            suite = ["--pyargs", "foricheck.conformance", "-p", "no:cacheprovider", "-rs"]
            return subprocess.run(
                [sys.executable, "-m", "pytest", "-q", *suite, *asked, *rules],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=120,
            )

        return run

    def test_a_right_harness_passes(self, suite: Callable[[str], Ended]) -> None:
        ended = suite("")
        assert ended.returncode == 0
        assert "2 passed, 1 skipped" in ended.stdout
        assert "its bodies are Python text, which does not go over the wire" in ended.stdout

    def test_a_lost_harness_is_told_in_a_line(self, suite: Callable[[str], Ended]) -> None:
        ended = suite("exits")
        assert ended.returncode == 1
        assert "1 failed, 1 passed, 1 skipped" in ended.stdout
        assert "ITER-10: the harness exited with status 3" in ended.stdout
