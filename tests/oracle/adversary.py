"""Simulated arithmetic: implementations as inaccurate as the stated parameters allow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from foricheck.oracle.rounding import Arithmetic


@dataclass(frozen=True)
class Adversary:
    """An arithmetic with random summation order, fusion, flushing, and errors in tanh and W."""

    arithmetic: Arithmetic
    random: np.random.Generator

    def nearest(self, values: np.ndarray, *, roundoff: float | None = None) -> np.ndarray:
        """Round to the nearest number of the format, or to a given roundoff; flush to zero."""
        bits = -math.log2(roundoff or self.arithmetic.unit_roundoff)
        mantissa, exponent = np.frexp(values)
        rounded = np.ldexp(np.rint(np.ldexp(mantissa, int(bits))), exponent - int(bits))
        return np.where(np.abs(rounded) < self.arithmetic.smallest_normal, 0.0, rounded)

    def weights(self, exact: np.ndarray) -> np.ndarray:
        """Weights in the format, with nearly the largest allowed error."""
        room = max(self.arithmetic.weights - self.arithmetic.unit_roundoff * (1 + 2.0**-20), 0.0)
        return self.nearest(exact * (1 + room * self._signs(exact.shape)))

    def matmul(self, row: np.ndarray, matrix: np.ndarray, *, bias: np.ndarray) -> np.ndarray:
        """``row @ matrix + bias``, summed by a random tree, with each product fused or not."""
        row, matrix = self._as_factor(row), self._as_factor(matrix)
        products = row[:, None] * matrix
        terms = [each if self.random.random() < 0.5 else self.nearest(each) for each in products]
        terms.append(bias)
        while len(terms) > 1:
            first, second = (terms.pop(self.random.integers(len(terms))) for _ in range(2))
            if self._both_unrounded(first, second):
                first = self.nearest(first)
            terms.append(self.nearest(first + second))
        return self.nearest(terms[0])

    def tanh(self, y: np.ndarray) -> np.ndarray:
        """A tanh with nearly the largest allowed error."""
        room = (self.arithmetic.tanh - 1) * self.arithmetic.unit_roundoff
        return self.nearest(np.tanh(y) * (1 + room * self._signs(y.shape)))

    def step(self, state: np.ndarray, matrix: np.ndarray, x: np.ndarray) -> np.ndarray:
        return self.tanh(self.matmul(state, matrix, bias=x))

    def _as_factor(self, values: np.ndarray) -> np.ndarray:
        input_roundoff = self.arithmetic.input_roundoff
        return self.nearest(values, roundoff=input_roundoff) if input_roundoff else values

    def _both_unrounded(self, first: np.ndarray, second: np.ndarray) -> bool:
        return not any(np.array_equal(each, self.nearest(each)) for each in (first, second))

    def _signs(self, shape: tuple[int, ...]) -> np.ndarray:
        return self.random.choice([-1.0, 0.0, 1.0], shape)
