"""Arrays as JSON, bit for bit: a dtype, a shape and the bytes.

``{"dtype": "float32", "shape": [2], "hex": "0000c07f00000080"}`` is NaN and -0.0. The bytes are in
hexadecimal; elements are little-endian and in row-major order. NaN, signed zeros and 64-bit
integers round-trip exactly.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BOUNDS", "DTYPES", "decode", "encode"]

DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
)
"""The dtypes an array may have."""

BOUNDS = ("int32", "int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64")
"""The dtypes the bounds of a loop may have."""

_NO_HEX = "hex is not an even number of hexadecimal digits"


def encode(array: NDArray[Any] | np.generic) -> dict[str, Any]:
    """An array of one of `DTYPES`, as a JSON value."""
    little = array.astype(array.dtype.newbyteorder("<"))
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "hex": little.tobytes().hex(),
    }


def decode(value: Any) -> NDArray[Any]:
    """The array that `encode` turned into a JSON value.

    Raises:
        ValueError: the value is not an encoded array; the message says why.
    """
    dtype, shape = _type_of(value)
    try:
        data = bytes.fromhex(value["hex"])
    except (TypeError, ValueError):
        raise ValueError(_NO_HEX) from None
    if len(value["hex"]) != 2 * len(data):  # fromhex skips whitespace
        raise ValueError(_NO_HEX)
    size = dtype.itemsize * math.prod(shape)
    if len(data) != size:
        raise ValueError(f"hex has {len(data)} bytes, but {dtype.name}{shape} needs {size}")
    if dtype.kind == "b" and data.strip(b"\0\1"):
        raise ValueError("a bool must be the byte 00 or 01")
    flat = np.frombuffer(data, dtype.newbyteorder("<"))
    return flat.reshape(shape).astype(dtype)


def _type_of(value: Any) -> tuple[np.dtype[Any], list[int]]:
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "hex"}:
        raise ValueError("an array must be an object with dtype, shape and hex")
    if value["dtype"] not in DTYPES:
        raise ValueError(f"unknown dtype {value['dtype']!r}")
    shape = value["shape"]
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"invalid shape {shape!r}")
    return np.dtype(value["dtype"]), shape
