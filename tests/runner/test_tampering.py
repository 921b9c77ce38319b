"""A target that changes the judge from inside gets no verdict."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from foricheck.conformance.hostile.tampering import HARMLESS, TAMPERING, WRONG
from foricheck.judging.canaries import CHANGED
from foricheck.report.report import Report
from foricheck.runner.request import Request
from foricheck.runner.supervisor import events
from foricheck.targets.spec import TargetSpec


def judged(directory: Path, text: str, rules: str = "ITER-01,CARRY-05") -> Report:
    file = directory / "solution.py"
    file.write_text(WRONG + text)
    spec = TargetSpec(f"{file}:fori_loop", array_namespace="numpy")
    return Report.of(events(Request(spec=spec, rules=rules), directory=directory / "kept"))


@pytest.mark.parametrize("what", TAMPERING)
class TestTampering:
    def test_it_leaves_no_verdict(self, what: str, tmp_path: Path) -> None:
        report = judged(tmp_path, TAMPERING[what])
        assert (report.verdict, report.reason[: len(CHANGED)]) == ("error", CHANGED)


@pytest.mark.parametrize("what", HARMLESS)
class TestHarmless:
    def test_the_wrong_loop_is_found_wrong(self, what: str, tmp_path: Path) -> None:
        assert judged(tmp_path, HARMLESS[what]).verdict == "nonconformant"


class TestReason:
    def test_it_names_the_known_loop_and_the_rule(self, tmp_path: Path) -> None:
        report = judged(tmp_path, TAMPERING["checking"], "ITER-01")
        assert report.reason == f"{CHANGED} a loop that is known to be wrong passed ITER-01"


class TestUnderPytest:
    def test_a_rule_that_would_pass_fails(self, tmp_path: Path) -> None:
        file = tmp_path / "solution.py"
        file.write_text(WRONG + TAMPERING["checking"])
        asked = ["--target", f"{file}:fori_loop", "--foricheck-rules", "ITER-01"]
        arrays = ["--foricheck-array-namespace", "numpy", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-q", "--pyargs", "foricheck.conformance"]
        done = subprocess.run(
            [*command, *asked, *arrays], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert f"no verdict: {CHANGED}" in done.stdout
