from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from report.fake_runs import report

from foricheck.matrix import json as as_json
from foricheck.matrix.table import Matrix

from .fake_reports import HOSTILE, matrix, mixed, passing, unfinished

SCHEMA = Path(__file__).parents[2] / "conformance" / "schemas" / "matrix-1.json"


def schema() -> Draft202012Validator:
    described = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(described)
    return Draft202012Validator(described)


def document(*, of: Matrix) -> Any:
    return json.loads(as_json.render(of))


@pytest.mark.parametrize(
    "table", [matrix(report([])), matrix(mixed(), passing(target=HOSTILE), unfinished())]
)
def test_it_is_as_its_schema_describes(table: Matrix) -> None:
    schema().validate(document(of=table))


def test_the_schema_refuses_what_it_does_not_know() -> None:
    assert not schema().is_valid(document(of=matrix(passing())) | {"surprise": 1})


def test_statuses_are_in_the_order_of_the_targets() -> None:
    told = document(of=matrix(mixed(), unfinished()))
    statuses = {rule["id"]: rule["statuses"] for rule in told["rules"]}
    assert [target["name"] for target in told["targets"]] == ["mixed", "gone"]
    assert statuses["ITER-01"] == ["passed", "passed"]
    assert statuses["ITER-02"] == ["failed", None]


def test_chapters_count_statuses() -> None:
    (told,) = document(of=matrix(mixed()))["targets"]
    assert told["chapters"]["CARRY"] == {"xpassed": 1, "xfailed": 1}
