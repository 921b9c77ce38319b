"""Passing arguments as a case says, and reading them after the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.history import before, writes_to_x

__all__ = ["Call", "call", "earlier", "kept"]

_Answer = TypeVar("_Answer")

Call = Callable[[Any, Any, Any], Any]
"""A call of the target, from seed, x and T."""


def call(function: Callable[..., Any], case: RecurrenceCase, hidden: Any) -> Call:
    """The target with the arguments passed as the case says."""
    match case.passing:
        case "T by keyword":
            return lambda seed, x, T: function(seed, x, hidden, T=T)
        case "by keyword":
            return lambda seed, x, T: function(seed=seed, x=x, hidden=hidden, T=T)
        case "by keyword in reverse":
            return lambda seed, x, T: function(T=T, hidden=hidden, x=x, seed=seed)
        case _:
            return lambda seed, x, T: function(seed, x, hidden, T)


def earlier(
    case: RecurrenceCase,
    x_of: Callable[[RecurrenceCase], Any],
    once: Callable[[RecurrenceCase, Any], _Answer],
) -> tuple[list[_Answer], Any]:
    """What the calls before a case give, and the x that the case itself is called with.

    Args:
        case: the case.
        x_of: from a call to its x.
        once: makes a call, with this x.
    """
    x, answers = x_of(case), []
    for each in before(case):
        x_before = x_of(each)
        answers.append(once(each, x_before))
        if writes_to_x(case):
            x_before[...] = x
            x = x_before
    return answers, x


def kept(x: Any) -> Array | None:
    """What an array holds now; None if it has been deleted."""
    try:
        return np.array(x)
    except RuntimeError:
        return None
