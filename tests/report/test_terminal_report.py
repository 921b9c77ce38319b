from __future__ import annotations

import io
import itertools

import pytest
from rich.console import Console

from foricheck.judging.events import (
    Event,
    Progress,
    RuleFinished,
    RuleStarted,
    RunFinished,
    RunStarted,
)
from foricheck.report.terminal import Terminal

from .fake_runs import BROKEN, PASSED, SCRIPT, failure, header, result, run, terminal


@pytest.mark.parametrize(
    "told",
    [
        "foricheck 0.1.0",
        "mypkg.loops:fori_loop, judged as fori_loop",
        "jax 0.12.0",
        "cpu, TFRT_CPU_0",
        "2 rules, profile default, seed 7",
        "lacking  pmap, disable_jit, pytree, refuse, copies, ",
    ],
)
def test_header_says(told: str) -> None:
    assert told in terminal(run(PASSED))


def test_why_a_capability_is_lacking_is_said() -> None:
    head = header(["ITER-01"], lacks={"vmap": "TypeError: one at a time"})
    assert "lacking  vmap: TypeError: one at a time" in terminal([RunStarted(head)])


def test_a_chapter_is_one_line_told_when_its_last_rule_is_judged() -> None:
    events = run([result("ITER-01"), result("ITER-02"), result("REC-01")])
    assert "ITER   2 passed   2,000 cases" in terminal(events[:7])


@pytest.mark.parametrize(
    "told",
    [
        "FAILED CARRY-01 (core), called traced-with-jit",
        "What CARRY-01 says.",
        "case     lower = int8(3), upper = int8(5)",
        "at       carry['a'][2]",
        "expected int32 7",
        "got      int64 7",
        "why      dtype",
        "foricheck replay 3f9a1c07",
    ],
)
def test_failure_says(told: str) -> None:
    assert told in terminal(run(BROKEN))


def test_a_failure_is_told_before_the_next_rule_is_judged() -> None:
    events: list[Event] = [
        RunStarted(header(["CARRY-01", "CARRY-02"])),
        RuleFinished(result("CARRY-01", "failed", failure=failure())),
        RuleStarted("CARRY-02", ""),
    ]
    assert "FAILED CARRY-01" in terminal(events)


def test_the_ratio_of_a_failure_is_told() -> None:
    broken = result("REC-01", "failed", failure=failure(ratio=37.25))
    assert "ratio    37.2 times the error bound" in terminal(run([broken]))


def test_the_script_stands_unwrapped_from_the_first_column() -> None:
    assert f"\n{SCRIPT}\n" in terminal(run(BROKEN), width=60)


def test_a_rule_that_passes_unexpectedly_is_told_with_its_reason() -> None:
    text = terminal(run(BROKEN))
    assert "XPASSED CARRY-04 (core)\n  Expected to fail, but it passes" in text
    assert "expected never: no NaN" in text


@pytest.mark.parametrize(
    "told",
    [
        "NONCONFORMANT  failed: CARRY-01; passed unexpectedly: CARRY-04",
        "1 failed, 1 xpassed, 2 passed, 1 xfailed, 1 skipped",
        "skipped  CARRY-02: the target lacks traced",
        "xfailed  CARRY-03: not yet: no containers",
        "judged   5,000 cases, 2 compilations, 0.50 s of judging in 0.70 s",
        "ratio    0.62, the largest error over its bound (REC-01)",
        "note     mind the gap",
    ],
)
def test_ending_says(told: str) -> None:
    assert told in terminal(run(BROKEN, notes=("mind the gap",)))


def test_a_conformant_target_is_named() -> None:
    said = "CONFORMANT  mypkg.loops:fori_loop; judged by 2 of 2 rules on 2,000 cases\n"
    assert said in terminal(run(PASSED), width=120)


def test_a_run_that_did_not_finish_says_why_and_how_much_is_missing() -> None:
    events: list[Event] = [
        RunStarted(header(["ITER-01", "ITER-02", "REC-01"])),
        RuleFinished(result("ITER-01")),
        RunFinished("error", "interrupted"),
    ]
    text = terminal(events)
    assert "NO VERDICT  interrupted" in text
    assert "ITER   1 passed, 1 not judged" in text
    assert "rules    1 passed, 2 not judged" in text


def test_rules_skipped_for_the_same_reason_are_told_together() -> None:
    skipped = [result(f"ITER-0{n}", "skipped", reason="the target lacks jit") for n in (1, 2)]
    assert "skipped  ITER-01, ITER-02: the target lacks jit" in terminal(run(skipped))


def test_durations_name_the_slowest_rules() -> None:
    slow = [result(f"ITER-0{n}", seconds=n) for n in (1, 3, 2)]
    text = terminal(run(slow), durations=2)
    assert [line.split()[0] for line in text.splitlines()[-2:]] == ["ITER-03", "ITER-02"]


@pytest.mark.parametrize("width", [40, 80])
def test_nothing_but_the_script_is_wider_than_the_terminal(width: int) -> None:
    text = terminal(run(BROKEN), width=width).replace(SCRIPT, "")
    assert max(len(line) for line in text.splitlines()) <= width


def test_no_line_ends_in_blanks() -> None:
    lines = terminal(run(BROKEN), durations=3).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_what_a_target_raised_cannot_steer_the_terminal() -> None:
    broken = result("ITER-01", "failed", failure=failure(got="\x1b[2J[red]\ud800"))
    assert "got      \\x1b[2J[red]\\ud800" in terminal(run([broken]))


def test_nothing_moves_in_a_pipe_even_when_colour_is_forced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    written = io.StringIO()
    with Terminal(Console(file=written, width=80)) as reporter:
        for event in run(PASSED):
            reporter.handle(event)
    assert "\x1b[1m" in written.getvalue()  # bold: the colours are there
    assert "\x1b[2K" not in written.getvalue()  # erase the line: nothing moves


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


def moving(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    written = Tty()
    with Terminal(Console(file=written, width=80, force_terminal=True)) as reporter:
        for event in run(PASSED):
            reporter.handle(event)
    return written.getvalue()


def test_a_terminal_shows_the_rule_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "0/2" in moving(monkeypatch, TERM="xterm")


def test_nothing_moves_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "0/2" not in moving(monkeypatch, TERM="dumb")


def test_there_is_no_colour_when_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[32m" not in moving(monkeypatch, TERM="xterm", NO_COLOR="1")


@pytest.mark.parametrize(("seconds", "lines"), [(10.0, 0), (40.0, 1), (70.0, 2)])
def test_a_rule_that_takes_long_is_named_in_a_pipe(seconds: float, lines: int) -> None:
    now = itertools.count(0.0, seconds)
    moments = {"at": next(now)}
    written = io.StringIO()
    with Terminal(Console(file=written), clock=lambda: moments["at"]) as reporter:
        reporter.handle(RunStarted(header(["ITER-01"])))
        for cases in (512, 1024):
            moments["at"] = next(now)
            reporter.handle(Progress("ITER-01", "traced-with-jit", cases))
    said = written.getvalue()
    assert said.count("so far") == lines
    assert ("  ITER-01 called traced-with-jit: 1,024 cases so far" in said) == bool(lines)
