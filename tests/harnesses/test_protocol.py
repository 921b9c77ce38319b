"""What the reference harnesses answer: the forms of the protocol, and the end."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from foricheck.cases.arrays import BOUNDS, encode
from foricheck.cases.loop import PermutedBatch
from foricheck.strategies.iter import loops
from foricheck.targets.wire.cases import of_loops, of_permuted
from foricheck.targets.wire.declared import CAPABILITIES
from foricheck.targets.wire.messages import (
    Declined,
    UnsupportedAnswer,
    Value,
    read_hello,
    read_results,
)

from .driver import HELLO, Harness, end

LOOP: dict[str, Any] = of_loops(loops.recording("int32", [0], [3]))[0]
RECURRENCE: dict[str, Any] = {
    "kind": "recurrence",
    "seed": encode(np.int64(7)),
    "x": encode(np.array([0.5, 1], np.float32)),
    "hidden": 2,
    "T": encode(np.int64(2)),
}
SWAPPED = of_permuted(PermutedBatch("int32", 0, 1, (1, 0), (np.arange(2), np.arange(3))))

UNSUPPORTED = {
    "kind": {"kind": "scan"},
    "body": LOOP | {"body": {"text": "lambda i, x: x"}},
    "instruction": LOOP | {"body": {"registers": [["divide", 0, 1, 2, 0]]}},
    "leaf": LOOP | {"carry": [encode(np.zeros((4, 8), np.float32))]},
    "shape": LOOP | {"carry": [encode(np.zeros((8, 4), np.int32))]},
    "leaves": LOOP | {"carry": LOOP["carry"] * 2},
    "bound": LOOP | {"upper": encode(np.float32(3))},
    "array": LOOP | {"upper": encode(np.array([3], np.int32))},
    "float64": RECURRENCE | {"x": encode(np.array([0.5, 1]))},
}

REFUSED = {
    "dtypes of bounds": LOOP | {"upper": encode(np.int8(3))},
    "type of a leaf": SWAPPED,
    "type of a leaf, no trips": SWAPPED | {"upper": SWAPPED["lower"]},
    "number of leaves": SWAPPED | {"body": {"permute": [0]}},
    "length of x": RECURRENCE | {"hidden": 3},
    "rank of x": RECURRENCE | {"x": encode(np.array([[0.5, 1]], np.float32))},
}

MALFORMED = {
    "nothing": "",
    "no JSON": "not JSON",
    "half": '{"type":"run","id":1,"cases":[',
    "two values": '{"type":"hello","protocol":1} {}',
    "no object": "[1, 2]",
    "deep": "[" * 100_000,
    "no type": "{}",
    "another type": '{"type":"goodbye"}',
    "another protocol": '{"type":"hello","protocol":2}',
    "no protocol": '{"type":"hello"}',
    "no id": '{"type":"run","cases":[]}',
    "no cases": '{"type":"run","id":1}',
}

BAD_CASES = {
    "number": 5,
    "no kind": {},
    "no lower": {key: value for key, value in LOOP.items() if key != "lower"},
    "dtype": LOOP | {"lower": {"dtype": "int33", "shape": [], "hex": "00000000"}},
    "shape": LOOP | {"lower": {"dtype": "int32", "shape": [-1], "hex": "00000000"}},
    "too few digits": LOOP | {"lower": {"dtype": "int32", "shape": [], "hex": "0000000"}},
    "too few bytes": LOOP | {"lower": {"dtype": "int32", "shape": [], "hex": "000000"}},
    "overflowing": LOOP | {"lower": {"dtype": "int32", "shape": [2**40] * 3, "hex": ""}},
    "no digits": LOOP | {"lower": {"dtype": "int32", "shape": [], "hex": "0000000z"}},
    "register": LOOP | {"body": {"registers": [["add", 4, 0, 0, 0]]}},
    "operand": LOOP | {"body": {"registers": [["add", 0, 6, 0, 0]]}},
    "constant": LOOP | {"body": {"registers": [["add", 0, 0, 0, 2**31]]}},
    "operands": LOOP | {"body": {"registers": [["add", 0, 0, 0]]}},
    "place": SWAPPED | {"body": {"permute": [0, 2]}},
    "hidden": RECURRENCE | {"hidden": 0},
}


def test_hello_says_what_it_is(harness: Harness) -> None:
    hello = read_hello(json.dumps(harness.ask(HELLO)).encode())
    assert hello.kinds == {"loop", "recurrence"}
    assert hello.capabilities == frozenset(CAPABILITIES)
    assert hello.dtypes == BOUNDS


def test_results_come_in_order(harness: Harness) -> None:
    cases = [LOOP, UNSUPPORTED["kind"], RECURRENCE, REFUSED["length of x"], LOOP]
    forms = [list(result) for result in harness.results(cases)]
    assert forms == [["value"], ["unsupported"], ["value"], ["refused"], ["value"]]


def test_all_forms_are_those_of_the_protocol(harness: Harness) -> None:
    message = {"type": "run", "id": 3, "cases": [LOOP, UNSUPPORTED["kind"], SWAPPED]}
    read = read_results(json.dumps(harness.ask(message)).encode(), id=3, count=3)
    assert [type(result) for result in read] == [Value, UnsupportedAnswer, Declined]


def test_a_message_may_have_no_cases(harness: Harness) -> None:
    message = {"type": "run", "id": 2**53 - 1, "cases": []}
    assert harness.ask(message) == {"type": "results", "id": 2**53 - 1, "results": []}


def test_a_line_may_be_long(harness: Harness) -> None:
    leaf = np.arange(500_000, dtype=np.int32)
    case = of_permuted(PermutedBatch("int32", 0, 2, (0,), (leaf,)))
    assert harness.result(case) == {"value": case["carry"]}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_a_harness_cannot_do_is_unsupported_with_a_reason(harness: Harness, name: str) -> None:
    ((form, reason),) = harness.result(UNSUPPORTED[name]).items()
    assert (form, " " in reason) == ("unsupported", True)


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_implementation_must_not_take_is_refused(harness: Harness, name: str) -> None:
    ((form, message),) = harness.result(REFUSED[name]).items()
    assert (form, " " in message) == ("refused", True)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_message_ends_it_with_one_line_and_status_1(
    command: list[str], name: str
) -> None:
    ended = end(command, MALFORMED[name] + "\n")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert ended.stderr.startswith("harness: ")


@pytest.mark.parametrize("name", BAD_CASES)
def test_so_does_a_malformed_case(command: list[str], name: str) -> None:
    message = {"type": "run", "id": 1, "cases": [BAD_CASES[name]]}
    ended = end(command, json.dumps(message) + "\n")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert ended.stderr.startswith("harness: ")


def test_it_ends_with_status_0_when_nothing_more_comes(command: list[str]) -> None:
    ended = end(command, json.dumps(HELLO) + "\n")
    assert (ended.returncode, ended.stdout.count("\n"), ended.stderr) == (0, 1, "")
