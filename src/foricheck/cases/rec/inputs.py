"""What x holds: values by name, exact in float32, and finite ones with every digit in use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foricheck.cases.batch import Array

__all__ = ["FINITE", "SPECIAL", "VALUES", "inputs", "noise"]


def noise(hidden: int, salt: int = 0) -> Array:
    """Numbers from −1 to 1 with 24 bits, float64 of shape ``(hidden,)``; no two alike in a row."""
    place = np.arange(1, hidden + 1, dtype=np.uint32) + np.uint32(salt * 7919)
    mixed = place * np.uint32(0x9E3779B1)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    return (mixed >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def _at(places: dict[int, float]) -> Callable[[int], Array]:
    """Noise, with these values at these places, modulo the length."""

    def values(hidden: int) -> Array:
        x = noise(hidden)
        for place, value in places.items():
            x[place % hidden] = value
        return x

    return values


def _one_hot(place: int) -> Callable[[int], Array]:
    return lambda hidden: np.where(np.arange(hidden) == place % hidden, 0.5, 0.0)


FINITE: dict[str, Callable[[int], Array]] = {
    "noise": noise,
    "zeros": np.zeros,
    "negative zeros": lambda hidden: np.full(hidden, -0.0),
    "ones": np.ones,
    "first unit": _one_hot(0),
    "last unit": _one_hot(-1),
    "saturating": lambda hidden: noise(hidden) * 20,
    "tiny": lambda hidden: noise(hidden) * 2.0**-60,
    "whole": lambda hidden: np.arange(hidden) % 3 - 1.0,
    "huge": lambda hidden: noise(hidden) * 2.0**100,
}
"""Finite values, normal or zero."""

SPECIAL: dict[str, Callable[[int], Array]] = {
    "NaN": _at({-1: np.nan}),
    "infinity": _at({0: np.inf}),
    "negative infinity": _at({1: -np.inf}),
    "two infinities": _at({0: np.inf, 1: np.inf}),
    "both infinities": _at({0: np.inf, -1: -np.inf}),
    "all infinite": lambda hidden: np.full(hidden, np.inf),
    "infinity and NaN": _at({0: np.inf, -1: np.nan}),
    "subnormal": lambda hidden: noise(hidden) * 2.0**-130,
}
"""Values that spread, and those below the smallest normal number of float32."""

VALUES = FINITE | SPECIAL
"""What x may hold, by name."""


def inputs(values: str, hidden: int, dtype: str) -> Array:
    """The x of a name, of shape ``(hidden,)``; in float64 with more digits where it is finite.

    Raises:
        KeyError: no values have this name.
    """
    x = VALUES[values](hidden)
    narrow = x.astype(np.float32)
    if dtype == "float64" and values in FINITE and values != "whole":
        return narrow.astype(np.float64) * (1 + noise(hidden, 1) * 2.0**-30)
    return narrow.astype(dtype)
