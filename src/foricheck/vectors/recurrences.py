"""Vectors about recurrences: no trips, one step, seeds, inputs, and long runs with sharp bounds.

Except for the flag WideSeed, seeds have at most 32 bits: with x64 on, JAX draws other weights for
wider ones. Inputs are float32.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foricheck.cases.batch import Array
from foricheck.vectors.building import recurrence
from foricheck.vectors.vector import Topic, Vector

__all__ = ["TOPICS"]

_X = (0.5, -0.25, 1.0)
_SMALLEST = float(np.finfo(np.float32).smallest_subnormal)
_GREATEST = float(np.finfo(np.float32).max)


def _eighths(hidden: int) -> Array:
    """Inputs of both signs, each exact in float32."""
    return (np.arange(hidden) * 5 % 17 - 8) / 8


def _none() -> Iterator[Vector]:
    yield recurrence("NoTrips", "x comes back", 7, _X, 0)
    yield recurrence("NoTrips", "hidden = 1", 0, [0.5], 0)
    yield recurrence("NoTrips", "hidden = 64", 1, _eighths(64), 0)
    special = [-0.0, np.nan, np.inf, -np.inf, _SMALLEST, _GREATEST, 0.0]
    yield recurrence("NoTrips ExactInput", "every special value", 7, special, 0)
    yield recurrence("NoTrips Saturation", "numbers beyond 1", 7, [3.0, -40.0, 1e30], 0)
    for T in (-1, -2, -100, -(2**31), -(2**32) + 3, -(2**63)):
        yield recurrence("NegativeTrips", f"T = {T}", 7, _X, T)
    yield recurrence("NegativeTrips ExactInput", "every special value", 7, special, -3)


def _steps() -> Iterator[Vector]:
    yield recurrence("OneStep", "hidden = 1", 0, [0.5], 1)
    yield recurrence("OneStep", "hidden = 2", 0, [0.5, -0.25], 1)
    for T in (1, 2, 3, 4, 5, 8, 16):
        flags = "OneStep" if T == 1 else "Trips"
        yield recurrence(flags, f"T = {T}", 7, _X, T)
    for T in (1, 2, 3):
        flags = "OneStep" if T == 1 else "Trips"
        yield recurrence(flags, f"hidden = 8, T = {T}", 12345, _eighths(8), T)


def _rows() -> Iterator[Vector]:
    for hidden in (3, 8):
        for row in range(hidden):
            x = np.eye(hidden)[row]
            yield recurrence("WeightRow OneStep", f"row {row} of {hidden}", 7, x, 1)


def _seeds() -> Iterator[Vector]:
    for seed in (0, 1, 2, 12345, 2**16 - 1, 2**16, 2**24 + 1, 2**31 - 1):
        yield recurrence("Seed", f"seed {seed}", seed, _X, 1)
    for seed in (2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1):
        yield recurrence("Seed HighSeed", f"seed {seed}", seed, _X, 1)
    for seed in (-1, -2, -5, -12345, -(2**31)):
        yield recurrence("Seed NegativeSeed", f"seed {seed}", seed, _X, 1)
    for seed in (2**32, 2**32 + 5, 2**40 + 3, -(2**32) - 7):
        yield recurrence("Seed WideSeed", f"seed {seed}", seed, _X, 1)


def _hidden() -> Iterator[Vector]:
    for hidden in (1, 2, 4, 5, 7, 8, 9, 16, 17, 31, 32, 33, 63, 64):
        yield recurrence("Hidden", f"hidden = {hidden}", 3, _eighths(hidden), 1)
    for hidden in (5, 16, 33, 64):
        comment = f"hidden = {hidden}, two steps"
        yield recurrence("Hidden Trips", comment, 2**31 + 1, _eighths(hidden) / 4, 2)


def _inputs() -> Iterator[Vector]:
    for T in (1, 5):
        yield recurrence("Zeros", f"zeros, T = {T}", 7, [0.0, 0.0, 0.0], T)
    yield recurrence("Zeros", "one component is not zero", 7, [0.0, 0.0, 0.75, 0.0], 3)
    yield recurrence("Saturation", "beyond 9, where tanh is 1", 7, [12.0, -30.0, 9.5], 2)
    yield recurrence("Saturation", "where tanh begins to be flat", 7, [4.0, -5.0, 8.0], 3)
    yield recurrence("Saturation", "1e30", 7, [1e30, -1e30, 1.0], 1)
    yield recurrence("Tiny", "1e-6", 7, [1e-6, -3e-6, 2e-6], 3)
    yield recurrence("Tiny", "1e-20", 7, [1e-20, -3e-20, 2e-20], 2)
    yield recurrence("Tiny", "around the switch of a series", 7, [4e-4, -2e-2, 0.1], 1)
    for sign in (1, -1):
        x = sign * _eighths(6)
        yield recurrence("OddSymmetry", "x" if sign > 0 else "its negative", 99, x, 4)


def _long() -> Iterator[Vector]:
    for hidden, T in ((1, 100), (2, 255), (3, 256), (4, 257), (8, 100), (3, 1000), (5, 4099)):
        x = _eighths(hidden) if hidden > 1 else np.array([0.375])
        yield recurrence("LongRun Trips", f"hidden = {hidden}, T = {T}", 2021, x, T)
    yield recurrence("LongRun", "ten thousand steps and seven", 7, _X, 10_007)
    yield recurrence("LongRun", "hidden = 16", 11, _eighths(16), 40)
    yield recurrence("LongRun", "hidden = 32", 11, _eighths(32), 8)
    yield recurrence("LongRun", "hidden = 64", 11, _eighths(64), 4)


TOPICS: dict[str, Topic] = {
    "none": _none,
    "step": _steps,
    "row": _rows,
    "seed": _seeds,
    "hidden": _hidden,
    "input": _inputs,
    "long": _long,
}
