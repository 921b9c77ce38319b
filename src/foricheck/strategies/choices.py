"""Decode choices: columns of bytes as numbers, for all lanes at once."""

from __future__ import annotations

import numpy as np

from foricheck.cases.batch import Array

__all__ = ["Choices", "spread"]


class Choices:
    """Reads rows of bytes from left to right.

    Args:
        rows: uint8 of shape ``(N, width)``.
    """

    def __init__(self, rows: Array) -> None:
        self._rows = rows
        self._next = 0

    def __len__(self) -> int:
        return len(self._rows)

    def number(self, size: int) -> Array:
        """The next ``size`` bytes as an unsigned number, uint64 of shape ``(N,)``."""
        taken = self._rows[:, self._next : self._next + size].astype(np.uint64)
        if taken.shape[1] != size:
            raise ValueError(f"{size} choices requested, but only {taken.shape[1]} left")
        self._next += size
        weights = np.uint64(256) ** np.arange(size, dtype=np.uint64)
        return np.asarray((taken * weights).sum(axis=1, dtype=np.uint64))

    def below(self, end: int) -> Array:
        """The next byte modulo ``end``, int64 of shape ``(N,)``."""
        return (self.number(1) % np.uint64(end)).astype(np.int64)

    def pick(self, values: Array) -> Array:
        """The values selected by the next byte; the first value is the simplest."""
        return values[self.below(len(values))]

    def block(self, *shape: int) -> Array:
        """The next bytes as uint8 of shape ``(N, *shape)``."""
        size = int(np.prod(shape))
        taken = self._rows[:, self._next : self._next + size]
        self._next += size
        return taken.reshape(len(self), *shape)


def spread(master: int, lanes: int, width: int) -> Array:
    """Choices for all lanes, derived from one seed: uint8 of shape ``(lanes, width)``."""
    generator = np.random.Generator(np.random.Philox(master))
    return generator.integers(0, 256, (lanes, width), dtype=np.uint8)
