"""The oracle's answers to recurrences, as they are written into vectors.

A loop's is exact (`foricheck.targets.wire.expected`). A recurrence's is a float32 and how far from
it an implementation may be, and must come out with the same bytes wherever it is made, though the
last bits of a ``tanh`` or a product in float64 differ between versions of NumPy and processors.
So the value is rounded to 24 bits and the error outward to 8: both are the same wherever what is
rounded does not lie just beside the place where rounding turns, and that is a property of the case,
which a test checks.
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
    """The state at the end, and how far from it an implementation in float32 may be."""
    made = enclosure(case)
    value = made.value.astype(np.float32)
    return {"value": [encode(value)], "error": [encode(_with_rounding(made, value))]}


def enclosure(case: RecurrenceBatch) -> Enclosure:
    """What the oracle says of one case, float64 of shape ``(hidden,)``."""
    drawn = weights(int(case.seed[0]), case.hidden)
    return trajectory_bound(drawn, case.x[0], int(case.T[0]))


def outward(error: Array) -> Array:
    """The least numbers of 8 significant bits that are not below, float64."""
    mantissa, exponent = np.frexp(np.asarray(error, np.float64))
    rounded: Array = np.ldexp(np.ceil(np.ldexp(mantissa, _BITS)), exponent - _BITS)
    return rounded


def _with_rounding(made: Enclosure, value: Array) -> Array:
    """The error bound of a value that has been rounded to float32; 0 where it is exact."""
    rounded = made.error > 0
    half_a_unit = np.spacing(np.abs(value, where=rounded, out=np.ones_like(value))) / np.float64(2)
    return outward(np.where(rounded, made.error + half_a_unit, 0))
