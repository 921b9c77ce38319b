"""The schema of the messages, and what goes over the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from foricheck.judging.plan import Plan
from foricheck.judging.run import Judge
from foricheck.rules.registry import all_rules
from foricheck.targets.wire.client import Client
from foricheck.targets.wire.process import Process
from foricheck.targets.wire.target import of_client

from .harness import HELLO

RULES = ("ITER-02", "ITER-09", "ITER-10", "BOUND-02", "CARRY-20", "REC-01", "REC-04", "REC-13")


def schema(name: str) -> Any:
    place = files("foricheck.conformance.schemas")
    return json.loads((place / f"{name}.json").read_text())


CASES = Resource.from_contents(schema("case-1"))
REGISTRY = Registry().with_resource("urn:foricheck:case:1", CASES)
WIRE = Draft202012Validator(schema("wire-1"), registry=REGISTRY)


@pytest.fixture
def traffic(monkeypatch: pytest.MonkeyPatch, start: Callable[..., Client]) -> list[bytes]:
    """Every line that went over the wire while a right harness was judged by some rules."""
    lines: list[bytes] = []
    exchange = Process.exchange

    def overheard(self: Process, line: bytes, *, seconds: float) -> bytes:
        answer = exchange(self, line, seconds=seconds)
        lines.extend((line, answer))
        return answer

    monkeypatch.setattr(Process, "exchange", overheard)
    target = of_client(start(), "", name="it", kind=None, without=())
    rules = tuple(rule for rule in all_rules() if rule.id in RULES)
    judge = Judge(Plan(target=target, rules=rules, profile="quick"), lambda event: None)
    assert {judge.rule(rule).status for rule in rules} == {"passed"}
    return lines


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema("wire-1"))


def test_what_goes_over_the_wire_is_as_it_says(traffic: list[bytes]) -> None:
    assert len(traffic) > 2 * len(RULES)
    for line in traffic[:2] + traffic[2::7] + traffic[3::7]:  # each of these takes a while
        WIRE.validate(json.loads(line))


@pytest.mark.parametrize(
    "message",
    [
        HELLO | {"protocol": 2},
        HELLO | {"kinds": []},
        HELLO | {"dtypes": ["int64"]},
        HELLO | {"capabilities": ["vmap"]},
        HELLO | {"extra": 1},
        {"type": "results", "id": 1, "results": [{}]},
        {"type": "results", "id": 1, "results": [{"value": [], "refused": "no"}]},
        {"type": "results", "id": -1, "results": []},
        {"type": "run", "id": 1, "cases": [{"kind": "loop"}]},
    ],
)
def test_what_is_not_right_is_not_as_it_says(message: Any) -> None:
    with pytest.raises(ValidationError):
        WIRE.validate(message)
