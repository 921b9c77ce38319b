"""Errors that the person who runs foricheck can cause."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["RequestError", "check_choice", "did_you_mean"]


class RequestError(Exception):
    """The request cannot be carried out; the message is one line for the person who made it."""


def check_choice(what: str, value: str | None, known: Iterable[str | None]) -> None:
    """Check that a value is one of those that are known.

    Args:
        what: the noun for it in the message, such as ``profile``.
        value: what the person wrote.
        known: the values to choose from; None among them makes it optional.

    Raises:
        RequestError: it is none of them.
    """
    choices = tuple(known)
    if value not in choices:
        names = ", ".join(name for name in choices if name)
        raise RequestError(f"no {what} is named {value!r}; there are {names}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a message about an unknown word: the known words nearest to it, or ``""``."""
    near = get_close_matches(word, sorted(known))
    return f"; did you mean {' or '.join(near)}?" if near else ""
