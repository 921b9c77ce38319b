"""The shipped schemas are those that the declarations give."""

from __future__ import annotations

import json
from importlib import resources
from importlib.metadata import version
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from foricheck.conformance.schemas import SCHEMAS, render

OLDER = tuple(map(int, version("msgspec").split(".")[:2])) < (0, 23)
EVERY_SCHEMA = pytest.mark.parametrize("name", SCHEMAS)


def shipped(name: str) -> str:
    place = resources.files("foricheck.conformance") / "schemas" / f"{name}-1.json"
    return place.read_text()


def objects(value: Any) -> list[dict[str, Any]]:
    """Every schema inside a schema that has members."""
    match value:
        case dict():
            inner = [found for each in value.values() for found in objects(each)]
            return [value, *inner] if "additionalProperties" in value else inner
        case list():
            return [found for each in value for found in objects(each)]
        case _:
            return []


@pytest.mark.skipif(OLDER, reason="an older msgspec writes fewer of the constraints")
@EVERY_SCHEMA
def test_a_schema_is_up_to_date(name: str) -> None:
    """Otherwise run ``python -m foricheck.conformance.schemas``."""
    assert shipped(name) == render(name)


@EVERY_SCHEMA
def test_it_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(shipped(name)))


@EVERY_SCHEMA
def test_no_object_has_members_that_are_not_declared(name: str) -> None:
    assert all(
        each["additionalProperties"] is False
        for each in objects(json.loads(shipped(name)))
        if "properties" in each
    )
