"""The step of the GitHub Action that judges, run as a script."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ACTION = Path(__file__).parents[1] / ".github" / "actions" / "foricheck"
LOOP = """
def fori_loop(lower, upper, body_fun, init_val):
    for i in range(lower, upper{end}):
        init_val = body_fun(i, init_val)
    return init_val
"""

pytestmark = [
    pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here"),
    pytest.mark.skipif(not ACTION.is_dir(), reason="the tests are not in a clone"),
]


@dataclass(frozen=True)
class Step:
    status: int
    output: str
    summary: str


def judged(directory: Path, *, end: str = "", baseline: str = "") -> Step:
    """The step in a directory with a loop."""
    (directory / "loops.py").write_text(LOOP.format(end=end))
    places = {name: directory / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for place in places.values():
        place.write_text("")
    scripts = Path(sys.executable).parent
    environment = {
        **os.environ,
        **{name: str(place) for name, place in places.items()},
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "FORICHECK_TARGET": "loops.py:fori_loop",
        "FORICHECK_ARGUMENTS": "--rules=ITER-01\n--array-namespace=numpy\n",
        "FORICHECK_PROGRAMS": str(directory / "programs"),
        "FORICHECK_BASELINE": baseline,
    }
    ran = subprocess.run(["bash", ACTION / "run.sh"], cwd=directory, env=environment, check=False)
    output, summary = (place.read_text() for place in places.values())
    return Step(ran.returncode, output, summary)


@pytest.mark.parametrize(
    ("end", "status", "verdict"),
    [("", 0, "conformant"), (" + 1", 1, "nonconformant"), (" + nosuch", 1, "nonconformant")],
)
def test_the_verdict_is_status_output_and_summary(
    tmp_path: Path, end: str, status: int, verdict: str
) -> None:
    step = judged(tmp_path, end=end)
    assert (step.status, step.output) == (status, f"verdict={verdict}\n")
    assert step.summary.startswith(f"### foricheck: {verdict.upper()}\n")


def test_reports_are_written(tmp_path: Path) -> None:
    judged(tmp_path)
    written = {file.name for file in (tmp_path / "foricheck-reports").iterdir()}
    reports = {"report.json", "report.html", "junit.xml", "badge.svg", "summary.md"}
    assert written == reports | {"rules"}


def test_the_report_leads_to_the_pages_of_the_rules(tmp_path: Path) -> None:
    judged(tmp_path)
    report = (tmp_path / "foricheck-reports" / "report.html").read_text(encoding="utf-8")
    assert '<a href="rules/ITER-01.html">' in report


def test_without_a_report_there_is_no_verdict(tmp_path: Path) -> None:
    step = judged(tmp_path, end="):(")
    assert (step.status, step.output) == (2, "verdict=error\n")
    assert step.summary == "### foricheck: NO VERDICT\n"


def test_a_baseline_is_compared_with(tmp_path: Path) -> None:
    judged(tmp_path)
    shutil.copy(tmp_path / "foricheck-reports" / "report.json", tmp_path / "before.json")
    assert (
        "### foricheck: 1 rule got worse"
        in judged(tmp_path, end=" + 1", baseline="before.json").summary
    )
