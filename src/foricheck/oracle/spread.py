"""How NaN and infinities in x spread, by the arithmetic of the recurrence.

A product or a sum with NaN is NaN, infinities of both signs add up to NaN, and tanh of an infinity
is ±1; no rounding enters, so that the classes are exact. Where a weight is zero, nothing is said.
"""

from __future__ import annotations

import numpy as np

from foricheck.oracle.bounds import Enclosure, advance
from foricheck.oracle.normal import Doubles
from foricheck.oracle.rounding import FLOAT32, Arithmetic

__all__ = ["spread"]


def spread(
    weights: Doubles, x: Doubles, trips: int, *, arithmetic: Arithmetic = FLOAT32
) -> Enclosure:
    """The state after ``trips`` steps from an x that need not be finite, shape ``(H,)``.

    Where the value is NaN, so must the result be; where it comes of an infinity, it is exact.
    """
    state = Enclosure(np.asarray(x, np.float64), np.zeros(np.shape(x)))
    for _ in range(trips):
        state = _step(state, weights, np.asarray(x, np.float64), arithmetic)
    return state


def _step(state: Enclosure, weights: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
    with np.errstate(invalid="ignore", over="ignore"):
        y = state.value @ weights + x
    finite = _finite(state, weights, x, arithmetic)
    exact = ~np.isfinite(y)
    unknown = exact & (weights == 0).any(axis=0)
    value = np.where(exact, np.tanh(y), finite.value)
    return Enclosure(value, np.where(unknown, np.inf, np.where(exact, 0.0, finite.error)))


def _finite(state: Enclosure, weights: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
    """The same step where nothing but the finite components of state and x enters."""
    held = np.where(np.isfinite(state.value), state.value, 0.0)
    inputs = np.where(np.isfinite(x), x, 0.0)
    start = Enclosure(held[None], state.error[None])
    reached = advance(start, weights, np.abs(weights), inputs[None], arithmetic)
    return Enclosure(reached.value[0], reached.error[0])
