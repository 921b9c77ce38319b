"""A value that is not as declared is refused, with its place."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct

from foricheck.documents.reading import InvalidDocument, convert


class Part(Struct):
    kind: Literal["a", "b"]
    number: Annotated[int, Meta(ge=0)] = 0


class Whole(Struct):
    parts: tuple[Part, ...]


def refused(value: Any) -> str:
    with pytest.raises(InvalidDocument) as error:
        convert(value, Whole)
    return str(error.value)


def test_a_value_is_what_it_is_declared_to_be() -> None:
    assert convert({"parts": [{"kind": "b", "number": 3}]}, Whole) == Whole((Part("b", 3),))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (7, "expected 'object', got 'int'"),
        ({}, "object missing required field 'parts'"),
        ({"parts": 7}, "parts: expected 'array', got 'int'"),
        ({"parts": [{"kind": "c"}]}, "parts[0].kind: invalid enum value 'c'"),
        ({"parts": [{"kind": "a"}, {"kind": "a", "number": -1}]}, "parts[1].number: expected"),
    ],
)
def test_the_message_says_where_and_what(value: Any, message: str) -> None:
    assert refused(value).startswith(message)
