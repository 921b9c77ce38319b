"""A fixed, reproducible number of draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.variants import PLAIN, TRACED
from foricheck.strategies.choices import spread
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.jax.recurrence import JaxRecurrence
from foricheck.targets.loading import of_callable, reference
from foricheck.targets.numpy.loop import NumpyLoop

__all__ = ["DRAWS", "all_lanes", "jax_loop", "jax_recurrence", "numpy_loop", "simplest"]

DRAWS = 4096
"""About the number of cases a rule judges at the default profile: 8 batches of 512."""


def all_lanes(decode: Callable[[Any, Array], Any], setting: Any, width: int) -> Any:
    """`DRAWS` cases of a bulk strategy."""
    return decode(setting, spread(0, DRAWS, width))


def simplest(decode: Callable[[Any, Array], Any], setting: Any, width: int) -> Any:
    """The case decoded from the row of zeros."""
    return decode(setting, np.zeros((1, width), np.uint8))


def jax_loop() -> JaxLoop:
    return JaxLoop(reference(), TRACED)


def jax_recurrence() -> JaxRecurrence:
    return JaxRecurrence(reference(), TRACED)


def numpy_loop() -> NumpyLoop:
    def fori_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
        return init_val

    return NumpyLoop(of_callable(fori_loop, array_namespace="numpy"), PLAIN)
