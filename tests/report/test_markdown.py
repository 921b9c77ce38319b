"""The report as Markdown, for the summary of a job."""

from __future__ import annotations

import pytest
from matrix.fake_reports import HOSTILE

from foricheck.report.markdown import render

from .fake_runs import BROKEN, PASSED, failure, report, result


@pytest.mark.parametrize(
    "line",
    [
        "### foricheck: NONCONFORMANT",
        "`mypkg.loops:fori_loop`, judged as `fori_loop`, by 5 of 6 rules on 5,000 cases; "
        "not judged: 1 (the target lacks traced)",
        "- **CARRY-01** (core): What CARRY-01 says.",
        "  - `at carry['a'][2]: expected int32 7, got int64 7 (dtype), called traced-with-jit`",
        "  - case `lower = int8(3), upper = int8(5)`",
        "- **CARRY-04** (core): What CARRY-04 says.",
        "  - passed, though it was expected to fail: `never: no NaN`",
        "- mind the gap",
        "- rules: 1 failed, 1 xpassed, 2 passed, 1 xfailed, 1 skipped",
        "- xfailed: CARRY-03: `not yet: no containers`",
    ],
)
def test_it_says(line: str) -> None:
    assert line in render(report(BROKEN, notes=("mind the gap",))).splitlines()


def test_a_part_is_said_to_be_one() -> None:
    assert ", judged as `fori_loop` on the part `ITER`, by " in render(
        report(PASSED, pattern="ITER")
    )


def test_why_there_is_no_verdict_is_said() -> None:
    assert "`it hangs`" in render(report([], verdict="error", reason="it hangs")).splitlines()


def test_after_ten_failures_the_rest_are_named() -> None:
    ids = [f"ITER-{n:02}" for n in range(1, 14)]
    said = render(report([result(id, "failed", failure=failure(rule=id)) for id in ids]))
    assert "- 3 more failed: ITER-11, ITER-12, ITER-13" in said.splitlines()


def test_a_case_of_several_lines_is_a_block() -> None:
    said = render(report([result("ITER-01", "failed", failure=failure(case="a\n  b"))]))
    assert "  - case \n    ```\n    a\n      b\n    ```\n" in said


def test_a_diagnosis_comes_first() -> None:
    broken = failure(diagnosis="The last iteration is missing.")
    lines = render(report([result("ITER-01", "failed", failure=broken)])).splitlines()
    rule = lines.index("- **ITER-01** (core): What ITER-01 says.")
    assert lines[rule + 1] == "  - **The last iteration is missing.**"


def test_nothing_foreign_is_markup() -> None:
    said = render(report(PASSED, target=HOSTILE))
    outside = "".join(part for n, part in enumerate(said.split("`")) if n % 2 == 0)
    assert "<script>" not in outside
    assert "\x1b" not in said
