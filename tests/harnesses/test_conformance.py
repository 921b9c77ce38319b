"""The reference harnesses are conformant wherever values decide."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from foricheck.conformance.targets import ADAPTERS

JUDGED = {
    *("ITER-01", "ITER-02", "ITER-03", "ITER-04", "ITER-05", "ITER-06", "ITER-07", "ITER-08"),
    *("ITER-09", "ITER-10", "BOUND-01", "BOUND-02", "BOUND-11", "BOUND-12", "CARRY-20"),
    *("REC-01", "REC-02", "REC-03", "REC-04", "REC-05", "REC-06", "REC-08", "REC-09", "REC-10"),
    *("REC-13", "REC-15"),
}


@pytest.mark.parametrize("name", ["c", "javascript", "python"])
def test_every_rule_about_values_is_judged_and_holds(name: str, tmp_path: Path) -> None:
    for tool in ADAPTERS[name].tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    report = judged(name, "ITER,BOUND,CARRY,REC", tmp_path)
    status = {rule["id"]: rule["status"] for rule in report["rules"]}
    assert (report["verdict"], set(status.values())) == ("conformant", {"passed", "skipped"})
    assert {rule for rule in status if status[rule] == "passed"} >= JUDGED


def judged(name: str, rules: str, directory: Path) -> dict[str, Any]:
    """The report of a run of its own."""
    path = directory / "report.json"
    arguments = ["run", name, "--rules", rules, "--profile", "quick", "--json", str(path)]
    environment = os.environ | {"XDG_CACHE_HOME": str(directory / "cache")}
    run = [sys.executable, "-m", "foricheck", *arguments]
    ended = subprocess.run(run, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report
