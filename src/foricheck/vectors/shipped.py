"""Compare the shipped files of vectors with those that the oracle generates."""

from __future__ import annotations

import itertools
from importlib import resources

from foricheck.vectors.suite import Suite

__all__ = ["stale", "text"]


def text(suite: Suite) -> str:
    """The text of the shipped file.

    Raises:
        FileNotFoundError: the file does not exist.
    """
    path = resources.files("foricheck.conformance") / "vectors" / suite.file
    return path.read_text(encoding="ascii")


def stale(suite: Suite) -> str:
    """Where the shipped file first differs from the generated one, or ``""``."""
    try:
        shipped = text(suite).splitlines()
    except FileNotFoundError:
        return "the file does not exist"
    lines = itertools.zip_longest(shipped, suite.text.splitlines(), fillvalue="")
    for number, (old, new) in enumerate(lines, 1):
        if old != new:
            return f"line {number} differs from the oracle's"
    return ""
