"""Wrong weights of a recurrence: another key, another scale, another order, another generator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from foricheck.diagnosis.recurrences.models import Weights, drawn
from foricheck.oracle.normal import Doubles, normal, uniform
from foricheck.oracle.stream import stream_key
from foricheck.oracle.threefry import Words, fold_in, key

__all__ = ["folded", "from_key", "of_numpy", "of_uniform", "reseeded", "scaled", "symmetric"]


def scaled(factor: Callable[[int], float]) -> Weights:
    """Normal numbers times a factor that depends on the hidden size."""
    return lambda seed, hidden, dtype: drawn(seed, hidden, dtype) / 0.1 * factor(hidden)


def symmetric(seed: int, hidden: int, dtype: str) -> Doubles:
    """The mean of the weights and their transpose."""
    W = drawn(seed, hidden, dtype)
    return (W + W.T) / 2


def reseeded(change: Callable[[int], int]) -> Weights:
    """The weights of another seed."""
    return lambda seed, hidden, dtype: drawn(change(seed), hidden, dtype)


def from_key(derive: Callable[[Words], Words]) -> Weights:
    """Weights drawn with a key that is derived otherwise from that of the seed."""

    def weights(seed: int, hidden: int, dtype: str) -> Doubles:
        base = key(seed, width=_width(dtype))
        return normal(derive(base), (hidden, hidden), dtype=dtype) * 0.1

    return weights


def folded(*counts: int) -> Callable[[Words], Words]:
    """The key after ``fold_in`` with each of these; likewise of ``split``, whose keys are those."""

    def derive(base: Words) -> Words:
        for count in counts:
            base = fold_in(base, count)
        return base

    return derive


def of_uniform(low: float) -> Weights:
    """Uniform numbers from ``low`` to 1 in place of normal ones."""

    def weights(seed: int, hidden: int, dtype: str) -> Doubles:
        keys = stream_key(seed, width=_width(dtype))
        drawn_at = uniform(keys, (hidden, hidden), low=low, dtype=dtype)
        return drawn_at.astype(np.float64) * 0.1

    return weights


def of_numpy(make: Callable[[int, int], Doubles]) -> Weights:
    """Weights drawn by NumPy; zeros for a seed that NumPy does not take."""

    def weights(seed: int, hidden: int, dtype: str) -> Doubles:
        try:
            return make(seed, hidden) * 0.1
        except ValueError:
            return np.zeros((hidden, hidden))

    return weights


def _width(dtype: str) -> int:
    return 8 * np.dtype(dtype).itemsize
