"""For each flag of recurrences, a recurrence with its bug; over NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from foricheck.oracle.normal import normal
from foricheck.oracle.recurrence import weights
from foricheck.oracle.stream import stream_key

Recurrence = Callable[[Any, Any, Any, Any], Any]
Step = Callable[[Any, Any, Any], Any]


def _step(state: Any, W: Any, x: Any) -> Any:
    return np.tanh(state @ W + x)


def made(
    *,
    draw: Callable[[int, int], Any] = weights,
    step: Step = _step,
    start: Callable[[Any], Any] = lambda x: x,
    trips: Callable[[int], int] = lambda T: T,
) -> Recurrence:
    """A recurrence that is correct except for the given replacements."""

    def run(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
        W, state = draw(int(seed), int(hidden)), start(np.asarray(x, np.float64))
        for _ in range(trips(int(T))):
            state = step(state, W, np.asarray(x, np.float64))
        return np.asarray(state).astype(np.float32)

    return run


def from_seed(change: Callable[[int], int]) -> Recurrence:
    """A recurrence that changes the seed."""
    return made(draw=lambda seed, hidden: weights(change(seed), hidden))


def _padded(seed: int, hidden: int) -> Any:
    """Weights with an even number of columns, of which the last may be removed."""
    shape = (hidden, hidden + hidden % 2)
    drawn = normal(stream_key(seed), shape) * float(np.float32(0.1))
    return drawn[:, :hidden]


def _of_exponentials(state: Any, W: Any, x: Any) -> Any:
    power = np.exp(np.float32(2) * (state @ W + x).astype(np.float32))
    return ((power - 1) / (power + 1)).astype(np.float64)


def _clipped(state: Any, W: Any, x: Any) -> Any:
    return np.clip(np.tanh(state @ W + x), -1 + 1e-5, 1 - 1e-5)


right = made()

WRONG: dict[str, Recurrence] = {
    "NoTrips": made(start=np.tanh),
    "NegativeTrips": made(trips=lambda T: min(abs(T), 3)),
    "ExactInput": made(start=np.nan_to_num),
    "OneStep": made(draw=lambda seed, hidden: weights(seed, hidden).T),
    "Trips": made(trips=lambda T: T - (T > 1)),
    "WeightRow": made(draw=lambda seed, hidden: weights(seed, hidden)[::-1]),
    "Seed": from_seed(lambda seed: seed % 2**16),
    "HighSeed": from_seed(lambda seed: min(seed, 2**31 - 1)),
    "NegativeSeed": from_seed(abs),
    "WideSeed": from_seed(lambda seed: min(max(seed, -(2**31)), 2**32 - 1)),
    "Hidden": made(draw=_padded),
    "Zeros": made(step=lambda state, W, x: np.tanh(state @ W + x) + 1e-9),
    "Saturation": made(step=_clipped),
    "Tiny": made(step=_of_exponentials),
    "OddSymmetry": made(
        step=lambda state, W, x: np.tanh(state @ W + np.maximum(x, 1e-4 * x - 0.5))
    ),
    "LongRun": made(trips=lambda T: min(T, 3)),
}
