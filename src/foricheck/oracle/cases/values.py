"""The leaves of an initial carry as NumPy arrays, from their description.

A dtype that NumPy lacks is kept in a wider one: bfloat16 and the 8-bit floats in float32, 4-bit
integers in 8 bits, and a key as its two words of uint32.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from foricheck.cases.loop_case import Leaf


__all__ = ["VALUES", "closure", "is_float", "is_integer", "kept_in", "leaf_values", "rounded"]

Array = NDArray[Any]

VALUES = (
    *("small", "negative", "infinite", "nan", "negative zero", "highest", "lowest", "subnormal"),
    "zero",
)
"""What a leaf starts with."""

_WIDER = {"bfloat16": "float32", "int4": "int8", "uint4": "uint8", "key": "uint32"}
_LARGEST = {"bfloat16": 3.3895313892515355e38}
_SMALLEST = {"bfloat16": 2.0**-133}
_FOUR_BITS = {"int4": (-8, 7), "uint4": (0, 15)}

CLOSURE = (-1.0, 2.0, 0.5)
"""The array that a body closes over; products with it are exact."""


@cache
def kept_in(dtype: str) -> np.dtype[Any]:
    """The dtype of NumPy that holds the values of a dtype."""
    return np.dtype(_WIDER.get(dtype, dtype))


@cache
def is_float(dtype: str) -> bool:
    """Whether derivatives flow through a leaf of this dtype."""
    return kept_in(dtype).kind in "fc"


@cache
def is_integer(dtype: str) -> bool:
    """Whether a leaf of this dtype counts."""
    return dtype != "key" and kept_in(dtype).kind in "iu"


def leaf_values(leaf: Leaf, place: int, salt: int = 0) -> Array:
    """The values of a leaf: of its shape, a key with its two words last.

    Args:
        leaf: its description.
        place: which leaf of the carry it is.
        salt: another one gives other values, for the lanes of vmap and other calls.
    """
    shape = (*leaf.shape, 2) if leaf.dtype == "key" else leaf.shape
    base = _pattern(shape, place, salt)
    dtype = kept_in(leaf.dtype)
    if leaf.dtype == "key":
        return np.asarray((base.astype(np.uint32) + 9) * np.uint32(2654435761), np.uint32)
    made = np.array(base % 2 == 0 if dtype.kind == "b" else _numbers(base, leaf.dtype))
    if leaf.values == "zero":
        return np.zeros_like(made, dtype)
    special = _special(leaf.dtype, leaf.values)
    if special is not None and made.size:
        flat = made.reshape(-1)
        flat[::2] = special
        if leaf.values != "negative":
            flat[2::4] = rounded(np.negative(flat[2::4]), leaf.dtype)
    return made.astype(dtype)


def closure(dtype: str, salt: int = 0) -> Array:
    """The three numbers that a body closes over."""
    return rounded(np.roll(np.array(CLOSURE), salt), dtype)


def rounded(values: Array, dtype: str) -> Array:
    """Values as a dtype rounds them, kept in the dtype that holds it; integers wrap."""
    if dtype == "bfloat16":
        return _to_bfloat16(np.asarray(values, np.float32))
    if dtype in _FOUR_BITS:
        low, high = _FOUR_BITS[dtype]
        wrapped = (np.asarray(values, np.int64) - low) % (high - low + 1) + low
        return np.asarray(wrapped, kept_in(dtype))
    return np.asarray(values, kept_in(dtype))


def _to_bfloat16(values: Array) -> Array:
    bits = np.ascontiguousarray(values).view(np.uint32).reshape(values.shape)
    even = (bits >> np.uint32(16)) & np.uint32(1)
    up = (bits + np.uint32(0x7FFF) + even) & np.uint32(0xFFFF0000)
    kept = np.where(np.isnan(values), np.uint32(0x7FC00000), up).astype(np.uint32)
    return kept.view(np.float32).reshape(values.shape)


def _pattern(shape: tuple[int, ...], place: int, salt: int) -> Array:
    size = int(np.prod(shape, dtype=np.int64))
    return ((np.arange(size) * 5 + place * 7 + salt * 3 + 2) % 17 - 8).reshape(shape)


def _numbers(base: Array, dtype: str) -> Array:
    kind = kept_in(dtype).kind
    if kind == "f":
        return base / 2.0
    if kind == "c":
        return base / 2.0 + 0.5j * (base % 5)
    return rounded(base, dtype)


def _special(dtype: str, values: str) -> Any:
    kind = kept_in(dtype).kind
    if kind in "iu" and dtype != "key":
        return _special_integer(dtype, values)
    if kind not in "fc" or values == "small":
        return None
    info = np.finfo(kept_in(dtype))
    return {
        "negative": -1.5,
        "infinite": np.inf,
        "nan": np.nan,
        "negative zero": -0.0,
        "highest": _LARGEST.get(dtype, float(info.max)),
        "lowest": -_LARGEST.get(dtype, float(info.max)),
        "subnormal": _SMALLEST.get(dtype, float(info.smallest_subnormal)),
    }[values]


def _special_integer(dtype: str, values: str) -> Any:
    info = np.iinfo(kept_in(dtype))
    low, high = _FOUR_BITS.get(dtype, (int(info.min), int(info.max)))
    number = {"negative": -3 if low else high - 2, "highest": high, "lowest": low}.get(values)
    return None if number is None else np.array(number, kept_in(dtype))
