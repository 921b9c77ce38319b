"""Errors that a target raises: refusals, which are judged like values."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

from foricheck.cases.variants import Variant
from foricheck.comparison.trees import with_an_end
from foricheck.comparison.violations import Undecided

__all__ = ["ANOTHER_ERROR", "Refused", "answered", "hint", "in_a_line", "in_full"]
__all__ += ["is_of_the_person", "message_of"]

ANOTHER_ERROR = "another error"
"""The kind of difference of a refusal whose type is not one that the rule asks for."""

_MOST_LINES = 40
"""Of an error in a report."""

_MOST_CHARACTERS = 20_000
"""Of the message of one error."""

_OF_JAX = ("JaxStackTraceBeforeTransformation", "SimplifiedTraceback", "UnfilteredStackTrace")
"""What JAX gives as a cause that is only a traceback."""


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
        return with_an_end(call())
    except Undecided:  # foricheck's own, not the target's
        raise
    except BaseException as error:  # a target may raise anything
        if is_of_the_person(error):
            raise
        raise Refused from error


def in_full(error: BaseException | None) -> str:
    """The type and the message of an error, whole, and then those of its causes."""
    told = "\n".join(_with_causes(error)).splitlines()
    rest = [f"… ({len(told) - _MOST_LINES} more lines)"] if len(told) > _MOST_LINES else []
    return "\n".join([*told[:_MOST_LINES], *rest])


def _with_causes(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    before = ""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if type(error).__name__ not in _OF_JAX:
            yield f"{before}{type(error).__name__}: {message_of(error) or '(no message)'}"
            before = "caused by "
        context = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or context


def message_of(error: BaseException) -> str:
    """The text of an error, at most so long that it can be read; ``""`` if it has none."""
    try:
        text = str(error).strip()
    except BaseException:  # __str__ is the target's code too
        return ""
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def in_a_line(error: BaseException | None) -> str:
    """The type of an error, and the first line of its message."""
    lines = message_of(error).splitlines() if error is not None else []
    return f"{type(error).__name__}: {lines[0] if lines else '(no message)'}"


def is_of_the_person(error: BaseException) -> bool:
    """Whether an interrupt may come from the keyboard: workers ignore the signal."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return isinstance(error, KeyboardInterrupt) and not ignored


def hint(refusal: Refused, variant: Variant) -> str:
    """The kind of difference of a raised error, with a hint if the target cannot be traced."""
    if variant.bounds == "traced" and type(refusal.__cause__).__name__ in _OF_TRACERS:
        return "raised (if the target does not support traced bounds: --without traced)"
    return "raised"
