"""Cases that ask little of an implementation, so that what goes wrong is the harness's."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.programs.program import ROWS, WIDTH
from foricheck.targets.wire.cases import loop, of_case

__all__ = ["EXTREMES", "echoes", "final", "registers"]

EXTREMES = np.resize(
    np.array([0, 1, -1, 2**31 - 1, -(2**31), 255, 256, -256, 65536, 305419896], np.int64),
    (ROWS, WIDTH),
).astype(np.int32)
"""Registers with numbers that an exchange of bytes, or a float on the way, would change."""


def final(x: Array) -> dict[str, Any]:
    """A case of a recurrence of no trips."""
    return of_case(RecurrenceBatch(len(x), np.array([7]), x[None], np.array([0])))


def registers(seed: int) -> Array:
    """Registers that differ in every number, and from one seed to the next."""
    place = np.arange(1, ROWS * WIDTH + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
    mixed = place ^ np.uint32((seed + 1) * 0x85EBCA6B % 2**32)
    return np.asarray(mixed.view(np.int32)).reshape(ROWS, WIDTH)


def echoes(kinds: frozenset[str], count: int) -> tuple[list[dict[str, Any]], list[Array]]:
    """Cases of no trips, and the leaf that each returns.

    The body of a loop does nothing, so even a loop that runs it returns the carry. For a recurrence
    only the shape is certain, which differs from case to case.
    """
    if "loop" in kinds:
        leaves = [registers(n) for n in range(count)]
        return [loop({"registers": []}, [leaf]) for leaf in leaves], leaves
    leaves = [np.linspace(-1, 1, 1 + n % 7, dtype=np.float32) for n in range(count)]
    return [final(leaf) for leaf in leaves], leaves
