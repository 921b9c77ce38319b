r"""The Jacobian-vector product of the recurrence, and its derivative, with bounds.

The recurrence is :math:`s_0 = x`, :math:`s_t = \tanh(s_{t-1} W + x)`. x is the first state and the
input of every step, so for a tangent v of x, :math:`r_0 = v` and

.. math::
    q_t = r_{t-1} W + v, \qquad r_t = q_t \odot (1 - s_t^2).

The bound
---------
Notation of :mod:`foricheck.oracle.bounds` and :mod:`foricheck.oracle.gradient`. :math:`q_t` is a
sum as :math:`y_t` is, with r for s and v for x: :math:`|\hat q - q| \le e_q` of the same form. The
derivative of tanh is formed from the stored state, with an error of at most
:math:`\delta D = 2|s|e + e^2 + \gamma_5`, hence, where each factor and the product may be flushed
to zero,

.. math::
    |\hat r - r| \le e_q (D + \delta D) + |q|\,\delta D + 8\lambda.

The second derivative
---------------------
Along the same direction, :math:`a_0 = 0` and, with :math:`D = 1 - s_t^2`,

.. math::
    a_t = (a_{t-1} W) \odot D - 2 s_t \odot D \odot q_t^2.

The first term is bounded as r is. The second is a product of s, D and q twice, each within its own
bound. It may be formed as :math:`q r (1 - s) - q r (1 + s)` with r = q D, whose terms are larger
than their sum: no more than 16 roundings, of numbers of at most :math:`4 q^2 D`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foricheck.oracle.bounds import ORACLE_ROUNDOFF, Enclosure, advance, sum_error
from foricheck.oracle.normal import Doubles
from foricheck.oracle.recurrence import product
from foricheck.oracle.rounding import FLOAT32, Arithmetic, gamma

__all__ = ["jvp", "second_jvp"]

_ROUNDINGS = 16


def jvp(
    weights: Doubles,
    x: Doubles,
    trips: int,
    tangent: Doubles,
    *,
    arithmetic: Arithmetic = FLOAT32,
) -> Enclosure:
    """Push ``tangent`` through ``trips`` steps; all of shape ``(H,)``, ``weights`` ``(H, H)``.

    No trips give ``tangent`` itself.
    """
    moved = start = _known(tangent)
    with np.errstate(over="ignore", invalid="ignore"):  # an infinite bound is an answer here
        for _, _, reached in _steps(weights, _known(x), trips, start, arithmetic):
            moved = reached
    return _alone(moved)


def second_jvp(
    weights: Doubles,
    x: Doubles,
    trips: int,
    tangent: Doubles,
    *,
    arithmetic: Arithmetic = FLOAT32,
) -> tuple[Enclosure, Enclosure]:
    """`jvp` and its derivative along ``tangent``; shapes as there. No trips give zeros for it."""
    moved = start = _known(tangent)
    sizes, zero = np.abs(weights), np.zeros_like(start.value)
    twice = Enclosure(zero, zero)
    with np.errstate(over="ignore", invalid="ignore"):  # an infinite bound is an answer here
        for state, q, reached in _steps(weights, _known(x), trips, start, arithmetic):
            moved = reached
            again = _summed(twice, weights, sizes, zero, arithmetic)
            twice = _bent(state, q, _through_tanh(state, again, arithmetic), arithmetic)
    return _alone(moved), _alone(twice)


def _known(vector: Doubles) -> Enclosure:
    """A vector without an error, of shape ``(1, H)``."""
    row = np.asarray(vector, np.float64)[None]
    return Enclosure(row, np.zeros_like(row))


def _alone(row: Enclosure) -> Enclosure:
    return Enclosure(row.value[0], row.error[0])


def _steps(
    weights: Doubles, x: Enclosure, trips: int, tangent: Enclosure, arithmetic: Arithmetic
) -> Iterator[tuple[Enclosure, Enclosure, Enclosure]]:
    """After each step the state, the sum q, and the tangent, each of shape ``(1, H)``."""
    sizes, state, moved = np.abs(weights), x, tangent
    for _ in range(trips):
        q = _summed(moved, weights, sizes, tangent.value, arithmetic)
        state = advance(state, weights, sizes, x.value, arithmetic)
        moved = _through_tanh(state, q, arithmetic)
        yield state, q, moved


def _summed(
    moved: Enclosure, weights: Doubles, sizes: Doubles, towards: Doubles, arithmetic: Arithmetic
) -> Enclosure:
    error = sum_error(moved, sizes, towards, arithmetic)
    return Enclosure(product(moved.value, weights) + towards, error)


def _slope(state: Enclosure, arithmetic: Arithmetic) -> Enclosure:
    """The derivative of tanh, from the state that it gave."""
    uncertain = state.error * (2 * np.abs(state.value) + state.error)
    uncertain += gamma(5, arithmetic.unit_roundoff + ORACLE_ROUNDOFF)
    return Enclosure(1 - np.square(state.value), uncertain)


def _through_tanh(state: Enclosure, q: Enclosure, arithmetic: Arithmetic) -> Enclosure:
    slope = _slope(state, arithmetic)
    flushed = 8 * arithmetic.smallest_normal
    error = q.error * (slope.value + slope.error) + np.abs(q.value) * slope.error + flushed
    return Enclosure(q.value * slope.value, error)


def _bent(state: Enclosure, q: Enclosure, straight: Enclosure, arithmetic: Arithmetic) -> Enclosure:
    """The second derivative: its first term less that of the second derivative of tanh."""
    slope = _slope(state, arithmetic)
    bend = 2 * state.value * slope.value * np.square(q.value)
    largest = (slope.value + slope.error) * np.square(np.abs(q.value) + q.error)
    spread = 2 * (np.abs(state.value) + state.error) * largest - np.abs(bend)
    rounding = gamma(_ROUNDINGS, arithmetic.unit_roundoff + ORACLE_ROUNDOFF)
    error = straight.error * (1 + rounding) + spread
    error += rounding * (4 * largest + np.abs(straight.value)) + 16 * arithmetic.smallest_normal
    return Enclosure(straight.value - bend, error)
