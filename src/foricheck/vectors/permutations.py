"""Vectors about permuted leaves of every dtype, with values that a careless copy loses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from foricheck.cases.arrays import DTYPES
from foricheck.cases.batch import Array
from foricheck.strategies.carry.permuted import leaves_of
from foricheck.vectors.building import permuted
from foricheck.vectors.vector import Topic, Vector

__all__ = ["TOPICS"]

_SWAP, _TURN, _BACK = (1, 0), (1, 2, 0), (2, 0, 1)
_SWAP_AND_TURN = (1, 0, 3, 4, 2)
_OF_KIND = {"b": "Boolean", "f": "NaN NegativeZero Infinity Subnormal", "c": "Complex"}
_OF_DTYPE = {"int64": "WideInteger", "uint64": "WideInteger", "float16": "HalfPrecision"}


def _of(values: list[Any], dtype: str = "int32") -> tuple[Array, ...]:
    """One leaf per value; a number becomes a leaf of one element."""
    return tuple(np.atleast_1d(np.array(value, dtype)) for value in values)


_THREE = _of([[1, 2], [10, 20], [100, 200]])
_FIVE = _of([1, 2, 3, 4, 5])


def _moves() -> Iterator[Vector]:
    yield permuted("Moves OneTrip", "two leaves swap", (0, 1), _SWAP, _THREE[:2])
    yield permuted("Moves PowerOfMoves", "and swap back", (0, 2), _SWAP, _THREE[:2])
    for trips in (0, 1, 2, 3, 7):
        yield permuted(
            "Moves PowerOfMoves", f"a turn of three, {trips} trips", (0, trips), _TURN, _THREE
        )
    yield permuted("Moves PowerOfMoves", "the other way round", (0, 2), _BACK, _THREE)
    for trips in (3, 6, 7):
        comment = f"a swap beside a turn, {trips} trips"
        yield permuted("PowerOfMoves", comment, (0, trips), _SWAP_AND_TURN, _FIVE)
    yield permuted(
        "PowerOfMoves LongLoop", "a million trips and three", (0, 1_000_003), _SWAP_AND_TURN, _FIVE
    )
    yield permuted(
        "PowerOfMoves NegativeBounds", "five trips across zero", (-3, 2), _SWAP_AND_TURN, _FIVE
    )
    yield permuted("PowerOfMoves Reversed", "no trips", (2, -3), _SWAP_AND_TURN, _FIVE)
    bounds = (2**40, 2**40 + 3)
    yield permuted("PowerOfMoves WideBound", "far up", bounds, _SWAP_AND_TURN, _FIVE, dtype="int64")
    yield permuted("LeafAtRest", "one of three rests", (0, 3), (1, 0, 2), _THREE)
    yield permuted("LeafAtRest", "the one in the middle", (0, 1), (2, 1, 0), _THREE)
    yield permuted("LeafAtRest Identity", "all rest", (0, 4), (0, 1, 2), _THREE)
    many = _of(list(range(70)))
    yield permuted("Moves PowerOfMoves", "seventy leaves", (0, 3), (*range(1, 70), 0), many)


def _dtypes() -> Iterator[Vector]:
    """Three leaves of each dtype, with its extreme values."""
    for dtype in DTYPES:
        leaves = leaves_of(dtype)
        kind = _OF_KIND.get(np.dtype(dtype).kind, "")
        flags = f"Moves {kind} {_OF_DTYPE.get(dtype, '')}"
        yield permuted(flags, f"{dtype}, one trip", (0, 1), _TURN, leaves)
        yield permuted(f"LeafAtRest {flags}", f"{dtype}, three trips", (0, 3), (1, 0, 2), leaves)


def _shapes() -> Iterator[Vector]:
    scalars = tuple(np.array(value, np.float32) for value in (-0.0, np.nan, 0.0))
    yield permuted("Scalar NaN NegativeZero", "scalars", (0, 1), _TURN, scalars)
    empty = tuple(np.zeros((0, 2), np.float32) for _ in range(2))
    yield permuted("NoElements", "leaves without elements", (0, 3), _SWAP, empty)
    beside = (empty[0], *_THREE[:2])
    comment = "one beside leaves that swap"
    yield permuted("NoElements LeafAtRest", comment, (0, 3), (0, 2, 1), beside)
    grids = tuple(np.arange(6, dtype=np.int16).reshape(2, 3) * factor for factor in (1, 100))
    yield permuted("Moves", "leaves of two dimensions", (0, 1), _SWAP, grids)
    yield permuted("NoLeaves", "nothing to move", (0, 3), (), ())
    yield permuted("NoLeaves Empty", "nothing to move, no trips", (3, 3), (), ())
    yield permuted("LeafAtRest", "one leaf", (0, 3), (0,), _THREE[:1])


def _mixed() -> Iterator[Vector]:
    """Leaves of several types; leaves of one type are far apart."""
    whole, halves, wide = _of([1, 2]), leaves_of("float32"), leaves_of("int64")
    leaves = (whole[0], halves[0], wide[0], whole[1], halves[1], wide[1])
    for trips in (1, 2, 5):
        comment = f"three pairs, {trips} trips"
        yield permuted("SeveralTypes WideInteger", comment, (0, trips), (3, 4, 5, 0, 1, 2), leaves)
    two = (np.array([2**24 + 1, 2**31 - 1], np.int32), np.array([0.5, 0.25], np.float32))
    four = (*two, two[0] - 1, two[1] * 3)
    yield permuted("SeveralTypes", "integers beyond 24 bits", (0, 1), (2, 3, 0, 1), four)
    lengths = (*_of([1, [2, 3], 4]), np.array([5, 6], np.int32))
    yield permuted("SeveralTypes", "one dtype, two lengths", (0, 3), (2, 3, 0, 1), lengths)
    yield permuted("SeveralTypes Reversed", "no trips", (1, 0), (2, 3, 0, 1), four)


TOPICS: dict[str, Topic] = {
    "move": _moves,
    "dtype": _dtypes,
    "shape": _shapes,
    "mixed": _mixed,
}
