"""The messages of the protocol, version 1: what is sent, and what may come back.

Both sides write one JSON value a line, see ``conformance/schemas/wire-1.json``. Everything that a
harness sends is checked: a message that is not quite right is told, never guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from foricheck.cases.arrays import BOUNDS, decode
from foricheck.cases.batch import Array

__all__ = ["CAPABILITIES", "HELLO", "KINDS", "PROTOCOL", "Crashed", "Declined", "Hello"]
__all__ += ["ProtocolError", "Result", "Unsupported", "Value", "read_hello", "read_results"]
__all__ += ["compact", "run"]

PROTOCOL = 1
"""The version of the protocol."""

_LONGEST = 100
"""Characters that a name or a version may have."""

KINDS = ("loop", "recurrence")

CAPABILITIES = {
    "nested": "bodies that run a program in a loop from 0 to the index",
    "permute": "bodies that permute the leaves of a carry, which may be many and of any dtype",
}
"""What a harness can be said to do."""

HELLO = f'{{"type":"hello","protocol":{PROTOCOL}}}'
"""What the suite says first."""

Json = dict[str, Any]


class ProtocolError(Exception):
    """A message is not what it has to be; the text says what it is: ``a line that is no JSON``."""


@dataclass(frozen=True, kw_only=True)
class Hello:
    """What a harness says of itself.

    Attributes:
        name: of the implementation.
        version: likewise.
        kinds: of `KINDS`.
        dtypes: those of `foricheck.cases.arrays.BOUNDS` that bounds may have, ``int32`` first.
        capabilities: of `CAPABILITIES`.
    """

    name: str
    version: str
    kinds: frozenset[str]
    dtypes: tuple[str, ...]
    capabilities: frozenset[str]


@dataclass(frozen=True)
class Value:
    """The implementation gave a value.

    Attributes:
        leaves: the carry at the end, or the one final state.
    """

    leaves: tuple[Array, ...]


@dataclass(frozen=True)
class Declined:
    """The implementation raised an error that it meant to raise (``refused``)."""

    said: str


@dataclass(frozen=True)
class Unsupported:
    """The harness cannot put this case to the implementation."""

    said: str


@dataclass(frozen=True)
class Crashed:
    """The implementation failed in a way that it did not mean to."""

    said: str


Result = Value | Declined | Unsupported | Crashed

_TOLD: dict[str, Callable[[str], Result]] = {
    "refused": Declined,
    "unsupported": Unsupported,
    "crashed": Crashed,
}


def compact(value: Any) -> str:
    """A JSON value as it goes into a message."""
    return json.dumps(value, separators=(",", ":"))


def run(id: int, cases: Iterable[str]) -> str:
    """The message that has a harness run cases, which are JSON already."""
    return f'{{"type":"run","id":{id},"cases":[{",".join(cases)}]}}'


def read_hello(line: bytes) -> Hello:
    """What a harness says of itself.

    Raises:
        ProtocolError: the line is no hello of this version.
    """
    message = _message(line, "hello")
    if (version := message.get("protocol")) != PROTOCOL or type(version) is not int:
        raise ProtocolError(f"a hello of protocol {_short(version)}, not {PROTOCOL}")
    _keys(message, "protocol", "name", "version", "kinds", "dtypes", "capabilities")
    dtypes = _names(message, "dtypes", BOUNDS)
    if "int32" not in dtypes:
        raise ProtocolError("a hello without int32 among its dtypes")
    if not (kinds := _names(message, "kinds", KINDS)):
        raise ProtocolError("a hello without a kind: loop, recurrence or both")
    return Hello(
        name=_line(message, "name"),
        version=_line(message, "version"),
        kinds=frozenset(kinds),
        dtypes=tuple(name for name in BOUNDS if name in dtypes),
        capabilities=frozenset(_names(message, "capabilities", tuple(CAPABILITIES))),
    )


def read_results(line: bytes, *, id: int, count: int) -> list[Result]:
    """The results that answer a message.

    Args:
        line: what came.
        id: of the message.
        count: how many cases it had.

    Raises:
        ProtocolError: the line is no answer to it.
    """
    message = _message(line, "results")
    _keys(message, "id", "results")
    if message["id"] != id or type(message["id"]) is not int:
        raise ProtocolError(f"results to message {_short(message['id'])}, not to message {id}")
    results = message["results"]
    if not isinstance(results, list):
        raise ProtocolError(f"results that are no list: {_short(results)}")
    if len(results) != count:
        raise ProtocolError(f"{len(results)} results to a message of {count} cases")
    return [_result(value) for value in results]


def _message(line: bytes, type: str) -> Json:
    try:
        message = json.loads(line.decode())
    except UnicodeDecodeError:
        raise ProtocolError(f"a line that is not UTF-8: {_short(line)}") from None
    except (ValueError, RecursionError):
        raise ProtocolError(f"a line that is not JSON: {_short(line.decode())}") from None
    if not isinstance(message, dict):
        raise ProtocolError(f"a line that is no JSON object: {_short(message)}")
    if message.get("type") != type:
        got = message.get("type")
        raise ProtocolError(f"a message of type {_short(got)} where {type!r} was due")
    return message


def _keys(message: Json, *wanted: str) -> None:
    type = message["type"]
    for key in wanted:
        if key not in message:
            raise ProtocolError(f"a message of type {type!r} without {key!r}")
    for key in message:
        if key not in ("type", *wanted):
            raise ProtocolError(f"a message of type {type!r} with an unknown key {_short(key)}")


def _text(message: Json, key: str, where: str) -> str:
    if not isinstance(message[key], str):
        raise ProtocolError(f"a {where} whose {key} is no text: {_short(message[key])}")
    return str(message[key])


def _line(message: Json, key: str) -> str:
    """A text that is told wherever the target is."""
    text = _text(message, key, "hello")
    if len(text) > _LONGEST or len(text.splitlines()) > 1:
        told = f"no line of at most {_LONGEST} characters"
        raise ProtocolError(f"a hello whose {key} is {told}: {_short(text)}")
    return text


def _names(message: Json, key: str, known: tuple[str, ...]) -> list[str]:
    names = message[key]
    if not isinstance(names, list):
        raise ProtocolError(f"a hello whose {key} are no list: {_short(names)}")
    for name in names:
        if name not in known:
            raise ProtocolError(
                f"a hello with {_short(name)} among its {key}; there are {', '.join(known)}"
            )
    return names


def _result(value: Any) -> Result:
    if not isinstance(value, dict) or len(value) != 1:
        raise ProtocolError(f"a result that is not one of {_FORMS}: {_short(value)}")
    ((form, said),) = value.items()
    if form == "value":
        return Value(_leaves(said))
    if form not in _TOLD:
        raise ProtocolError(f"a result that is not one of {_FORMS}: {_short(value)}")
    return _TOLD[form](_text(value, form, "result"))


_FORMS = ", ".join(("value", *_TOLD))


def _leaves(value: Any) -> tuple[Array, ...]:
    if not isinstance(value, list):
        raise ProtocolError(f"a value that is no list of arrays: {_short(value)}")
    try:
        return tuple(map(decode, value))
    except (ValueError, TypeError) as error:
        raise ProtocolError(f"a malformed array: {error}") from None


def _short(value: Any) -> str:
    """A value as a short text."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
