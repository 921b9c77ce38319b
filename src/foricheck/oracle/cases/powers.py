"""Long loops of integers by repeated squaring: an affine step is a matrix, and steps multiply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foricheck.oracle.cases.jets import Jet, constant
from foricheck.oracle.cases.values import is_integer, kept_in

if TYPE_CHECKING:
    from foricheck.cases.loop_case import LoopCase

__all__ = ["is_affine", "jumped"]

Matrix = list[list[int]]


def is_affine(case: LoopCase) -> bool:
    """Whether a body is affine steps of integers and nothing else."""
    plain = not case.body.effects and not case.body.moves
    steps = all(step.op == "affine" and step.leaf < 0 for step in case.body.steps)
    return plain and steps and all(is_integer(leaf.dtype) for leaf in case.carry.leaves)


def jumped(leaf: Jet, lower: int, upper: int, constant_: int) -> Jet:
    """The leaf after an affine step, 3x + i + m, at each index from lower to upper."""
    bits = kept_in(leaf.dtype).itemsize * 8
    step = [[3, 1, constant_], [0, 1, 1], [0, 0, 1]]
    power = _power(step, upper - lower, 2**bits)
    a, b, c = power[0]
    low = 0 if leaf.dtype.startswith("u") else -(2 ** (bits - 1))
    values: Any = leaf.value.astype(object) * a + b * lower + c
    return constant(
        np.asarray((values - low) % 2**bits + low).astype(kept_in(leaf.dtype)), leaf.dtype
    )


def _power(matrix: Matrix, exponent: int, modulus: int) -> Matrix:
    made = [[int(row == column) for column in range(3)] for row in range(3)]
    while exponent:
        if exponent & 1:
            made = _product(matrix, made, modulus)
        matrix = _product(matrix, matrix, modulus)
        exponent >>= 1
    return made


def _product(one: Matrix, two: Matrix, modulus: int) -> Matrix:
    columns = list(zip(*two, strict=True))
    return [
        [sum(a * b for a, b in zip(row, col, strict=True)) % modulus for col in columns]
        for row in one
    ]
