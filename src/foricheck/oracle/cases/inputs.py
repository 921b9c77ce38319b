"""The inputs of a case as NumPy arrays, with a leading axis for each thing that maps over them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foricheck.oracle.cases.values import closure, leaf_values

if TYPE_CHECKING:
    from foricheck.cases.loop_case import Around, LoopCase

__all__ = ["MAPPING", "bound_array", "closure_array", "leaf_array", "mapping"]

Array = NDArray[Any]

MAPPING = ("vmap", "vmap last", "scan", "map", "vmap out none")
"""What maps over its inputs."""


def mapping(case: LoopCase, name: str) -> list[Around]:
    """What maps over an input, the outermost first."""
    return [around for around in case.around if around.name in MAPPING and name in around.over]


def leaf_array(case: LoopCase, place: int, salt: int = 0) -> Array:
    """The values of a leaf of the carry."""
    leaf = case.carry.leaves[place]
    alike = [n for n, other in enumerate(case.carry.leaves) if other == leaf]
    source = alike[0] if case.carry.shared else place
    return _mapped(case, "carry", lambda n: leaf_values(leaf, source, salt + n))


def closure_array(case: LoopCase, salt: int = 0) -> Array:
    """The values that the body closes over."""
    return _mapped(case, "closure", lambda n: closure(case.body.closure, salt + n))


def bound_array(case: LoopCase, name: str, trips: int) -> Array:
    """The values of a bound, held inside its dtype.

    Where only the lower bound is traced, it moves with the trip count; else the upper one does.
    """
    info, bounds = np.iinfo(case.bounds.dtype), case.bounds
    moved = bounds.trips[0] - trips if bounds.given == "traced lower" else 0
    value = bounds.lower + moved + (trips if name == "upper" else 0)
    arounds = mapping(case, name)
    lanes = [around.lanes for around in arounds]
    sums = [sum(each) + value for each in itertools.product(*lanes)]
    held = [min(max(each, int(info.min)), int(info.max)) for each in sums]
    return np.array(held, case.bounds.dtype).reshape([len(each) for each in lanes])


def _mapped(case: LoopCase, name: str, values: Callable[[int], Array]) -> Array:
    sizes = [len(around.lanes) for around in mapping(case, name)]
    rows = [values(n) for n in range(int(np.prod(sizes, dtype=np.int64)))]
    return np.stack(rows).reshape((*sizes, *rows[0].shape)) if sizes else rows[0]
