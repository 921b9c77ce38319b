"""Emit values as expressions that evaluate to the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import StructuredBatch
from foricheck.cases.variants import Variant

__all__ = ["bound", "registers", "unroll", "vector"]


def bound(variant: Variant, dtype: str, value: int) -> str:
    """A bound: a plain integer if it is a static int32."""
    return str(value) if variant.bounds == "static" and dtype == "int32" else f"np.{dtype}({value})"


def registers(carry: Array) -> str:
    """The registers of a body program."""
    if not carry.any():
        return f"xp.zeros({carry.shape}, xp.int32)"
    return f"xp.array({carry.tolist()}, xp.int32)"


def unroll(cases: StructuredBatch) -> str:
    """The argument ``unroll``, or ``""`` without one."""
    return "" if cases.unroll is None else f", unroll={cases.unroll}"


def vector(row: Array) -> str:
    """A vector as an expression that evaluates to the same bits."""
    dtype = f"np.{row.dtype}"
    size, nonzero = len(row), np.flatnonzero(row)
    if size > 3 and (row == row[0]).all() and not np.signbit(row).any():
        return f"np.full({size}, {_number(row[0])}, {dtype})"
    if size > 3 and len(nonzero) == 1 and not np.signbit(row).any():
        return f"{_number(row[nonzero[0]])} * np.eye({size}, dtype={dtype})[{nonzero[0]}]"
    return f"np.array([{', '.join(map(_number, row))}], {dtype})"


def _number(value: Any) -> str:
    """A number of NumPy as text; what is not finite has a name there."""
    return str(value) if np.isfinite(value) else f"{'-' if value < 0 else ''}np.{abs(value)}"
