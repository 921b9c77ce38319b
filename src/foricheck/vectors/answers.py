"""The oracle's answers to recurrences, as vectors contain them.

Answers to loops are exact (`foricheck.targets.wire.expected`). The answer to a recurrence is a
float32 with an error bound. Its bytes must be reproducible, although the last bits of a float64
``tanh`` or product depend on the NumPy version and the processor. So the value is rounded to 24
bits, and the error up to 8 bits. Both are reproducible unless the unrounded number is close to a
rounding boundary, and a test checks that no case is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases.arrays import encode
from foricheck.cases.batch import Array
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.oracle.bounds import Enclosure, trajectory_bound
from foricheck.oracle.recurrence import weights

__all__ = ["enclosure", "of_recurrence", "outward"]

_BITS = 8


def of_recurrence(case: RecurrenceBatch) -> dict[str, Any]:
    """The final state and the error bound of a float32 implementation, as a JSON value."""
    exact = enclosure(case)
    value = exact.value.astype(np.float32)
    return {"value": [encode(value)], "error": [encode(_with_rounding(exact, value))]}


def enclosure(case: RecurrenceBatch) -> Enclosure:
    """The oracle's final state of one case, with error bounds: float64 of shape ``(hidden,)``."""
    drawn = weights(int(case.seed[0]), case.hidden)
    return trajectory_bound(drawn, case.x[0], int(case.T[0]))


def outward(error: Array) -> Array:
    """The errors rounded up to 8 significant bits, float64."""
    mantissa, exponent = np.frexp(np.asarray(error, np.float64))
    rounded: Array = np.ldexp(np.ceil(np.ldexp(mantissa, _BITS)), exponent - _BITS)
    return rounded


def _with_rounding(exact: Enclosure, value: Array) -> Array:
    """The error bound of a value after rounding to float32; 0 if the value is exact."""
    inexact = exact.error > 0
    half_ulp = np.spacing(np.abs(value, where=inexact, out=np.ones_like(value))) / np.float64(2)
    return outward(np.where(inexact, exact.error + half_ulp, 0))
