"""The instructions that move, gather and add up the elements of a leaf."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.oracle.cases.constants import matrix, turning
from foricheck.oracle.cases.jets import Jet, constant
from foricheck.oracle.cases.values import is_float, is_integer, kept_in

__all__ = ["axes_turned", "broadcast", "gathered", "multiplied", "summed", "turned", "windowed"]
__all__ += ["wrapped"]


def gathered(x: Jet, j: int) -> Jet:
    """One element put to the place of another."""
    n = x.shape[0] if x.rank else 0
    return x.replaced([j % n], x.at([(j + 1) % n])) if n and x.dtype != "key" else x


def windowed(x: Jet, j: int) -> Jet:
    """A window from j % 8, put to the start."""
    if not x.rank or x.shape[0] < 2 or x.dtype == "key":
        return x
    start = min(j % 8, x.shape[0] - 2)
    return x.replaced([0, 1], x.at([start, start + 1]))


def axes_turned(term: Any, rank: int) -> Any:
    """A term with its last axes in the opposite order."""
    leading = range(term.ndim - rank)
    return np.transpose(term, (*leading, *range(term.ndim - 1, term.ndim - rank - 1, -1)))


def turned(x: Jet) -> Jet:
    """Times a matrix that permutes and signs the last axis."""
    if not is_float(x.dtype) or not x.rank or not x.value.size:
        return x
    return x.linear(lambda term: term @ turning(x.shape[-1]).astype(term.dtype))


def multiplied(x: Jet) -> Jet:
    """Plus the product with a constant matrix."""
    if not is_integer(x.dtype) or not x.rank or not x.value.size:
        return x
    product = x.value.astype(np.int64) @ matrix(x.shape[-1])
    return constant(wrapped(x.value.astype(np.int64) + product, x.dtype), x.dtype)


def summed(x: Jet) -> Jet:
    """Plus the sum of all elements."""
    return x.plus(x.total()) if is_integer(x.dtype) and x.value.size else x


def broadcast(x: Jet) -> Jet:
    """The first row everywhere."""
    return x.at(np.zeros(x.shape[0], int)) if x.rank and x.value.size and x.dtype != "key" else x


def wrapped(values: Any, dtype: str) -> Any:
    """Integers, wrapped to the bits of a dtype."""
    bits = 4 if dtype.endswith("int4") else kept_in(dtype).itemsize * 8
    low = 0 if dtype.startswith("u") else -(2 ** (bits - 1))
    return np.asarray((values - low) % 2**bits + low).astype(kept_in(dtype))
