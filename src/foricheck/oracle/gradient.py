r"""The vector-Jacobian product of the recurrence, by hand-written backpropagation, with a bound.

The recurrence is :math:`s_0 = x`, :math:`s_t = \tanh(s_{t-1} W + x)` for t = 1..T. Given the
cotangent v of :math:`s_T`, let :math:`g_T = v` and, for t = T down to 1,

.. math::
    d_t = g_t \odot (1 - s_t^2), \qquad g_{t-1} = d_t W^T,

(Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323,
1986, unrolled in time). x is the first state and the input of every step, so

.. math::
    \bar x = g_0 + \sum_{t=1}^T d_t, \qquad \bar W = \sum_{t=1}^T s_{t-1}^T d_t.

The bound
---------
Notation of :mod:`foricheck.oracle.bounds`, whose :math:`e_t` bounds the error of the stored state
:math:`\hat s_t` (:math:`e_0 = 0`). Write :math:`D = 1 - s^2`.

*Derivative of tanh.* An implementation forms :math:`g D` from its stored state as
:math:`g(1 - s^2)`, :math:`g(1 - s)(1 + s)` or :math:`(g + gs)(1 - s)`. To first order in u, with
:math:`|s| \le 1`, their errors are at most :math:`s^2 + 2D`, :math:`4D` and
:math:`|s|(1 + |s|) + 3D`, each at most 4, times :math:`|g| u`; taking :math:`\gamma_5` covers the
terms in u^2. The error of the state adds :math:`|\hat s^2 - s^2| \le 2|s|e + e^2`:

.. math::
    \delta D = 2|s|e + e^2 + \gamma_5.

*Cotangents.* Let :math:`|\hat g - g| \le \epsilon` and :math:`\epsilon_T = 0`. Since g, its
products and their sum may each be flushed to zero before a multiplication by at most 2,

.. math::
    |\hat d - d| \le \delta = \epsilon (D + \delta D) + |g| \, \delta D + 8\lambda.

The product :math:`d W^T` has n products (those with :math:`d_i \ne 0` or :math:`\delta_i > 0`) and
n - 1 additions, hence with :math:`\varphi` for n roundings

.. math::
    \epsilon' = (1 + \varphi)\bigl((\delta + \lambda)|W^T| + 2 n \lambda\bigr) + \varphi |d||W^T|.

*Sums over the steps.* :math:`\bar x` is a sum of T + 1 terms: T additions in any order.
:math:`\bar W` is a sum of T products, each rounded once; their factors may be rounded first
(:math:`\psi = (1 + \nu)(1 + \gamma_T) - 1`):

.. math::
    |\hat{\bar x} - \bar x| &\le (1 + \gamma_T)\Bigl(\epsilon_0 + \sum_t \delta_t + T\lambda\Bigr)
        + \gamma_T\Bigl(|g_0| + \sum_t |d_t|\Bigr), \\
    |\hat{\bar W} - \bar W| &\le (1 + \psi)\Bigl(\sum_t \rho_t + 2T\lambda\Bigr)
        + \psi \sum_t |s_{t-1}|^T |d_t|, \\
    \rho_t &= |s_{t-1}|^T \delta_t + e_{t-1}^T (|d_t| + \delta_t)
        + \lambda\,(1^T(|d_t| + \delta_t) + |s_{t-1}|^T 1).

The last term of :math:`\rho_t` is a subnormal factor flushed to zero. As in the forward bound,
u + v replaces u to account for the oracle's own roundings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foricheck.oracle.bounds import ORACLE_ROUNDOFF, Enclosure, advance, product_growth
from foricheck.oracle.lanes import Lanes, arrange
from foricheck.oracle.normal import Doubles
from foricheck.oracle.recurrence import product
from foricheck.oracle.rounding import FLOAT32, Arithmetic, gamma


@dataclass(frozen=True)
class Cotangents:
    """The vector-Jacobian product: ``x`` of the shape of x, ``weights`` of ``(..., H, H)``."""

    x: Enclosure
    weights: Enclosure


def vjp(
    weights: npt.ArrayLike,
    x: npt.ArrayLike,
    trips: npt.ArrayLike,
    cotangent: npt.ArrayLike,
    *,
    arithmetic: Arithmetic = FLOAT32,
) -> Cotangents:
    """Pull ``cotangent`` back through ``trips`` steps, to x and to the weights, with error bounds.

    Shapes are those of :func:`foricheck.oracle.recurrence.recurrence`; ``cotangent`` has the shape
    of ``x``. The cotangent of shared weights is not summed over lanes: it is ``(N, H, H)``. Without
    trips the result is ``cotangent`` and zeros. Raises ``ValueError`` for other shapes.
    """
    lanes = arrange(weights, x, trips)
    if np.shape(cotangent) != np.shape(x):
        raise ValueError(f"expected a cotangent {np.shape(x)}, got {np.shape(cotangent)}")
    pulled = np.asarray(cotangent, np.float64).reshape(lanes.x.shape)[lanes.order]
    states = _forward(lanes, arithmetic)
    sweep = _Sweep(lanes, arithmetic, pulled)
    with np.errstate(over="ignore", invalid="ignore"):  # an infinite bound is valid
        for before, reached in zip(reversed(states[:-1]), reversed(states[1:]), strict=True):
            sweep.pull_back(before, reached)
        return Cotangents(x=sweep.cotangent_of_x(), weights=sweep.cotangent_of_weights())


def _forward(lanes: Lanes, arithmetic: Arithmetic) -> list[Enclosure]:
    """The states after 0, 1, ... steps; entry t contains only the lanes that run step t."""
    states = [Enclosure(lanes.x, np.zeros_like(lanes.x))]
    magnitudes = np.abs(lanes.weights)
    for running in lanes.running():
        matrices = lanes.weights_of(running)
        sizes = magnitudes if lanes.shared else magnitudes[:running]
        start = states[-1].first(running)
        states.append(advance(start, matrices, sizes, lanes.x[:running], arithmetic))
    return states


class _Sweep:
    """The backward pass: the cotangent g with its error, and the sums over the steps so far."""

    def __init__(self, lanes: Lanes, arithmetic: Arithmetic, cotangent: Doubles) -> None:
        self.lanes, self.arithmetic = lanes, arithmetic
        self.roundoff = arithmetic.unit_roundoff + ORACLE_ROUNDOFF
        self.transposed = np.swapaxes(lanes.weights, -1, -2)
        self.magnitudes = np.abs(self.transposed)
        self.g, self.g_error = cotangent.copy(), np.zeros_like(cotangent)
        self.to_x = _Sum.zeros(cotangent.shape)
        self.to_weights = _Sum.zeros((*cotangent.shape, cotangent.shape[-1]))

    def pull_back(self, before: Enclosure, reached: Enclosure) -> None:
        """Pull g back through the step from ``before`` to ``reached``, in the lanes that ran it."""
        running = len(reached.value)
        d = self._through_tanh(reached, self.g[:running], self.g_error[:running])
        self.to_x.add(d.value, np.abs(d.value), d.error)
        self._add_outer(before.first(running), d)
        self._through_product(d)

    def _through_tanh(self, state: Enclosure, g: Doubles, error: Doubles) -> Enclosure:
        derivative = 1 - np.square(state.value)
        uncertain = state.error * (2 * np.abs(state.value) + state.error)
        uncertain += gamma(5, self.roundoff)
        flushed = 8 * self.arithmetic.smallest_normal
        bound = error * (derivative + uncertain) + np.abs(g) * uncertain + flushed
        return Enclosure(g * derivative, bound)

    def _through_product(self, d: Enclosure) -> None:
        running, tiny = len(d.value), self.arithmetic.smallest_normal
        matrices, sizes = (
            each if self.lanes.shared else each[:running]
            for each in (self.transposed, self.magnitudes)
        )
        products = np.count_nonzero((d.value != 0) | (d.error > 0), axis=-1, keepdims=True)
        phi = product_growth(products, self.arithmetic)
        uncertain = product(d.error + tiny, sizes) + 2 * products * tiny
        self.g_error[:running] = (1 + phi) * uncertain + phi * product(np.abs(d.value), sizes)
        self.g[:running] = product(d.value, matrices)

    def _add_outer(self, state: Enclosure, d: Enclosure) -> None:
        tiny = self.arithmetic.smallest_normal
        rows, columns = np.abs(state.value), np.abs(d.value)
        largest = columns + d.error
        error = _outer(rows + tiny, d.error) + _outer(state.error + tiny, largest)
        error += tiny * rows[..., :, None]
        self.to_weights.add(_outer(state.value, d.value), _outer(rows, columns), error)

    def cotangent_of_x(self) -> Enclosure:
        """The sum of g at the first state and d of every step."""
        self.to_x.add(self.g, np.abs(self.g), self.g_error)
        trips = self.lanes.trips[:, None].astype(np.float64)
        flushed = trips * self.arithmetic.smallest_normal
        return self._enclose(self.to_x, gamma(trips, self.roundoff), flushed)

    def cotangent_of_weights(self) -> Enclosure:
        """The sum of the outer products of every step."""
        trips = self.lanes.trips[:, None, None].astype(np.float64)
        nu = self.arithmetic.product_rounding
        growth = nu + (1 + nu) * gamma(trips, self.roundoff)
        flushed = 2 * trips * self.arithmetic.smallest_normal
        return self._enclose(self.to_weights, growth, flushed)

    def _enclose(self, total: _Sum, growth: Doubles, flushed: Doubles) -> Enclosure:
        error = (1 + growth) * (total.error + flushed) + growth * total.size
        error[~(total.size + error <= self.arithmetic.largest)] = np.inf
        return Enclosure(self.lanes.restore(total.value), self.lanes.restore(error))


@dataclass(frozen=True)
class _Sum:
    """A sum over the steps, with the sums of the terms' magnitudes and of their errors."""

    value: Doubles
    size: Doubles
    error: Doubles

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> _Sum:
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape))

    def add(self, value: Doubles, size: Doubles, error: Doubles) -> None:
        """Add one term to the first ``len(value)`` lanes."""
        running = len(value)
        self.value[:running] += value
        self.size[:running] += size
        self.error[:running] += error


def _outer(rows: Doubles, columns: Doubles) -> Doubles:
    return rows[..., :, None] * columns[..., None, :]
