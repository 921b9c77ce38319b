"""What a harness may say: anything else is told for what it is."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from foricheck.cases.arrays import encode
from foricheck.targets.wire.messages import (
    Crashed,
    Declined,
    ProtocolError,
    Unsupported,
    Value,
    read_hello,
    read_results,
    run,
)

from .harness import HELLO

LEAF = encode(np.array([1, 2], np.int32))


def line(message: Any) -> bytes:
    return json.dumps(message).encode()


def results(*forms: Any, **changes: Any) -> bytes:
    return line({"type": "results", "id": 7, "results": list(forms)} | changes)


def complaint(answer: bytes, *, count: int = 1) -> str:
    with pytest.raises(ProtocolError) as told:
        read_results(answer, id=7, count=count)
    return str(told.value)


def hello_complaint(**changes: Any) -> str:
    message = HELLO | changes
    with pytest.raises(ProtocolError) as told:
        read_hello(line({key: value for key, value in message.items() if value is not None}))
    return str(told.value)


class TestHello:
    def test_it_says_what_the_harness_is(self) -> None:
        hello = read_hello(line(HELLO))
        assert (hello.name, hello.version) == ("oracle-harness", "1.0")
        assert hello.kinds == {"loop", "recurrence"}
        assert hello.capabilities == {"nested", "permute"}

    def test_int32_is_the_first_dtype_however_they_are_listed(self) -> None:
        hello = read_hello(line(HELLO | {"dtypes": ["uint8", "int64", "int32"]}))
        assert hello.dtypes == ("int32", "int64", "uint8")

    @pytest.mark.parametrize("version", [2, "1", True, None, 1.0])
    def test_another_version_is_refused(self, version: Any) -> None:
        with pytest.raises(ProtocolError, match=r"a hello of protocol .*, not 1"):
            read_hello(line(HELLO | {"protocol": version}))

    @pytest.mark.parametrize("key", ["name", "version", "kinds", "dtypes", "capabilities"])
    def test_no_key_may_be_missing(self, key: str) -> None:
        assert hello_complaint(**{key: None}) == f"a message of type 'hello' without {key!r}"

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"name": 1}, "a hello whose name is no text: 1"),
            ({"name": "n" * 101}, "a hello whose name is no line of at most 100 characters"),
            ({"version": "1\n2"}, "a hello whose version is no line of at most 100 characters"),
            ({"kinds": []}, "a hello without a kind: loop, recurrence or both"),
            (
                {"kinds": ["lop"]},
                "a hello with 'lop' among its kinds; there are loop, recurrence",
            ),
            ({"dtypes": "int32"}, "a hello whose dtypes are no list: 'int32'"),
            ({"dtypes": ["int64"]}, "a hello without int32 among its dtypes"),
            ({"capabilities": [["nested"]]}, "a hello with ['nested'] among its capabilities"),
            ({"capability": []}, "a message of type 'hello' with an unknown key 'capability'"),
        ],
    )
    def test_what_it_says_is_checked(self, changes: dict[str, Any], told: str) -> None:
        assert hello_complaint(**changes).startswith(told)


class TestResults:
    def test_each_form_is_read(self) -> None:
        forms = [{"refused": "a"}, {"unsupported": "b"}, {"crashed": "c"}]
        assert read_results(results(*forms), id=7, count=3) == [
            Declined("a"),
            Unsupported("b"),
            Crashed("c"),
        ]

    def test_a_value_is_its_leaves(self) -> None:
        (value,) = read_results(results({"value": [LEAF, LEAF]}), id=7, count=1)
        assert isinstance(value, Value)
        assert [leaf.tolist() for leaf in value.leaves] == [[1, 2], [1, 2]]

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (b"Segmentation fault", "a line that is not JSON: 'Segmentation fault'"),
            (b"", "a line that is not JSON: ''"),
            (b"[" * 100_000, "a line that is not JSON: '[[["),
            (b"\xff\xfe", "a line that is not UTF-8: b'\\xff\\xfe'"),
            (b"[1]", "a line that is no JSON object: [1]"),
            (b"{}", "a message of type None where 'results' was due"),
            (line({"type": "hello"}), "a message of type 'hello' where 'results' was due"),
            (line({"type": "results", "id": 7}), "a message of type 'results' without 'results'"),
            (results(id=6), "results to message 6, not to message 7"),
            (results(id=7.0), "results to message 7.0, not to message 7"),
            (results(id=True), "results to message True, not to message 7"),
            (results(results={}), "results that are no list: {}"),
            (results(), "0 results to a message of 1 cases"),
            (results(took=1), "a message of type 'results' with an unknown key 'took'"),
            (results({}), "a result that is not one of value, refused, unsupported, crashed: {}"),
            (results([]), "a result that is not one of"),
            (results({"val": []}), "a result that is not one of"),
            (results({"value": [], "refused": ""}), "a result that is not one of"),
            (results({"refused": None}), "a result whose refused is no text: None"),
            (results({"value": LEAF}), "a value that is no list of arrays: {'dtype'"),
            (results({"value": [1]}), "a malformed array: an array must be an object with dtype"),
            (results({"value": [LEAF | {"hex": "0"}]}), "a malformed array: hex is not"),
            (results({"value": [LEAF | {"hex": "00"}]}), "a malformed array: hex has 1 bytes"),
            (results({"value": [LEAF | {"shape": [-2]}]}), "a malformed array: invalid shape [-2]"),
            (results({"value": [LEAF | {"dtype": "int"}]}), "a malformed array: unknown dtype"),
        ],
    )
    def test_what_is_not_right_is_told(self, answer: bytes, told: str) -> None:
        assert complaint(answer).startswith(told)

    def test_a_long_line_is_told_by_its_beginning(self) -> None:
        assert len(complaint(b"x" * 10_000)) < 100


def test_a_message_holds_the_cases_as_they_are() -> None:
    assert json.loads(run(3, ['{"a":1}', "[]"])) == {
        "type": "run",
        "id": 3,
        "cases": [{"a": 1}, []],
    }
