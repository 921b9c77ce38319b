"""A verdict says on how much it was reached."""

from __future__ import annotations

import pytest

from foricheck.judging.events import Event, RuleFinished, RunFinished, RunStarted
from foricheck.report import badge, html
from foricheck.report.extent import extent, thin
from foricheck.report.report import Report

from .fake_runs import BROKEN, PASSED, header, report, result, run, terminal

LACKING = [
    *PASSED,
    *(result(f"XFORM-0{n}", "skipped", reason="the target lacks vmap", cases=0) for n in (1, 2)),
    result("UNROLL-01", "skipped", reason="the target lacks unroll", cases=0),
]


def unfinished() -> Report:
    events: list[Event] = [
        RunStarted(header(["ITER-01", "ITER-02", "REC-01"])),
        RuleFinished(result("ITER-01")),
        RunFinished("error", "interrupted"),
    ]
    return Report.of(events)


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        (report(PASSED), "2 of 2 rules on 2,000 cases"),
        (report(BROKEN), "5 of 6 rules on 5,000 cases; not judged: 1 (the target lacks traced)"),
        (
            report(LACKING),
            "2 of 5 rules on 2,000 cases; not judged: 2 (the target lacks vmap), "
            "1 (the target lacks unroll)",
        ),
        (unfinished(), "1 of 3 rules on 1,000 cases; not judged: 2 (the run ended before)"),
    ],
)
def test_rules_cases_and_what_was_not_judged(judged: Report, said: str) -> None:
    assert extent(judged) == said


def test_many_reasons_are_counted() -> None:
    skipped = [result(f"ITER-0{n}", "skipped", reason=f"reason {n}", cases=0) for n in range(6)]
    assert extent(report([*PASSED, *skipped])).endswith(", 3 for other reasons")


def test_a_rule_that_saw_one_case_says_so() -> None:
    assert thin(report([*PASSED, result("ITER-02", cases=1)])) == ("on one case: ITER-02",)


def test_a_rule_that_lost_most_of_its_cases_says_so() -> None:
    lost = result("ITER-02", cases=54, left_out=378, reason="378 of 432 cases are left out: …")
    (line,) = thin(report([*PASSED, lost]))
    assert line == "most cases left out: ITER-02 (54 of 432 judged)"
    assert f"thin     {line}" in terminal(run([lost]), width=120)


class TestPart:
    """A verdict on a part says on which."""

    PART = run(PASSED, pattern="ITER-01,REC")

    def test_on_a_terminal(self) -> None:
        said = "CONFORMANT  mypkg.loops:fori_loop; on the part ITER-01,REC; judged by 2 of 2 rules"
        assert said in terminal(self.PART, width=120)

    def test_on_the_badge(self) -> None:
        assert "conformant 2/2 (part: ITER-01,REC)" in badge.render(Report.of(self.PART))

    def test_on_the_badge_in_short(self) -> None:
        long = ",".join(f"ITER-{n}" for n in range(10, 40))
        assert "(part: ITER-10,ITER-11,ITER-12…)<" in badge.render(report(PASSED, pattern=long))

    def test_on_the_page(self) -> None:
        said = "On the part ITER-01,REC: judged by 2 of 2 rules on 2,000 cases."
        assert said in html.render(Report.of(self.PART))

    def test_in_json(self) -> None:
        assert Report.of(self.PART).to_json()["pattern"] == "ITER-01,REC"


def test_the_rules_that_were_not_reached_are_in_the_json_report() -> None:
    assert tuple(unfinished().to_json()["not_judged"]) == ("ITER-02", "REC-01")
