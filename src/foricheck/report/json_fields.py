"""A JSON object whose members are asked for by name and by type.

A report comes from anywhere; what is wrong with it is told by the member's place in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Fields", "InvalidDocument"]

Chosen = TypeVar("Chosen", bound=str)


class InvalidDocument(Exception):
    """A member is not what it should be; the message is its place and what is wrong."""


@dataclass(frozen=True)
class Fields:
    """A JSON object in a document.

    Attributes:
        value: the object.
        place: where it is, such as ``rules[3]``; empty for the document itself.
    """

    value: dict[str, Any]
    place: str = ""

    @classmethod
    def of(cls, value: Any, place: str = "") -> Fields:
        """The object that a JSON value is.

        Raises:
            Unfit: it is no object.
        """
        if not isinstance(value, dict):
            raise InvalidDocument(
                f"{place or 'the document'}: expected an object, got {_shown(value)}"
            )
        return cls(value, place)

    def at(self, name: str) -> str:
        """The place of a member, for messages."""
        return f"{self.place}.{name}" if self.place else name

    def take(self, name: str) -> Any:
        """A member of any type.

        Raises:
            Unfit: there is none of this name; as do all methods below, for any other fault.
        """
        if name not in self.value:
            raise InvalidDocument(f"{self.at(name)}: missing")
        return self.value[name]

    def text(self, name: str) -> str:
        """A member that is text."""
        value = self.take(name)
        if not isinstance(value, str):
            raise InvalidDocument(f"{self.at(name)}: expected text, got {_shown(value)}")
        return value

    def one_of(self, name: str, known: Sequence[Chosen]) -> Chosen:
        """A member that is one of the known texts."""
        value = self.text(name)
        for choice in known:
            if value == choice:
                return choice
        raise InvalidDocument(f"{self.at(name)}: {_shown(value)} is not one of {', '.join(known)}")

    def count(self, name: str, default: int | None = None) -> int:
        """A member that is a whole number, 0 or more; it may be missing if there is a default."""
        value = self.integer(name, default)
        if value < 0:
            raise InvalidDocument(f"{self.at(name)}: expected 0 or more, got {_shown(value)}")
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        """A member that is a whole number."""
        value = self._or(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidDocument(f"{self.at(name)}: expected a whole number, got {_shown(value)}")
        return value

    def integers(self, name: str) -> tuple[int, ...]:
        """A member that is a list of whole numbers."""
        values = self._list(name)
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            raise InvalidDocument(f"{self.at(name)}: expected a list of whole numbers")
        return tuple(values)

    def flag(self, name: str) -> bool:
        """A member that is true or false."""
        value = self.take(name)
        if not isinstance(value, bool):
            raise InvalidDocument(f"{self.at(name)}: expected true or false, got {_shown(value)}")
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A member that is a number."""
        value = self._or(name, default)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise InvalidDocument(f"{self.at(name)}: expected a number, got {_shown(value)}")
        try:
            return float(value)
        except OverflowError:
            raise InvalidDocument(f"{self.at(name)}: {_shown(value)} is too large") from None

    def ratio(self, name: str) -> float | None:
        """A member that is an error over its bound: a number, ``Infinity``, ``NaN`` or null."""
        match self.take(name):
            case None:
                return None
            case "Infinity":
                return math.inf
            case "NaN":
                return math.nan
            case _:
                return self.number(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A member that is a list of texts."""
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise InvalidDocument(f"{self.at(name)}: expected a list of texts")
        return tuple(values)

    def texts_by_name(self, name: str) -> dict[str, str]:
        """A member that is an object of texts."""
        inner = self.object(name)
        return {key: inner.text(key) for key in inner.value}

    def object(self, name: str) -> Fields:
        """A member that is an object."""
        return Fields.of(self.take(name), self.at(name))

    def object_or_none(self, name: str) -> Fields | None:
        """A member that is an object or null."""
        return None if self.take(name) is None else self.object(name)

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects of a member that is a list of them."""
        for n, value in enumerate(self._list(name)):
            yield Fields.of(value, f"{self.at(name)}[{n}]")

    def _list(self, name: str) -> list[Any]:
        value = self.take(name)
        if not isinstance(value, list):
            raise InvalidDocument(f"{self.at(name)}: expected a list, got {_shown(value)}")
        return value

    def _or(self, name: str, default: float | None) -> Any:
        return default if default is not None and name not in self.value else self.take(name)


def _shown(value: Any, longest: int = 40) -> str:
    text = repr(value)
    return text if len(text) <= longest else f"{text[:longest]}…"
