"""Errors that a target raises: refusals, which are judged like values."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from foricheck.cases.variants import Variant
from foricheck.comparison.violations import Undecided

__all__ = ["Refused", "answered", "hint", "in_a_line", "said"]

_OF_TRACERS = (
    "ConcretizationTypeError",
    "TracerArrayConversionError",
    "TracerBoolConversionError",
    "TracerIntegerConversionError",
)


class Refused(Exception):
    """The target raised an error; ``__cause__`` is that error."""


def answered(call: Callable[[], Any]) -> Any:
    """The value that a call of the target returns.

    Raises:
        Refused: it raised anything, including a BaseException that is not an Exception.
        KeyboardInterrupt: the person interrupted the run, in a process that is not a worker.
    """
    try:
        return call()
    except Undecided:  # foricheck's own, not the target's
        raise
    except BaseException as error:  # a target may raise anything
        if _is_of_the_person(error):
            raise
        raise Refused from error


def said(refusal: Refused) -> str:
    """The error that the target raised, in one line."""
    return in_a_line(refusal.__cause__)


def in_a_line(error: BaseException | None) -> str:
    """The type of an error, and the first line of its message."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # __str__ is the target's code too
        lines = []
    return f"{type(error).__name__}: {lines[0] if lines else '(no message)'}"


def _is_of_the_person(error: BaseException) -> bool:
    """Whether an interrupt may come from the keyboard: workers ignore the signal."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return isinstance(error, KeyboardInterrupt) and not ignored


def hint(refusal: Refused, variant: Variant) -> str:
    """The kind of difference of a raised error, with a hint if the target cannot be traced."""
    if variant.bounds == "traced" and type(refusal.__cause__).__name__ in _OF_TRACERS:
        return "raised (if the target does not support traced bounds: --without traced)"
    return "raised"
