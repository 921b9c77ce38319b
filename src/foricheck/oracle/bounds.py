r"""A derived forward error bound for the recurrence.

Notation: u, :math:`\gamma_n`, fl as in :mod:`foricheck.oracle.rounding`; hats mark computed values;
absolute values and inequalities of matrices are componentwise; i runs over the rows of W, j over
its columns.

The sum
-------
The oracle holds s with :math:`|\hat s - s| \le e`; the implementation's weights satisfy
:math:`|\hat W - W| \le \omega |W|`. Before multiplying it may round both factors, a relative
change of at most :math:`\nu = 2 u_{in} + u_{in}^2` in each product. Let n be the number of
indices i with :math:`s_i \ne 0` or :math:`e_i > 0`: the other products are exact zeros, whose
addition causes no rounding. The sum for component j then has n products, and :math:`x_j` if it is
not zero, hence :math:`a_j = \max(n - [x_j = 0], 0)` additions. In any order of summation a term is
an operand of at most :math:`a_j` of them (Higham, section 4.2), forming a product rounds once more,
and a fused multiply-add only omits roundings:

.. math::
    \hat y_j = \sum_i \hat s_i \hat W_{ij} (1 + \nu_{ij})(1 + \theta_{a_j+1})
               + x_j (1 + \theta_{a_j}) + \eta_j,
    \qquad |\theta_k| \le \gamma_k.

With :math:`1 + \varphi_j = (1 + \omega)(1 + \nu)(1 + \gamma_{a_j+1})` and
:math:`\hat s_i \hat W_{ij} - s_i W_{ij} = (\hat s_i - s_i)\hat W_{ij} + s_i(\hat W_{ij} - W_{ij})`,

.. math::
    |\hat y - y| \le e_y = (1 + \varphi)\, e|W| + \varphi\, |s||W| + \gamma_a |x| + |\eta|.

Underflow. :math:`\lambda` is the smallest normal number. Flushing a subnormal state to zero is an
error of at most :math:`\lambda` in :math:`\hat s_i`, added to :math:`e_i` for the n counted
indices. Each of n products, at most n additions and the flushing of :math:`x_j` contributes at most
:math:`\lambda`, which later roundings may enlarge:
:math:`|\eta_j| \le (1 + \varphi_j)(2n + 1)\lambda`. Overflow. If
:math:`(1 + \varphi)(|s| + e)|W| + (1 + \gamma)|x|` exceeds the largest number, a partial sum may
be infinite or NaN, and the bound is infinite.

The tanh
--------
tanh is monotone with derivative sech^2, which is largest where \|y\| is smallest. By the mean value
theorem, over the whole interval :math:`[y - e_y, y + e_y]` (no second-order term is dropped)

.. math::
    |\tanh \hat y - \tanh y| \le d
        = \min(\operatorname{sech}^2(\max(|y| - e_y, 0))\, e_y,\; 1 + |\tanh y|),

and the implementation's tanh is within :math:`K u |\tanh \hat y|`, or may flush its argument and
its result to zero:

.. math::
    e' = d + K u\,(|\tanh y| + d) + 2\lambda.

Starting from e = 0 (the first state is exactly x) this propagates e through the actual Jacobians,
step by step. From a state that the implementation returned, e = 0 again, so the bound for one step
stays sharp for every trip count.

The oracle's own float64 roundings obey the same bounds with its unit roundoff v = 2**-53 and a tanh
within 4 v. Since :math:`\gamma_n(u) + \gamma_n(v) \le \gamma_n(u + v)`, replacing u by u + v and
K u by K u + 4 v accounts for them. This matters only for a float64 implementation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foricheck.oracle.lanes import arrange
from foricheck.oracle.normal import Doubles
from foricheck.oracle.recurrence import product
from foricheck.oracle.rounding import FLOAT32, Arithmetic, gamma

ORACLE_ROUNDOFF = 2.0**-53
ORACLE_TANH = 4.0


@dataclass(frozen=True)
class Enclosure:
    """A value with an error bound: float64 arrays of one shape.

    A component with an infinite ``error`` is unconstrained.
    """

    value: Doubles
    error: Doubles

    def first(self, lanes: int) -> Enclosure:
        """The first ``lanes`` entries along the first axis, without a copy."""
        return Enclosure(self.value[:lanes], self.error[:lanes])

    def beside(self, other: Enclosure) -> Enclosure:
        """This and another enclosure, concatenated along the last axis."""
        values, errors = (self.value, other.value), (self.error, other.error)
        return Enclosure(np.concatenate(values, axis=-1), np.concatenate(errors, axis=-1))

    def ratio(self, got: npt.ArrayLike) -> Doubles:
        """The test ratio ``|got - value| / error`` of every component; above 1 is a failure.

        The ratio of an exact match is 0, even if the bound is 0. The ratio of a NaN is infinite
        unless the bound is.
        """
        with np.errstate(over="ignore"):  # an infinite ratio is valid
            return self._ratio(np.abs(np.asarray(got).astype(np.float64) - self.value))

    def worst(self, got: npt.ArrayLike) -> float:
        """The largest test ratio of all components, 0 if there are none."""
        return float(np.max(self.ratio(got), initial=0.0))

    def _ratio(self, distance: Doubles) -> Doubles:
        distance = np.where(np.isnan(distance), np.inf, distance)
        unbounded = np.isinf(self.error)
        exact = (distance == 0) | unbounded
        ratio = np.full_like(distance, np.inf)
        np.divide(distance, self.error, out=ratio, where=~exact & (self.error > 0))
        return np.where(exact, 0.0, ratio)


def step_bound(
    state: npt.ArrayLike,
    weights: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    arithmetic: Arithmetic = FLOAT32,
    error: npt.ArrayLike = 0.0,
) -> Enclosure:
    """One step from ``state``, which is known within ``error`` (by default exactly).

    ``state`` and ``x`` are ``(H,)`` or ``(N, H)``; ``weights`` is ``(H, H)``, shared by all rows,
    or ``(N, H, H)``. The enclosure has the shape of ``state``.
    """
    rows, matrices = np.asarray(state, np.float64), np.asarray(weights, np.float64)
    start = Enclosure(rows, np.broadcast_to(np.asarray(error, np.float64), rows.shape))
    inputs = np.asarray(x, np.float64)
    return advance(start, matrices, np.abs(matrices), inputs, arithmetic)


def trajectory_bound(
    weights: npt.ArrayLike,
    x: npt.ArrayLike,
    trips: npt.ArrayLike,
    *,
    arithmetic: Arithmetic = FLOAT32,
) -> Enclosure:
    """The state after ``trips`` steps from ``x``, with its accumulated error bound.

    Shapes and errors are those of :func:`foricheck.oracle.recurrence.recurrence`.
    """
    lanes = arrange(weights, x, trips)
    value, error = lanes.x.copy(), np.zeros_like(lanes.x)
    magnitudes = np.abs(lanes.weights)
    for running in lanes.running():
        matrices = lanes.weights_of(running)
        sizes = magnitudes if lanes.shared else magnitudes[:running]
        start = Enclosure(value[:running], error[:running])
        reached = advance(start, matrices, sizes, lanes.x[:running], arithmetic)
        value[:running], error[:running] = reached.value, reached.error
    return Enclosure(lanes.restore(value), lanes.restore(error))


def advance(
    start: Enclosure, weights: Doubles, magnitudes: Doubles, x: Doubles, arithmetic: Arithmetic
) -> Enclosure:
    """One step from an enclosed state; ``magnitudes`` is ``|weights|``, computed once."""
    y = product(start.value, weights) + x
    return _through_tanh(y, sum_error(start, magnitudes, x, arithmetic), arithmetic)


def sum_error(start: Enclosure, magnitudes: Doubles, x: Doubles, arithmetic: Arithmetic) -> Doubles:
    """The error of ``start @ weights + x``, ``e_y`` above, where ``start`` is enclosed."""
    tiny = arithmetic.smallest_normal
    counted = (start.value != 0) | (start.error > 0)
    products = np.count_nonzero(counted, axis=-1, keepdims=True)
    additions = np.maximum(products - (x == 0), 0)
    phi = product_growth(additions + 1, arithmetic)
    inputs = np.abs(x)
    with np.errstate(over="ignore", invalid="ignore"):  # an infinite bound is valid
        exact = product(np.abs(start.value), magnitudes)
        uncertain = product((start.error + tiny) * counted, magnitudes)
        largest_sum = (1 + phi) * (exact + uncertain + inputs)
        error: Doubles = phi * exact + (1 + phi) * (uncertain + (2 * products + 1) * tiny)
        error += gamma(additions, arithmetic.unit_roundoff + ORACLE_ROUNDOFF) * inputs
    error[~(largest_sum <= arithmetic.largest)] = np.inf
    return error


def product_growth(roundings: npt.NDArray[np.int64], arithmetic: Arithmetic) -> Doubles:
    r""":math:`\varphi = (1 + \omega)(1 + \nu)(1 + \gamma_k) - 1` for k = ``roundings``.

    Since :math:`1 + \gamma_k = 1 / (1 - k u)`, it is :math:`(c + k u) / (1 - k u)` with
    :math:`c = (1 + \omega)(1 + \nu) - 1`.
    """
    fixed = arithmetic.weights + (1 + arithmetic.weights) * arithmetic.product_rounding
    rounded = roundings * (arithmetic.unit_roundoff + ORACLE_ROUNDOFF)
    room = np.maximum(1 - rounded, 0)
    with np.errstate(divide="ignore"):  # infinite if k u >= 1
        return np.asarray((fixed + rounded) / room)


def _through_tanh(y: Doubles, error: Doubles, arithmetic: Arithmetic) -> Enclosure:
    value = np.tanh(y)
    size = np.abs(value)
    propagated = np.minimum(_steepest(np.abs(y), error) * error, 1 + size)
    accuracy = arithmetic.tanh * arithmetic.unit_roundoff + ORACLE_TANH * ORACLE_ROUNDOFF
    reached = propagated + accuracy * (size + propagated) + 2 * arithmetic.smallest_normal
    return Enclosure(value, np.where(np.isinf(error), np.inf, reached))


def _steepest(y: Doubles, error: Doubles) -> Doubles:
    """The largest sech^2 within ``error`` of ``y >= 0``, without overflow."""
    decay = np.exp(-2 * np.maximum(y - error, 0.0))
    return np.asarray(4 * decay / (1 + decay) ** 2)
