"""What a loop gives that assigns the leaves of a tuple one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foricheck.cases.batch import Batch
from foricheck.cases.loop import PermutedBatch, Snippet
from foricheck.programs import snippets
from foricheck.targets.loop import Body, permuting

__all__ = ["assigned_in_turn"]

_LONGEST = 100


def assigned_in_turn(case: Batch) -> Any:
    """The result where each new leaf is made from those that are assigned already; or None."""
    match case:
        case Snippet():
            made = snippets.parts(case, np)
            return _looped(int(made.lower), int(made.upper), made.body, made.init)
        case PermutedBatch():
            return _looped(case.lower, case.upper, permuting(case.permutation), case.leaves)
        case _:
            return None


def _looped(lower: int, upper: int, body: Body, init: Any) -> Any:
    is_flat = isinstance(init, tuple | list) and all(isinstance(leaf, np.ndarray) for leaf in init)
    if not is_flat or upper - lower > _LONGEST:
        return None
    leaves = list(init)
    for i in range(lower, upper):
        for place in range(len(leaves)):
            leaves[place] = _new(body, i, type(init)(leaves), place)
    return type(init)(leaves)


def _new(body: Body, i: int, leaves: Sequence[Any], place: int) -> Any:
    return np.asarray(body(i, leaves)[place])
