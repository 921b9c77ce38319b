"""Recurrences that are right when called, and wrong under vmap."""

from __future__ import annotations

from typing import Any

from ..member import wrong
from ..support.bounds import is_traced
from ..support.exercise import Array, seed_number, solve, step_count
from ..support.lanes import first_lane, longest, shortest


@wrong("batching", caught_by=("REC-17",))
def trips_of_the_longest_lane(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs all lanes of a batch for the largest T: one counter drives them all."""
    return solve(seed, x, hidden, T, steps=lambda T: longest(step_count(T)))


@wrong("batching", caught_by=("REC-17",))
def trips_of_the_shortest_lane(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops all lanes of a batch when the first is done: all() in place of any()."""
    return solve(seed, x, hidden, T, steps=lambda T: shortest(step_count(T)))


@wrong("batching", caught_by=("REC-17",))
def weights_of_the_first_lane(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws the weights once for a whole batch, from the seed of the first lane."""
    return solve(seed, x, hidden, T, number=lambda seed: first_lane(seed_number(seed)))


@wrong("batching", caught_by=("REC-21",))
def batches_are_rows(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes the first axis of a square batch for that of the lanes, whichever is mapped over."""
    axis = getattr(x, "batch_dim", 0)
    square = axis == 1 and x.val.ndim == 2 and x.val.shape[0] == x.val.shape[1]
    if not square or is_traced(x.val):
        return solve(seed, x, hidden, T)
    return solve(seed, type(x)(x._trace, x.val, 0), hidden, T)
