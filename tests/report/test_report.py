from __future__ import annotations

import pytest

from foricheck.judging.events import Progress, RunFinished
from foricheck.report.report import Report
from foricheck.report.summary import Summary
from report.fake_runs import BROKEN, PASSED, report, result, run


def test_a_report_holds_the_results_in_order() -> None:
    assert report(BROKEN).results == BROKEN


def test_the_failures_are_what_failed_and_what_passed_unexpectedly() -> None:
    assert [result.id for result in report(BROKEN).failures] == ["CARRY-01", "CARRY-04"]


@pytest.mark.parametrize(("results", "conformant"), [(PASSED, True), (BROKEN, False)])
def test_a_report_is_conformant_when_its_verdict_says_so(results: tuple, conformant: bool) -> None:  # type: ignore[type-arg]
    assert report(results).conformant is conformant


def test_a_run_without_an_end_has_no_verdict() -> None:
    assert Report.of(run(PASSED)[:-1]).verdict == "error"


def test_progress_changes_no_report() -> None:
    before = report(PASSED)
    assert before.after(Progress("ITER-01", "traced-with-jit", 5)) == before


@pytest.mark.parametrize("events", [[], [RunFinished("conformant")]])
def test_a_stream_that_does_not_begin_is_refused(events: list[RunFinished]) -> None:
    with pytest.raises(ValueError, match="a run begins with RunStarted"):
        Report.of(events)


def test_json_names_the_class_of_a_rule() -> None:
    assert report(PASSED).to_json()["rules"][0]["class"] == "core"


def test_a_summary_adds_up() -> None:
    summary = Summary(BROKEN)
    assert (summary.cases, summary.compilations, summary.seconds) == (5000, 2, 0.5)


def test_the_sharpest_rule_has_the_largest_ratio() -> None:
    rules = [result("REC-01", max_ratio=0.2), result("REC-02", max_ratio=0.6), result("ITER-01")]
    assert Summary(tuple(rules)).sharpest == rules[1]


def test_a_ratio_that_is_no_number_is_the_largest() -> None:
    rules = [result("REC-01", max_ratio=float("nan")), result("REC-02", max_ratio=2.0)]
    assert Summary(tuple(rules)).sharpest == rules[0]


def test_there_is_no_sharpest_rule_without_bounds() -> None:
    assert Summary((result("ITER-01"),)).sharpest is None
