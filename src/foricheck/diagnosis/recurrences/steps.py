"""Wrong steps of a recurrence, and wrong roundings on the way, with their error bounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foricheck.diagnosis.recurrences.models import Change, Step, same
from foricheck.oracle.bounds import Enclosure, advance, sum_error
from foricheck.oracle.normal import Doubles
from foricheck.oracle.recurrence import product
from foricheck.oracle.rounding import Arithmetic

__all__ = ["activated", "bfloat16", "float16", "inside", "outside", "residual", "rounded", "short"]


def activated(function: Change, *, slope: float) -> Step:
    """A step with another function in place of tanh, whose slope is at most this."""

    def step(state: Enclosure, W: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
        y = product(state.value, W) + x
        error = sum_error(state, np.abs(W), x, arithmetic)
        value = function(y)
        rounding = arithmetic.tanh * arithmetic.unit_roundoff
        return Enclosure(value, slope * error + rounding * (1 + np.abs(value)))

    return step


def inside(state: Enclosure, W: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
    """``tanh((state + x) @ W)``."""
    total = state.value + x
    error = state.error + arithmetic.unit_roundoff * np.abs(total)
    return advance(Enclosure(total, error), W, np.abs(W), np.zeros_like(x), arithmetic)


def outside(state: Enclosure, W: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
    """``tanh(state @ W) + x``."""
    y = advance(state, W, np.abs(W), np.zeros_like(x), arithmetic)
    value = y.value + x
    return Enclosure(value, y.error + arithmetic.unit_roundoff * (np.abs(value) + y.error))


def residual(state: Enclosure, W: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
    """``state + tanh(state @ W + x)``."""
    y = advance(state, W, np.abs(W), x, arithmetic)
    value = state.value + y.value
    error = state.error + y.error
    return Enclosure(value, error + arithmetic.unit_roundoff * (np.abs(value) + error))


def rounded(*, factors: Change = same, product_to: Change = same, state_to: Change = same) -> Step:
    """A step with roundings: of both factors, of their product, and of the new state.

    That a value is so near to the middle of two numbers that it is rounded the other way is left
    out of the bound: it happens once in thousands of roundings.
    """

    def step(state: Enclosure, W: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
        start = Enclosure(factors(state.value), state.error)
        matrix = factors(W)
        y = product_to(product(start.value, matrix)) + x
        error = sum_error(start, np.abs(matrix), x, arithmetic)
        value = np.tanh(y)
        near = arithmetic.tanh * arithmetic.unit_roundoff * np.abs(value)
        return Enclosure(state_to(value), error + near)

    return step


def short(bits: int) -> Change:
    """Rounding to a significand of this many bits, to nearest, ties to even."""

    def change(value: Doubles) -> Doubles:
        fraction, exponent = np.frexp(value)
        return np.asarray(np.ldexp(np.round(np.ldexp(fraction, bits)), exponent - bits))

    return change


def float16(value: Doubles) -> Doubles:
    """Rounding to float16."""
    with np.errstate(over="ignore"):
        return np.asarray(value.astype(np.float32).astype(np.float16).astype(np.float64))


bfloat16: Callable[[Doubles], Doubles] = short(8)
"""Rounding to bfloat16, whose range is that of float32."""
