r"""The Jacobian-vector product of the recurrence, with a bound.

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
"""

from __future__ import annotations

import numpy as np

from foricheck.oracle.bounds import ORACLE_ROUNDOFF, Enclosure, advance, sum_error
from foricheck.oracle.normal import Doubles
from foricheck.oracle.recurrence import product
from foricheck.oracle.rounding import FLOAT32, Arithmetic, gamma

__all__ = ["jvp"]


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
    inputs, towards = (np.asarray(each, np.float64)[None] for each in (x, tangent))
    sizes, zero = np.abs(weights), np.zeros_like(inputs)
    state, moved = Enclosure(inputs, zero), Enclosure(towards, zero)
    with np.errstate(over="ignore", invalid="ignore"):  # an infinite bound is an answer here
        for _ in range(trips):
            q = product(moved.value, weights) + towards
            error = sum_error(moved, sizes, towards, arithmetic)
            state = advance(state, weights, sizes, inputs, arithmetic)
            moved = _through_tanh(state, Enclosure(q, error), arithmetic)
    return Enclosure(moved.value[0], moved.error[0])


def _through_tanh(state: Enclosure, q: Enclosure, arithmetic: Arithmetic) -> Enclosure:
    derivative = 1 - np.square(state.value)
    uncertain = state.error * (2 * np.abs(state.value) + state.error)
    uncertain += gamma(5, arithmetic.unit_roundoff + ORACLE_ROUNDOFF)
    flushed = 8 * arithmetic.smallest_normal
    error = q.error * (derivative + uncertain) + np.abs(q.value) * uncertain + flushed
    return Enclosure(q.value * derivative, error)
