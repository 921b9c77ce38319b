"""Arrays as JSON round-trip bit for bit, and invalid values raise a clear error."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from foricheck.cases.arrays import DTYPES, decode, encode

GOOD: dict[str, Any] = {"dtype": "int16", "shape": [2], "hex": "01000200"}


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_bit_pattern_survives(dtype: str) -> None:
    width = np.dtype(dtype).itemsize
    raw = np.random.default_rng(0).integers(0, 256, 6 * width, np.uint8)
    array = (raw % 2).view(dtype) if dtype == "bool" else raw.view(dtype)
    again = decode(json.loads(json.dumps(encode(array.reshape(2, 3)))))
    assert again.dtype == array.dtype
    assert again.shape == (2, 3)
    assert again.tobytes() == array.tobytes()


@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3)])
def test_scalars_and_empty_arrays_keep_their_shape(shape: tuple[int, ...]) -> None:
    assert decode(encode(np.zeros(shape, np.float32))).shape == shape


def test_bytes_are_little_endian() -> None:
    assert encode(np.array(0x0102, ">i2"))["hex"] == "0201"


def test_minus_zero_and_nan_are_these_bits() -> None:
    known = encode(np.array([np.nan, -0.0], np.float32))
    assert known == {"dtype": "float32", "shape": [2], "hex": "0000c07f00000080"}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (7, "expected 'object', got 'int'"),
        (GOOD | {"more": 1}, "object contains unknown field 'more'"),
        (GOOD | {"dtype": "int33"}, "dtype: invalid enum value 'int33'"),
        (GOOD | {"shape": [-1]}, r"shape\[0\]: expected 'int' >= 0"),
        (GOOD | {"shape": [True]}, r"shape\[0\]: expected 'int', got 'bool'"),
        (GOOD | {"hex": "010"}, "hex is not an even number of hexadecimal digits"),
        (GOOD | {"hex": "01 00 02 00"}, "hex is not an even number of hexadecimal digits"),
        (GOOD | {"dtype": "bool", "hex": "0102"}, "a bool must be the byte 00 or 01"),
        (GOOD | {"hex": 5}, "hex: expected 'str', got 'int'"),
        (GOOD | {"shape": [3]}, r"hex has 4 bytes, but int16\[3\] needs 6"),
    ],
)
def test_an_invalid_array_is_refused(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode(value)
