"""The shipped files: fresh, valid and readable, and every vector has a purpose."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from foricheck.vectors.shipped import stale, text
from foricheck.vectors.suite import SUITES, Suite, count

EVERY_SUITE = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.kind)
SIZES = {"loop": range(150, 301), "recurrence": range(60, 101)}


def schema(name: str) -> dict[str, Any]:
    place = resources.files("foricheck.conformance") / "schemas" / f"{name}-1.json"
    loaded: dict[str, Any] = json.loads(place.read_text())
    return loaded


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    cases: Resource[Any] = Resource.from_contents(schema("case"))
    registry = Registry[Any]().with_resource(cases.id() or "", cases)
    return Draft202012Validator(schema("vectors"), registry=registry)


@EVERY_SUITE
def test_the_file_is_what_the_oracle_makes(suite: Suite) -> None:
    assert stale(suite) == ""


@EVERY_SUITE
def test_the_file_is_valid(suite: Suite, validator: Draft202012Validator) -> None:
    validator.validate(json.loads(text(suite)))


@EVERY_SUITE
def test_a_file_of_the_other_kind_is_not(suite: Suite, validator: Draft202012Validator) -> None:
    other = {"loop": "recurrence", "recurrence": "loop"}[suite.kind]
    assert not validator.is_valid(json.loads(text(suite)) | {"kind": other})


@EVERY_SUITE
def test_a_line_holds_one_vector(suite: Suite) -> None:
    lines = [line for line in text(suite).splitlines() if '"id"' in line]
    assert [json.loads(line.rstrip(","))["id"] for line in lines] == [
        vector.id for vector in suite.vectors
    ]


@EVERY_SUITE
def test_there_are_enough_and_not_too_many(suite: Suite) -> None:
    assert len(suite.vectors) in SIZES[suite.kind]


def test_together_they_are_small() -> None:
    assert sum(len(text(suite)) for suite in SUITES) < 500_000


@EVERY_SUITE
def test_ids_are_unique(suite: Suite) -> None:
    ids = [vector.id for vector in suite.vectors]
    assert len(set(ids)) == len(ids)


@EVERY_SUITE
def test_no_case_is_there_twice(suite: Suite) -> None:
    cases = [json.dumps(vector.to_json()["case"]) for vector in suite.vectors]
    assert len(set(cases)) == len(cases)


@EVERY_SUITE
def test_the_flags_are_those_that_are_used(suite: Suite) -> None:
    assert set(count(suite.vectors)) == set(suite.flags)


@EVERY_SUITE
def test_every_vector_has_a_flag(suite: Suite) -> None:
    assert all(vector.flags for vector in suite.vectors)


@EVERY_SUITE
def test_a_flag_describes_a_bug_in_a_sentence(suite: Suite) -> None:
    assert all(bug.endswith(".") and len(bug) < 200 for bug in suite.flags.values())


def test_a_changed_line_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    suite = SUITES[1]
    changed = suite.text.replace('"id": "none-02"', '"id": "none-03"')
    monkeypatch.setattr("foricheck.vectors.shipped.text", lambda _: changed)
    line = suite.text.splitlines().index('"vectors": [') + 3
    assert stale(suite) == f"line {line} differs from the oracle's"


def test_a_missing_file_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Suite, "file", "poems-1.json")
    assert stale(SUITES[0]) == "the file does not exist"
