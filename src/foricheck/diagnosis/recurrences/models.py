"""Recurrences with one part replaced, and the results that they give, with error bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from foricheck.cases.batch import Array
from foricheck.oracle import recurrence as oracle
from foricheck.oracle.bounds import Enclosure, advance
from foricheck.oracle.normal import Doubles
from foricheck.oracle.rounding import Arithmetic

__all__ = ["Call", "Model", "drawn", "predicted", "same", "tanh_step"]

Weights = Callable[[int, int, str], Doubles]
Change = Callable[[Doubles], Doubles]
Step = Callable[[Enclosure, Doubles, Doubles, Arithmetic], Enclosure]

_MOST = 2**28
"""So many products are computed at most for one prediction."""


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a recurrence, and what it gave.

    Attributes:
        seed: as a whole number.
        x: of shape ``(hidden,)``.
        T: as a whole number.
        got: of the shape of x.
    """

    seed: int
    x: Array
    T: int
    got: Array

    @property
    def hidden(self) -> int:
        """The size of the state."""
        return len(self.x)


def same(value: Doubles) -> Doubles:
    """The value itself."""
    return value


@lru_cache(maxsize=64)
def drawn(seed: int, hidden: int, dtype: str) -> Doubles:
    """The right weights."""
    return oracle.weights(seed, hidden, dtype=dtype)


def tanh_step(state: Enclosure, W: Doubles, x: Doubles, arithmetic: Arithmetic) -> Enclosure:
    """The right step."""
    return advance(state, W, np.abs(W), x, arithmetic)


def _as_it_is(state: Doubles, T: int) -> Doubles:
    return state


@dataclass(frozen=True, kw_only=True)
class Model:
    """A recurrence; by default, the right one.

    Attributes:
        weights: from seed, hidden and dtype.
        trips: how many steps it makes for T.
        start: the first state, from x.
        added: what each step adds, from x.
        step: from a state to the next one.
        result: from the last state and T to what is returned.
    """

    weights: Weights = drawn
    trips: Callable[[int], int] = int
    start: Change = same
    added: Change = same
    step: Step = tanh_step
    result: Callable[[Doubles, int], Doubles] = _as_it_is


def predicted(model: Model, call: Call, arithmetic: Arithmetic) -> Enclosure | None:
    """What a model gives for the arguments of a call; None if that takes too long to compute."""
    trips = max(model.trips(call.T), 0)
    if trips * call.hidden**2 > _MOST:
        return None
    x = call.x.astype(np.float64)
    W = model.weights(call.seed, call.hidden, call.x.dtype.name)
    state = Enclosure(model.start(x), np.zeros_like(x))
    added = model.added(x)
    with np.errstate(all="ignore"):  # a wrong model may overflow
        for _ in range(trips):
            state = model.step(state, W, added, arithmetic)
        return Enclosure(model.result(state.value, call.T), state.error)
