"""Passing arguments as a case says, and reading them after the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase

__all__ = ["Call", "call", "kept"]

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


def kept(x: Any) -> Array | None:
    """What an array holds now; None if it has been deleted."""
    try:
        return np.array(x)
    except RuntimeError:
        return None
