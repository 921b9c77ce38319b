"""What is wrong with the form of a result whose values are right: shape, dtype or container."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.comparison.refusals import Refused
from foricheck.diagnosis.recurrences.models import Call, Model, predicted
from foricheck.oracle.rounding import ARITHMETICS, Arithmetic
from foricheck.targets.recurrence import RecurrenceSubject

__all__ = ["form"]


def form(rec: RecurrenceSubject, case: Batch) -> str:
    """How a result has the right values in the wrong form, as a sentence, or ``""``.

    Raises:
        Undecided: the target cannot be called so.
    """
    match case:
        case RecurrenceBatch():
            seed, x, T = int(case.seed[0]), case.x[0], int(case.T[0])
        case RecurrenceCase():
            seed, x, T = int(case.seed), case.x, int(case.T)
        case _:
            return ""
    try:
        got = rec.call(seed, x, len(x), T)
    except Refused:
        return ""
    due = predicted(Model(), Call(seed, x, T, x), rec.arithmetic)
    return "" if due is None else _of(got, x, due.value)


def _of(got: Any, x: Array, due: Array) -> str:
    right = f"{x.dtype}{list(x.shape)}"
    if isinstance(got, list | tuple):
        return _of_container(got, right, due)
    array = _numbers(got)
    if array is None or array.size != x.size or not _near(array.reshape(-1), due):
        return ""
    if array.shape != x.shape:
        more = "an axis too many" if array.ndim > x.ndim else "another shape"
        shapes = f"{list(array.shape)}, not {list(x.shape)}"
        return f"The values are right, but the result has {more}: its shape is {shapes}."
    if array.dtype != x.dtype:
        return f"The values are right, but the result is {array.dtype}, not {right}."
    return ""


def _of_container(got: list[Any] | tuple[Any, ...], right: str, due: Array) -> str:
    what = f"a {type(got).__name__} of {len(got)}"
    parts = [_numbers(part) for part in got]
    scalars = np.array([part for part in parts if part is not None and part.shape == ()])
    if len(scalars) == len(got) == len(due) and _near(scalars, due):
        return f"The result is {what} numbers, which are right, not an array {right}."
    for place, part in enumerate(parts):
        if part is not None and part.shape == due.shape and _near(part, due):
            return f"The result is {what}, not an array: what must come back is its part [{place}]."
    return ""


def _numbers(value: Any) -> Array | None:
    """A value as an array of NumPy, if it is one of numbers."""
    try:
        array = np.asarray(value)
    except Exception:  # a target may return anything, with an __array__ that raises anything
        return None
    if array.dtype.name == "bfloat16":
        return array.astype(np.float32)
    return array if array.dtype.kind in "fiu" else None


def _near(values: Array, due: Array) -> bool:
    """Whether values are right to the precision that they are given in."""
    arithmetic: Arithmetic = ARITHMETICS.get(values.dtype.name, ARITHMETICS["float32"])
    largest = float(np.max(np.abs(due), initial=1.0))
    near = 64 * max(arithmetic.unit_roundoff, 2.0**-24) * largest
    return bool(np.all(np.abs(values.astype(np.float64) - due) <= near))
