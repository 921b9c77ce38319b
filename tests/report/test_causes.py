"""Failures with one cause are reported once."""

from __future__ import annotations

from foricheck.report import junit
from foricheck.report.causes import Cause, causes
from foricheck.report.html import render
from foricheck.report.report import Report

from .fake_runs import failure, result, run, terminal

SAME = tuple(
    result(id, "failed", failure=failure(rule=id, diagnosis="The last iteration does not run."))
    for id in ("ITER-01", "ITER-02", "ITER-04")
)
DIFFERENT = tuple(
    result(f"CARRY-0{n}", "failed", failure=failure(rule=f"CARRY-0{n}")) for n in range(1, 8)
)


def test_the_cause_stands_before_the_sentence() -> None:
    told = terminal(run(SAME[:1]))
    assert told.index("The last iteration does not run.") < told.index("What ITER-01 says.")


def test_a_cause_is_shown_whole_once() -> None:
    assert terminal(run(SAME)).count("why      dtype") == 1


def test_the_others_name_the_rule_that_shows_it() -> None:
    assert "FAILED ITER-02 (core), as ITER-01" in terminal(run(SAME))


def test_the_cause_is_summed_up_at_the_end() -> None:
    assert "(3 rules: ITER-01, ITER-02, ITER-04)" in " ".join(terminal(run(SAME)).split())


def test_not_more_than_five_failures_are_shown_whole() -> None:
    assert terminal(run(DIFFERENT)).count("why      dtype") == 5


def test_each_of_the_others_can_be_seen_whole() -> None:
    assert terminal(run(DIFFERENT)).count("foricheck replay") == len(DIFFERENT)


def test_the_page_links_the_rules_of_a_cause() -> None:
    assert '<a href="#ITER-04">ITER-04</a>' in render(Report.of(run(SAME)))


def test_an_error_that_a_target_always_raises_is_one_cause() -> None:
    raised = failure(why="raised", got="TypeError: no\nmore")
    results = [result(id, "failed", failure=raised) for id in ("ITER-01", "ITER-02")]
    assert causes(results) == (Cause("raised TypeError: no", ("ITER-01", "ITER-02")),)


def test_failures_without_a_known_cause_have_none_in_common() -> None:
    assert causes(DIFFERENT) == ()


def test_the_cause_is_in_the_json_report() -> None:
    rules = Report.of(run(SAME)).to_json()["rules"]
    assert rules[0]["failure"]["diagnosis"] == "The last iteration does not run."


def test_the_cause_is_the_message_of_the_junit_report() -> None:
    assert 'message="The last iteration does not run."' in junit.render(Report.of(run(SAME)))


def test_the_cause_stands_first_in_what_pytest_prints() -> None:
    first = str(Report.of(run(SAME))).split("\n\n")[1].splitlines()[0]
    assert first == "ITER-01 (core): The last iteration does not run."
