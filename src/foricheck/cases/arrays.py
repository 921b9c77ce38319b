"""Arrays as JSON, bit for bit: a dtype, a shape and the bytes.

``{"dtype": "float32", "shape": [2], "hex": "0000c07f00000080"}`` is NaN and -0.0. The bytes are in
hexadecimal; elements are little-endian and in row-major order. NaN, signed zeros and 64-bit
integers round-trip exactly.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, get_args

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from foricheck.documents.reading import convert

__all__ = ["BOUNDS", "DTYPES", "Bound", "Dtype", "Encoded", "decode", "encode"]

Bound = Literal["int32", "int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64"]
BOUNDS: tuple[Bound, ...] = get_args(Bound)
"""The dtypes the bounds of a loop may have."""

Dtype = (
    Literal["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
    | Literal["float16", "float32", "float64", "complex64", "complex128"]
)
DTYPES: tuple[str, ...] = tuple(name for part in get_args(Dtype) for name in get_args(part))
"""The dtypes an array may have."""


class Encoded(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An array, bit for bit."""

    dtype: Dtype
    shape: tuple[Annotated[int, Meta(ge=0)], ...]
    hex: Annotated[
        str,
        Meta(
            description="Two hexadecimal digits a byte, elements little-endian and in row-major "
            "order.",
            extra_json_schema={"pattern": "^([0-9a-f]{2})*$"},
        ),
    ]


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
    encoded = value if isinstance(value, Encoded) else convert(value, Encoded)
    dtype, shape = np.dtype(encoded.dtype), list(encoded.shape)
    try:
        data = bytes.fromhex(encoded.hex)
    except ValueError:
        raise ValueError(_NO_HEX) from None
    if len(encoded.hex) != 2 * len(data):  # fromhex skips whitespace
        raise ValueError(_NO_HEX)
    size = dtype.itemsize * math.prod(shape)
    if len(data) != size:
        raise ValueError(f"hex has {len(data)} bytes, but {dtype.name}{shape} needs {size}")
    if dtype.kind == "b" and data.strip(b"\0\1"):
        raise ValueError("a bool must be the byte 00 or 01")
    flat = np.frombuffer(data, dtype.newbyteorder("<"))
    return flat.reshape(shape).astype(dtype)
