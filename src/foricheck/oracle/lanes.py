"""Batched recurrences with individual trip counts.

A lane is one case: weights ``(H, H)``, input ``(H,)``, trip count. Lanes are sorted by decreasing
trip count, so the lanes that run step t are a prefix of every array, and finished lanes cost
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foricheck.oracle.normal import Doubles


@dataclass(frozen=True)
class Lanes:
    """Cases sorted by decreasing trip count; made by :func:`arrange`.

    ``weights``: float64 ``(N, H, H)``, or ``(H, H)`` if all lanes share them. ``x``: float64
    ``(N, H)``. ``trips``: non-negative int64 ``(N,)``. ``order``: the caller's index of each lane.
    ``batch``: the caller's batch shape, without the last axis.
    """

    weights: Doubles
    x: Doubles
    trips: npt.NDArray[np.int64]
    order: npt.NDArray[np.intp]
    batch: tuple[int, ...]

    @property
    def shared(self) -> bool:
        """Whether all lanes share one weight matrix."""
        return self.weights.ndim == 2

    def running(self) -> Iterator[int]:
        """The number of lanes that run step 0, 1, ..., until no lane is left."""
        remaining = len(self.trips)
        for step in range(int(np.max(self.trips, initial=0))):
            while self.trips[remaining - 1] <= step:
                remaining -= 1
            yield remaining

    def weights_of(self, running: int) -> Doubles:
        """The weights of the first ``running`` lanes."""
        return self.weights if self.shared else self.weights[:running]

    def restore(self, values: Doubles) -> Doubles:
        """``values`` of shape ``(N, ...)`` in the caller's order and batch shape."""
        ordered = np.empty_like(values)
        ordered[self.order] = values
        return ordered.reshape(self.batch + values.shape[1:])


def arrange(weights: npt.ArrayLike, x: npt.ArrayLike, trips: npt.ArrayLike) -> Lanes:
    """Sort cases for a batched loop.

    ``x`` is ``(H,)`` or ``(N, H)``; ``weights`` is ``(H, H)`` or ``(N, H, H)``; ``trips`` is an
    integer or ``(N,)``, with negative counts treated as 0. Raises ``ValueError`` for other shapes.
    """
    inputs, matrices = np.asarray(x, np.float64), np.asarray(weights, np.float64)
    hidden = inputs.shape[-1] if inputs.ndim else 0
    if inputs.ndim not in (1, 2) or matrices.shape not in (
        (hidden, hidden),
        (*inputs.shape[:-1], hidden, hidden),
    ):
        raise ValueError(
            f"expected x (H,) or (N, H) and weights (H, H) or (N, H, H), "
            f"got {inputs.shape} and {matrices.shape}"
        )
    counts = np.broadcast_to(np.asarray(trips, np.int64), inputs.shape[:-1]).reshape(-1)
    order = np.argsort(-counts, kind="stable")
    return Lanes(
        weights=matrices if matrices.ndim == 2 else matrices[order],
        x=inputs.reshape(-1, hidden)[order],
        trips=np.maximum(counts, 0)[order],
        order=order,
        batch=inputs.shape[:-1],
    )
