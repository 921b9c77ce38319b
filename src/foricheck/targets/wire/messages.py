"""The messages of the protocol, version 1, and how answers are read.

Each side writes one JSON value a line. Every answer is checked against its declaration, see
`foricheck.targets.wire.declared`: one that does not fit is an error, and is never guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from msgspec import UNSET

from foricheck.cases.arrays import BOUNDS, decode
from foricheck.cases.batch import Array
from foricheck.documents.reading import InvalidDocument, convert
from foricheck.targets.wire.declared import PROTOCOL, HelloAnswer, ResultEntry, ResultsAnswer

__all__ = ["HELLO", "Crashed", "Declined", "Hello", "ProtocolError", "Result", "UnsupportedAnswer"]
__all__ += ["Value", "compact", "read_hello", "read_results", "run"]

_SHOWN = 60
"""Characters of a wrong line that a message shows."""

HELLO = f'{{"type":"hello","protocol":{PROTOCOL}}}'
"""The suite's first message."""


class ProtocolError(Exception):
    """A message does not fit its declaration; the text is what it is: ``a line that is not …``."""


@dataclass(frozen=True, kw_only=True)
class Hello:
    """A harness, as it describes itself.

    Attributes:
        name: of the implementation.
        version: likewise.
        kinds: ``loop``, ``recurrence`` or both.
        dtypes: those of `foricheck.cases.arrays.BOUNDS` that bounds may have, ``int32`` first.
        capabilities: of `foricheck.targets.wire.declared.CAPABILITIES`.
        max_cases: the most cases that a message may have, if it says so.
        max_trips: the longest trip count of a case, if it says so.
    """

    name: str
    version: str
    kinds: frozenset[str]
    dtypes: tuple[str, ...]
    capabilities: frozenset[str]
    max_cases: int | None = None
    max_trips: int | None = None


@dataclass(frozen=True)
class Value:
    """The implementation returned a value.

    Attributes:
        leaves: the carry at the end, or the one final state.
    """

    leaves: tuple[Array, ...]


@dataclass(frozen=True)
class Declined:
    """The implementation raised an error on purpose (``refused``)."""

    message: str


@dataclass(frozen=True)
class UnsupportedAnswer:
    """The harness cannot put this case to the implementation."""

    message: str


@dataclass(frozen=True)
class Crashed:
    """The implementation failed, but not on purpose."""

    message: str


Result = Value | Declined | UnsupportedAnswer | Crashed

Answer = TypeVar("Answer", HelloAnswer, ResultsAnswer)


def compact(value: Any) -> str:
    """A JSON value as it goes into a message."""
    return json.dumps(value, separators=(",", ":"))


def run(id: int, cases: Iterable[str]) -> str:
    """The message that has a harness run cases, each of them already JSON."""
    return f'{{"type":"run","id":{id},"cases":[{",".join(cases)}]}}'


def read_hello(line: bytes) -> Hello:
    """A harness, from its answer to hello.

    Raises:
        ProtocolError: the line is no hello of this version.
    """
    hello = _read(line, HelloAnswer)
    return Hello(
        name=hello.name,
        version=hello.version,
        kinds=frozenset(hello.kinds),
        dtypes=tuple(name for name in BOUNDS if name in hello.dtypes),
        capabilities=frozenset(hello.capabilities),
        max_cases=hello.max_cases or None,
        max_trips=hello.max_trips or None,
    )


def read_results(line: bytes, *, id: int, count: int) -> list[Result]:
    """The results that answer a message.

    Args:
        line: the answer.
        id: of the message.
        count: how many cases it had.

    Raises:
        ProtocolError: the line does not answer it.
    """
    answer = _read(line, ResultsAnswer)
    if answer.id != id:
        raise ProtocolError(f"results to message {answer.id}, not to message {id}")
    if len(answer.results) != count:
        raise ProtocolError(f"{len(answer.results)} results to a message of {count} cases")
    return [_result(result, n) for n, result in enumerate(answer.results)]


def _read(line: bytes, type: type[Answer]) -> Answer:
    message = _json(line)
    try:
        return convert(message, type)
    except InvalidDocument as error:
        raise ProtocolError(_other_version(message) or f"{_NAMES[type]}: {error}") from None


_NAMES = {HelloAnswer: "a hello that is not valid", ResultsAnswer: "results that are not valid"}


def _other_version(message: Any) -> str:
    """The error for a hello of another version, which may differ in every member."""
    if not isinstance(message, dict) or message.get("type") != "hello":
        return ""
    version = message.get("protocol", PROTOCOL)
    same = version == PROTOCOL and type(version) is int
    return "" if same else f"a hello of protocol {_short(version)}, not {PROTOCOL}"


def _json(line: bytes) -> Any:
    try:
        return json.loads(line.decode())
    except UnicodeDecodeError:
        raise ProtocolError(f"a line that is not UTF-8: {_short(line)}") from None
    except (ValueError, RecursionError):
        raise ProtocolError(f"a line that is not JSON: {_short(line.decode())}") from None


def _result(result: ResultEntry, number: int) -> Result:
    match result:
        case ResultEntry(refused=str(message)):
            return Declined(message)
        case ResultEntry(unsupported=str(message)):
            return UnsupportedAnswer(message)
        case ResultEntry(crashed=str(message)):
            return Crashed(message)
    assert result.value is not UNSET
    try:
        return Value(tuple(map(decode, result.value)))
    except (ValueError, TypeError) as error:
        raise ProtocolError(f"a malformed array in results[{number}]: {error}") from None


def _short(value: Any) -> str:
    """A value as a short text."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}…"
