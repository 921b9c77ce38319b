"""Reports that no run has written, and the page of several of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from report.fake_runs import failure, report, result

from foricheck.matrix.collecting import Named, collect
from foricheck.matrix.table import Matrix
from foricheck.report import json as as_json
from foricheck.report.report import Report

HOSTILE = "</title><script>alert('x')</script>\"'&\x1b\ud800"
"""What a target could be called, or could have raised."""

RULES = ("ITER-01", "ITER-02", "BOUND-01", "CARRY-01")
KNOWN = "known deviation: see https://example.org/issues/7; more text"


def passing(*rules: str, target: str = "right", **changes: Any) -> Report:
    return report([result(rule) for rule in rules or RULES], target=target, **changes)


def breaking(rule: str, *, target: str = "wrong", rest: tuple[str, ...] = RULES) -> Report:
    """A target that breaks one rule; the script says which target it is."""
    broken = result(rule, "failed", failure=failure(rule=rule, script=f"import {target}\n"))
    return report([broken if one == rule else result(one) for one in rest], target=target)


def mixed(target: str = "mixed", **changes: Any) -> Report:
    """A target with a rule of each status."""
    results = [
        result("ITER-01"),
        result("ITER-02", "failed", failure=failure(rule="ITER-02", why="shape", ratio=2.5)),
        result("BOUND-01", "skipped", reason="the target lacks traced", cases=0),
        result("CARRY-01", "xfailed", reason=KNOWN),
        result("CARRY-02", "xpassed", reason="never: no NaN"),
    ]
    return report(results, target=target, notes=("mind the gap",), **changes)


def unfinished(target: str = "gone") -> Report:
    return report([result("ITER-01")], target=target, verdict="error", reason="it does not answer")


def matrix(*reports: Report, **changes: Any) -> Matrix:
    """The matrix of reports, each from a file of its target's name."""
    named = [
        Named(name=report.header.target, origin=f"{report.header.target}.json", report=report)
        for report in reports
    ]
    return collect(named, **changes)


def write(path: Path, report: Report, **changes: Any) -> Path:
    """The report in a file, with some members replaced."""
    path.write_text(json.dumps(json.loads(as_json.render(report)) | changes), encoding="utf-8")
    return path
