"""The recurrence ``state <- tanh(state @ W + x)`` in float64, and the weights it starts from.

Vectors are rows. ``x`` is both the first state and the input of every step, so no trips give
``x`` back.
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
    """The weights that ``nnx.Rngs(seed)`` gives: ``normal(rngs.params(), (hidden, hidden)) * 0.1``.

    ``seed`` is an integer, or integers of shape ``(...)``; the result is float64 of shape
    ``(..., hidden, hidden)``. ``dtype`` is what they are drawn as: float32, or float64, which
    JAX draws with x64 on, when all 64 bits of the seed enter the key. The result is not rounded
    to it: an implementation's weights are within ``NORMAL_ACCURACY`` (for float64
    ``NORMAL_ACCURACY_64``) of it, relatively. The factor 0.1 is the ``dtype``'s. Raises
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

    One case is ``x`` (H,) and ``weights`` (H, H); a batch is ``x`` (N, H), ``weights`` (N, H, H)
    or one shared (H, H), ``trips`` (N,) or one for all. A count of 0 or less gives ``x``.
    Raises ``ValueError`` for other shapes.
    """
    lanes = arrange(weights, x, trips)
    state = lanes.x.copy()
    for running in lanes.running():
        state[:running] = step(state[:running], lanes.weights_of(running), lanes.x[:running])
    return lanes.restore(state)
