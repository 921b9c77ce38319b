"""The lanes of a case: what its seed, x and T are in each lane of what maps over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase

__all__ = ["Lane", "direction", "lanes_of", "shape_of"]


@dataclass(frozen=True)
class Lane:
    """One recurrence, as it is meant.

    Attributes:
        seed: a Python int.
        x: of shape ``(hidden,)``.
        T: a Python int.
    """

    seed: int
    x: Array
    T: int


def shape_of(case: RecurrenceCase) -> tuple[int, ...]:
    """The axes of lanes: none, three lanes, or two by two."""
    return ((), (3,), (2, 2))[case.stack.maps]


def lanes_of(case: RecurrenceCase) -> list[Lane]:
    """The lanes, the last axis fastest; the first lane is the case itself."""
    count = int(np.prod(shape_of(case)))
    return [_lane(case, n) for n in range(count)]


def direction(case: RecurrenceCase) -> Array:
    """The tangent of x, or the cotangent of the result: exact, and not the same everywhere."""
    units = np.arange(case.width)
    return np.asarray((1 + units % 5) * np.where(units % 3 == 1, -0.25, 0.25), case.dtype)


def _lane(case: RecurrenceCase, n: int) -> Lane:
    mapped = case.stack.arguments if case.stack.maps else ()
    x, sign = case.x, -1 if n % 2 else 1
    return Lane(
        seed=int(case.seed) + (n if "seed" in mapped else 0),
        x=sign * np.roll(x, n) if "x" in mapped else x,
        T=int(case.T) + (n if "T" in mapped else 0),
    )
