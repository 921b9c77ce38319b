"""What a target raises: a refusal, to be judged like a value."""

from __future__ import annotations

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
    """What a call of the target returns.

    Raises:
        Refused: it raised.
    """
    try:
        return call()
    except Undecided:  # no word of the target's
        raise
    except (Exception, SystemExit, GeneratorExit) as error:  # what it has to say
        raise Refused from error


def said(refusal: Refused) -> str:
    """The error that the target raised, in one line."""
    return in_a_line(refusal.__cause__)


def in_a_line(error: BaseException | None) -> str:
    """An error's type, and the first line of what it says."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # even this is the target's own code
        lines = []
    return f"{type(error).__name__}: {lines[0] if lines else '(no message)'}"


def hint(refusal: Refused, variant: Variant) -> str:
    """Why a raised error may not be a bug: the target cannot be traced, and may say so."""
    if variant.bounds == "traced" and type(refusal.__cause__).__name__ in _OF_TRACERS:
        return "raised (a target that does not claim to be traced: --without traced)"
    return "raised"
