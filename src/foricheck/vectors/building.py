"""Build vectors concisely."""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch, PermutedBatch
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.programs.program import ROWS, WIDTH, Instruction, encode, recorder
from foricheck.vectors.vector import Vector

__all__ = ["MIXED", "ZEROS", "loop", "permuted", "recorded", "recurrence"]

ZEROS = np.zeros((ROWS, WIDTH), np.int32)

_SPREAD = np.arange(1, ROWS * WIDTH + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)

MIXED = _SPREAD.view(np.int32).reshape(ROWS, WIDTH)
"""Registers of distinct numbers of both signs and all magnitudes."""


def recorded(flags: str, comment: str, lower: int, upper: int, dtype: str = "int32") -> Vector:
    """A loop of the index recorder, starting from zeros."""
    return _loop(flags, comment, (lower, upper, dtype), recorder(), ZEROS)


def loop(
    flags: str,
    comment: str,
    bounds: tuple[int, int],
    *program: Instruction,
    carry: Array = MIXED,
    dtype: str = "int32",
    nested: bool = False,
) -> Vector:
    """A loop of a body program."""
    return _loop(flags, comment, (*bounds, dtype), encode(program), carry, nested=nested)


def permuted(
    flags: str,
    comment: str,
    bounds: tuple[int, int],
    permutation: tuple[int, ...],
    leaves: tuple[Array, ...],
    dtype: str = "int32",
) -> Vector:
    """A loop whose body permutes the leaves."""
    case = PermutedBatch(dtype, *bounds, permutation, leaves)
    return Vector(flags=tuple(flags.split()), comment=comment, case=case)


def recurrence(flags: str, comment: str, seed: int, x: Any, T: int) -> Vector:
    """A recurrence; ``x`` is a sequence of numbers, rounded to float32."""
    state = np.asarray(x, np.float32)[None]
    case = RecurrenceBatch(state.shape[1], np.array([seed]), state, np.array([T]))
    return Vector(flags=tuple(flags.split()), comment=comment, case=case)


def _loop(
    flags: str,
    comment: str,
    bounds: tuple[int, int, str],
    code: Array,
    carry: Array,
    *,
    nested: bool = False,
) -> Vector:
    lower, upper, dtype = bounds
    wide = np.uint64 if dtype == "uint64" else np.int64
    first, end = (np.array([each], wide) for each in (lower, upper))
    case = LoopBatch(dtype, first, end, code[None], carry[None])
    return Vector(flags=tuple(flags.split()), comment=comment, case=case, nested=nested)
