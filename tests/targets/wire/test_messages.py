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
    UnsupportedAnswer,
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
    return str(told.value).removeprefix("results that are not valid: ")


def hello_complaint(**changes: Any) -> str:
    message = HELLO | changes
    with pytest.raises(ProtocolError) as told:
        read_hello(line({key: value for key, value in message.items() if value is not None}))
    return str(told.value).removeprefix("a hello that is not valid: ")


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
        missing = f"object missing required field {key!r}"
        assert hello_complaint(**{key: None}) == missing

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"name": 1}, "name: expected 'str', got 'int'"),
            (
                {"name": "n" * 101},
                "name: expected 'str' of length <= 100",
            ),
            ({"version": "1\n2"}, "a version of more than one line"),
            ({"kinds": []}, "kinds: expected 'array' of length >= 1"),
            (
                {"kinds": ["lop"]},
                "kinds[0]: invalid enum value 'lop'",
            ),
            ({"dtypes": "int32"}, "dtypes: expected 'array', got 'str'"),
            ({"dtypes": ["int64"]}, "dtypes without int32"),
            (
                {"capabilities": [["nested"]]},
                "capabilities[0]: expected 'str', got 'array'",
            ),
            (
                {"capability": []},
                "object contains unknown field 'capability'",
            ),
        ],
    )
    def test_what_it_says_is_checked(self, changes: dict[str, Any], told: str) -> None:
        assert hello_complaint(**changes).startswith(told)


class TestResults:
    def test_each_form_is_read(self) -> None:
        forms = [{"refused": "a"}, {"unsupported": "b"}, {"crashed": "c"}]
        assert read_results(results(*forms), id=7, count=3) == [
            Declined("a"),
            UnsupportedAnswer("b"),
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
            (b"[1]", "expected 'object', got 'array'"),
            (b"{}", "object missing required field 'type'"),
            (line({"type": "hello"}), "type: invalid enum value 'hello'"),
            (
                line({"type": "results", "id": 7}),
                "object missing required field 'results'",
            ),
            (results(id=6), "results to message 6, not to message 7"),
            (results(id=7.0), "id: expected 'int', got 'float'"),
            (results(id=True), "id: expected 'int', got 'bool'"),
            (
                results(results={}),
                "results: expected 'array', got 'object'",
            ),
            (results(), "0 results to a message of 1 cases"),
            (results(took=1), "object contains unknown field 'took'"),
            (results({}), "results[0]: a result has one of value, ref"),
            (results([]), "results[0]: expected 'object', got 'array'"),
            (
                results({"val": []}),
                "results[0]: object contains unknown field",
            ),
            (
                results({"value": [], "refused": ""}),
                "results[0]: a result has one",
            ),
            (
                results({"refused": None}),
                "results[0].refused: expected 'str'",
            ),
            (
                results({"value": LEAF}),
                "results[0].value: expected 'array'",
            ),
            (
                results({"value": [1]}),
                "results[0].value[0]: expected 'object'",
            ),
            (
                results({"value": [LEAF | {"hex": "0"}]}),
                "a malformed array in results[0]: hex is not",
            ),
            (
                results({"value": [LEAF | {"hex": "00"}]}),
                "a malformed array in results[0]: hex has 1 bytes",
            ),
            (
                results({"value": [LEAF | {"shape": [-2]}]}),
                "results[0].value[0].shape[0]: expected",
            ),
            (
                results({"value": [LEAF | {"dtype": "int"}]}),
                "results[0].value[0].dtype: invalid enum",
            ),
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
