"""Errors that the person who runs foricheck can cause."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["RequestError", "did_you_mean"]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What a person may have did_you_mean by a word that is not known, to be added to a message.

    It is ``""`` where nothing known is near.
    """
    near = get_close_matches(word, sorted(known))
    return f"; did you mean {' or '.join(near)}?" if near else ""


class RequestError(Exception):
    """What was asked for cannot be done; the message is one line for the person who asked."""
