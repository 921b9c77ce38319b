"""Cases that ask little of an implementation, so that what goes wrong is the harness's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from foricheck.cases import Array
from foricheck.exact import encode
from foricheck.programs.program import ROWS, WIDTH

__all__ = ["EXTREMES", "echoes", "final", "loop", "registers", "text"]

EXTREMES = np.resize(
    np.array([0, 1, -1, 2**31 - 1, -(2**31), 255, 256, -256, 65536, 305419896], np.int64),
    (ROWS, WIDTH),
).astype(np.int32)
"""Registers with numbers that an exchange of bytes, or a float on the way, would change."""


def text(case: Any) -> str:
    """The case as it goes into a message."""
    return json.dumps(case, separators=(",", ":"))


def loop(
    body: Any, carry: Sequence[Array], *, lower: int = 0, upper: int = 0, dtype: str = "int32"
) -> dict[str, Any]:
    """A case of a loop."""
    bound = np.dtype(dtype).type
    bounds = {"lower": encode(bound(lower)), "upper": encode(bound(upper))}
    return {"kind": "loop", **bounds, "body": body, "carry": [encode(leaf) for leaf in carry]}


def final(x: Array, *, T: int = 0) -> dict[str, Any]:
    """A case of a recurrence."""
    numbers = {"seed": encode(np.int64(7)), "T": encode(np.int64(T))}
    return {"kind": "recurrence", "x": encode(x), "hidden": len(x), **numbers}


def registers(seed: int) -> Array:
    """Registers that differ in every number, and from one seed to the next."""
    place = np.arange(1, ROWS * WIDTH + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
    mixed = place ^ np.uint32((seed + 1) * 0x85EBCA6B % 2**32)
    return np.asarray(mixed.view(np.int32)).reshape(ROWS, WIDTH)


def echoes(kinds: frozenset[str], count: int) -> tuple[list[dict[str, Any]], list[Array]]:
    """Cases of no trips, and of each the leaf that comes back.

    The body of a loop does nothing, so that even a loop that runs it gives the carry back. Of a
    recurrence only the shape can be relied on, which differs from case to case.
    """
    if "loop" in kinds:
        leaves = [registers(n) for n in range(count)]
        return [loop({"registers": []}, [leaf]) for leaf in leaves], leaves
    leaves = [np.linspace(-1, 1, 1 + n % 7, dtype=np.float32) for n in range(count)]
    return [final(leaf) for leaf in leaves], leaves
