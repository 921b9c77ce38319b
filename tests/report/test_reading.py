"""A report is read back as it was written; anything else is refused in one line with its file."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from matrix.fake_reports import HOSTILE, mixed, passing, unfinished, write

from foricheck.errors import RequestError
from foricheck.report.reading import read
from report.fake_runs import failure, report, result


def refused(path: Path) -> str:
    with pytest.raises(RequestError) as error:
        read(path)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    "written",
    [
        passing(),
        mixed(),
        unfinished(),
        passing(target=HOSTILE),
        report([result("REC-01", "failed", max_ratio=math.inf, failure=failure(ratio=math.inf))]),
    ],
)
def test_a_report_is_read_as_it_was_written(tmp_path: Path, written: Any) -> None:
    assert read(write(tmp_path / "r.json", written)) == written


def test_a_ratio_may_be_no_number(tmp_path: Path) -> None:
    written = report([result("REC-01", "failed", max_ratio=math.nan, failure=failure())])
    ratio = read(write(tmp_path / "r.json", written)).results[0].max_ratio
    assert ratio is not None
    assert math.isnan(ratio)


def test_members_of_a_newer_report_are_passed_over(tmp_path: Path) -> None:
    assert read(write(tmp_path / "r.json", passing(), surprise=1)) == passing()


def test_a_missing_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "r.json") == "No such file or directory"


@pytest.mark.parametrize("text", ["", "{", "{'schema': 1}", "[" * 100_000])
def test_a_file_that_is_not_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text)
    assert refused(path).startswith("not JSON")


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(b"\xff\xfe{}")
    assert refused(path) == "not UTF-8 text"


@pytest.mark.parametrize("value", [[], 7, {}, {"schema": 1}, {"schema": 1, "targets": []}])
def test_a_file_that_is_no_report(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(value))
    assert refused(path).startswith("not a report of foricheck run --json")


@pytest.mark.parametrize("version", [0, 2, "1", True, None])
def test_a_report_of_another_version(tmp_path: Path, version: Any) -> None:
    said = refused(write(tmp_path / "r.json", passing(), schema=version))
    assert said == f"a report of schema {version!r}; this foricheck reads schema 1"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target": 7}, "target: expected 'str', got 'int'"),
        ({"verdict": "fine"}, "verdict: invalid enum value 'fine'"),
        ({"rules": {}}, "rules: expected 'array', got 'object'"),
        ({"rules": [7]}, "rules[0]: expected 'object', got 'int'"),
        ({"rules": [{}]}, "rules[0]: object missing required field 'id'"),
        ({"notes": [7]}, "notes[0]: expected 'str', got 'int'"),
        ({"seed": True}, "seed: expected 'int', got 'bool'"),
        ({"seconds": 10**400}, "seconds: "),
        ({"seconds": "long"}, "seconds: expected 'float', got 'str'"),
        ({"environment": {"versions": {"jax": 7}}}, "environment.versions[...]: expected 'str'"),
    ],
)
def test_a_report_with_a_wrong_member(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    message = refused(write(tmp_path / "r.json", passing(), **changes))
    assert message.startswith(f"not a report of foricheck run --json: {said}")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "ITER-1'"}, "rules[0].id: expected 'str' matching regex"),
        ({"id": "ITER-" + "9" * 5000}, "rules[0].id: expected 'str' matching regex"),
        ({"status": "odd"}, "rules[0].status: invalid enum value 'odd'"),
        ({"cases": -1}, "rules[0].cases: expected 'int' >= 0"),
        ({"max_ratio": "much"}, "rules[0].max_ratio: invalid enum value 'much'"),
        ({"failure": {}}, "rules[0].failure: object missing required field 'id'"),
    ],
)
def test_a_rule_with_a_wrong_member(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "r.json", passing("ITER-01"))
    document = json.loads(path.read_text())
    document["rules"][0] |= changes
    path.write_text(json.dumps(document))
    assert refused(path).startswith(f"not a report of foricheck run --json: {said}")


def test_a_rule_that_is_judged_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "r.json", report([result("ITER-01"), result("ITER-01")]))
    assert refused(path).endswith("rules[1].id: a second ITER-01")


def test_a_report_that_contradicts_itself(tmp_path: Path) -> None:
    path = write(tmp_path / "r.json", mixed(), verdict="conformant")
    assert refused(path).endswith("verdict: conformant, though ITER-02 failed")
