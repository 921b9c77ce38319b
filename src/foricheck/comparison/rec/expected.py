"""What must come of a lane, by the oracle: the state and a derivative, with their bounds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.inputs import SPECIAL
from foricheck.cases.rec.lanes import Lane, direction
from foricheck.oracle import recurrence as oracle
from foricheck.oracle.bounds import Enclosure, trajectory_bound
from foricheck.oracle.gradient import vjp
from foricheck.oracle.normal import Doubles
from foricheck.oracle.rounding import Arithmetic
from foricheck.oracle.spread import spread
from foricheck.oracle.tangent import jvp, second_jvp

__all__ = ["expected", "weights"]

_KEPT = 64


@lru_cache(maxsize=_KEPT)
def weights(seed: int, hidden: int, dtype: str) -> Doubles:
    """The weights of a seed, drawn in this precision."""
    return oracle.weights(seed, hidden, dtype=dtype)


def expected(case: RecurrenceCase, lane: Lane, arithmetic: Arithmetic) -> tuple[Enclosure, ...]:
    """The outputs of a lane, in their order, each of shape ``(hidden,)``."""
    W = weights(lane.seed, case.width, case.dtype)
    state = _state(case, W, lane, arithmetic)
    match case.derivative:
        case "forward":
            moved = jvp(W, lane.x, lane.T, direction(case), arithmetic=arithmetic)
            return state, moved
        case "second":
            pushed = second_jvp(W, lane.x, lane.T, direction(case), arithmetic=arithmetic)
            return state, *pushed
        case "reverse":
            pulled = vjp(W, lane.x, lane.T, direction(case), arithmetic=arithmetic)
            return state, pulled.x
        case _:
            return (state,)


def _state(case: RecurrenceCase, W: Doubles, lane: Lane, arithmetic: Arithmetic) -> Enclosure:
    if case.values in SPECIAL:
        return spread(W, lane.x, lane.T, arithmetic=arithmetic)
    if lane.T <= 0:
        return Enclosure(lane.x.astype(np.float64), np.zeros(case.width))
    return trajectory_bound(W, lane.x, lane.T, arithmetic=arithmetic)
