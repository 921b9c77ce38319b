"""The recurrence ``state <- tanh(state @ W + x)`` in float64, and its weights.

Vectors are rows. ``x`` is both the initial state and the input of every step, so the result
without trips is ``x``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from foricheck.oracle.lanes import arrange
from foricheck.oracle.normal import Doubles, normal
from foricheck.oracle.stream import stream_key


def weights(
    seed: int | npt.ArrayLike, hidden: int, *, dtype: npt.DTypeLike = np.float32
) -> Doubles:
    """The weights for ``nnx.Rngs(seed)``: ``normal(rngs.params(), (hidden, hidden)) * 0.1``.

    ``seed`` is an integer, or integers of shape ``(...)``; the result is float64 of shape
    ``(..., hidden, hidden)``. ``dtype`` is the dtype they are drawn in: float32, or float64, which
    JAX uses with x64 on, when all 64 bits of the seed enter the key. The result is not rounded to
    it; the relative error of an implementation's weights is at most ``NORMAL_ACCURACY``
    (``NORMAL_ACCURACY_64`` for float64). The factor 0.1 is rounded to ``dtype``. Raises
    ``ValueError`` for ``hidden < 1`` and for another dtype.
    """
    if hidden < 1:
        raise ValueError(f"hidden must be at least 1, got {hidden}")
    drawn: np.dtype[Any] = np.dtype(dtype)
    keys = stream_key(seed, width=8 * drawn.itemsize)
    return normal(keys, (hidden, hidden), dtype=drawn) * float(drawn.type(0.1))


def product(rows: Doubles, matrices: Doubles) -> Doubles:
    """Rows ``(..., H)`` times one matrix ``(H, K)``, or each times its own ``(..., H, K)``."""
    if matrices.ndim == 2:
        return rows @ matrices
    return (rows[..., None, :] @ matrices)[..., 0, :]


def step(state: Doubles, weights: Doubles, x: Doubles) -> Doubles:
    """One step, ``tanh(state @ weights + x)``, float64 of the shape of ``state``."""
    return np.tanh(product(state, weights) + x)


def recurrence(weights: npt.ArrayLike, x: npt.ArrayLike, trips: npt.ArrayLike) -> Doubles:
    """The state after ``trips`` steps from ``x``, float64 of the shape of ``x``.

    A single case has ``x`` (H,) and ``weights`` (H, H); a batch has ``x`` (N, H), ``weights``
    (N, H, H) or a shared (H, H), and ``trips`` (N,) or a shared count. With 0 or fewer trips the
    result is ``x``. Raises ``ValueError`` for other shapes.
    """
    lanes = arrange(weights, x, trips)
    state = lanes.x.copy()
    for running in lanes.running():
        state[:running] = step(state[:running], lanes.weights_of(running), lanes.x[:running])
    return lanes.restore(state)
