"""Carries whose leaves are only permuted, of every dtype, with values that a bad copy loses.

Leaves on one cycle have one dtype and shape; leaves of other types lie between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import PermutedBatch
from foricheck.strategies.limits import LoopLimits

__all__ = ["cycles", "leaves_of", "permuted", "simpler"]

_SWAP, _ROTATION = (1, 0, 2), (1, 2, 0)
_RANGES = ((0, 1), (0, 0), (0, 2), (0, 3), (0, 7), (-3, 2), (2**31 - 4, 2**31 - 1))
_NARROW = ("int8", 124, 127)
_WIDE = ("int64", 2**40, 2**40 + 3)
_DECIMALS = (float("nan"), -0.0, float("inf"), -float("inf"), 0.1)


def permuted(loop: LoopLimits) -> Iterator[PermutedBatch]:
    """A few leaves first, then one carry with leaves of every dtype, for several ranges.

    The permutations that combine a swap and a rotation have order 6.
    """
    numbers = leaves_of("float32")
    yield PermutedBatch("int32", 0, 1, _SWAP[:2], numbers[:2])
    yield PermutedBatch("int32", 0, 3, _SWAP, numbers)
    yield PermutedBatch("int32", 0, 7, _beside(_SWAP[:2], _ROTATION), (*numbers[:2], *numbers))
    permutation, leaves = _of_every_type(loop)
    ranges = [("int32", *each) for each in _RANGES]
    ranges += [each for each in (_NARROW, _WIDE) if each[0] in loop.dtypes]
    for dtype, lower, upper in ranges:
        yield PermutedBatch(dtype, lower, upper, permutation, leaves)


def simpler(case: PermutedBatch) -> Iterator[PermutedBatch]:
    """The same loop with fewer of the permutation's cycles: one, half of them, all but one."""
    found = cycles(case.permutation)
    if len(found) == 1:
        return
    half = len(found) // 2
    for kept in (*([cycle] for cycle in found), found[:half], found[half:]):
        yield _of_cycles(case, kept)
    for without in range(len(found)):
        yield _of_cycles(case, found[:without] + found[without + 1 :])


def cycles(permutation: Sequence[int]) -> list[list[int]]:
    """The cycles of a permutation, ordered by their smallest index."""
    found: list[list[int]] = []
    for start in range(len(permutation)):
        if any(start in cycle for cycle in found):
            continue
        cycle = [start]
        while (index := permutation[cycle[-1]]) != start:
            cycle.append(index)
        found.append(cycle)
    return found


def leaves_of(dtype: str) -> tuple[Array, Array, Array]:
    """Three leaves of one dtype and shape that differ in every element."""
    values = _values(np.dtype(dtype))
    first, second, third = (np.roll(values, shift) for shift in range(3))
    return first, second, third


def _of_every_type(loop: LoopLimits) -> tuple[tuple[int, ...], tuple[Array, ...]]:
    """Three leaves of each type, permuted alternately by a swap and a rotation.

    The first leaves of all types precede all second leaves.
    """
    types = [*map(leaves_of, loop.leaf_dtypes), _scalars(), _empty()]
    cycled = [(_SWAP, _ROTATION)[number % 2] for number in range(len(types))]
    indices = [[each[nth] * len(types) + n for n, each in enumerate(cycled)] for nth in range(3)]
    leaves = chain.from_iterable(zip(*types, strict=True))
    return tuple(chain.from_iterable(indices)), tuple(leaves)


def _scalars() -> tuple[Array, ...]:
    return tuple(np.array(value, np.float32) for value in (-0.0, np.nan, 0.0))


def _empty() -> tuple[Array, ...]:
    return tuple(np.zeros((0, 2), np.float32) for _ in range(3))


def _values(dtype: np.dtype[Any]) -> Array:
    """Values that an inexact copy loses: extremes, NaN, signs of zeros, subnormals, low bits."""
    match dtype.kind:
        case "b":
            return np.equal(np.arange(11) % 3, 1)  # eleven bits are not a whole number of bytes
        case "i" | "u":
            about = np.iinfo(dtype)
            return np.array([about.min, about.max, about.max - 2, 0, 1], dtype)
        case "f":
            of = np.finfo(dtype)
            edges = (of.smallest_subnormal, of.smallest_normal, of.max, of.min)
            return np.array([*_DECIMALS, *edges], dtype)
        case _:
            pairs = np.array([complex(-0.0, np.nan), complex(0.1, -0.0), complex(-np.inf, 1)])
            return pairs.astype(dtype)


def _of_cycles(case: PermutedBatch, kept: list[list[int]]) -> PermutedBatch:
    """The case restricted to the leaves on the given cycles."""
    indices = sorted(chain.from_iterable(kept))
    permutation = tuple(indices.index(case.permutation[index]) for index in indices)
    leaves = tuple(case.leaves[index] for index in indices)
    return replace(case, permutation=permutation, leaves=leaves)


def _beside(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """The permutation that applies ``one`` to the first leaves and ``other`` to the rest."""
    return (*one, *(index + len(one) for index in other))
