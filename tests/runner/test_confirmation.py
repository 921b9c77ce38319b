"""A failure is run again in a fresh process, alone, before it is reported."""

from __future__ import annotations

from pathlib import Path

from foricheck.judging.confirming import AFTER_OTHERS
from foricheck.report.report import Report
from foricheck.runner.request import Request
from foricheck.runner.supervisor import events
from foricheck.targets.spec import TargetSpec

LOOP = """
import itertools, os
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop

calls = itertools.count(1)

def fori_loop(lower, upper, body_fun, init_val):
    result, call = numpy_loop(lower, upper, body_fun, init_val), next(calls)
    {}
    return result
"""


def judged(directory: Path, line: str, rules: str) -> Report:
    file = directory / "solution.py"
    file.write_text(LOOP.format(line))
    spec = TargetSpec(f"{file}:fori_loop", array_namespace="numpy")
    return Report.of(events(Request(spec=spec, rules=rules), directory=directory / "kept"))


class TestConfirmation:
    def test_every_failure_is_reported_once(self, tmp_path: Path) -> None:
        many = ["ITER-01", "ITER-02", "CARRY-01", "CARRY-02", "CARRY-03", "CARRY-04", "CARRY-08"]
        report = judged(tmp_path, "result = [result]", ",".join(many))
        assert [result.id for result in report.failures] == many

    def test_what_fails_only_after_other_calls_says_so(self, tmp_path: Path) -> None:
        report = judged(tmp_path, "if call > 5: return [result]", "ITER-01")
        (failure,) = (result.failure for result in report.failures)
        assert failure is not None
        assert failure.why.startswith(AFTER_OTHERS)

    def test_a_limit_of_one_process_is_not_a_broken_rule(self, tmp_path: Path) -> None:
        limit = "if call > 30: raise RuntimeError('enough')"
        report = judged(tmp_path, limit, "CARRY-04,CARRY-08")
        assert "failed" not in {result.status for result in report.results}

    def test_a_target_that_dies_when_it_is_confirmed_has_failed(self, tmp_path: Path) -> None:
        marks = tmp_path / "marks"
        once = f"if os.path.exists({str(marks)!r}): os._exit(3)\n    open({str(marks)!r}, 'w')"
        report = judged(tmp_path, f"{once}\n    return [result]", "CARRY-08")
        assert report.verdict == "nonconformant"
