"""The files of vectors that are shipped, next to what the oracle makes."""

from __future__ import annotations

import itertools
from importlib import resources

from foricheck.vectors.suite import Suite

__all__ = ["stale", "text"]


def text(suite: Suite) -> str:
    """The shipped file.

    Raises:
        FileNotFoundError: it is not there.
    """
    place = resources.files("foricheck.conformance") / "vectors" / suite.file
    return place.read_text(encoding="ascii")


def stale(suite: Suite) -> str:
    """Where the shipped file first differs from what the oracle makes; ``""`` if nowhere."""
    try:
        shipped = text(suite).splitlines()
    except FileNotFoundError:
        return "it is not there"
    lines = itertools.zip_longest(shipped, suite.text.splitlines(), fillvalue="")
    for number, (old, new) in enumerate(lines, 1):
        if old != new:
            return f"line {number} is not what the oracle makes"
    return ""
