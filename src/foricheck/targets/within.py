"""A target's callable that is not called beyond the limits that the target declares."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

from foricheck.targets.limits import Extent, Limits, of_leaves, reasons

__all__ = ["BeyondLimits", "Within"]


class BeyondLimits(Exception):
    """The target would have been called beyond its limits; the message says how."""


class Within:
    """The implementation, which is not called beyond its limits.

    Args:
        call: the implementation.
        kind: ``loop`` or ``recurrence``.
        limits: those that it declares.

    Attributes:
        beyond: why calls were not made.
    """

    def __init__(self, call: Callable[..., Any], kind: str, limits: Limits) -> None:
        functools.update_wrapper(self, call, updated=())
        self._call, self._limits = call, limits
        self._extent = _of_loop if kind == "loop" else _of_recurrence
        self.beyond: list[str] = []

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the implementation.

        Raises:
            BeyondLimits: the arguments are beyond its limits.
        """
        extent = self._extent(*args) if len(args) == 4 else Extent()
        if reason := next(reasons(self._limits, extent), ""):
            self.beyond.append(reason)
            raise BeyondLimits(reason)
        return self._call(*args, **options)


def _of_loop(lower: Any, upper: Any, body: Any, init: Any) -> Extent:
    bounds = [str(side.dtype) for side in (lower, upper) if hasattr(side, "dtype")]
    integers = tuple(dtype for dtype in bounds if "int" in dtype)  # any other must be refused
    return of_leaves(_number(upper) - _number(lower), integers, init)


def _of_recurrence(seed: Any, x: Any, hidden: Any, T: Any) -> Extent:
    return of_leaves(_number(T), (), x)


def _number(value: Any) -> int:
    """A concrete integer; 0 for one that is traced, or is none."""
    try:
        return operator.index(value)
    except Exception:  # what a tracer raises depends on the library
        return 0
