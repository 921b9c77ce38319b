"""Right loops that are no plain functions: a partial, and objects."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import jax

from ..member import Body, Bound, Carry, Unroll, right_object
from .numpy_loops import LACKS, numpy_loop

partial_object: Any = partial(jax.lax.fori_loop, unroll=None)
right_object(
    partial_object,
    f"{__name__}:partial_object",
    "Is a functools.partial of JAX's loop, with unroll set to its default.",
)


class Loop:
    """A loop as an object, with its settings as attributes."""

    def __init__(self, *, unroll: Unroll = None) -> None:
        self.unroll = unroll

    def __call__(
        self,
        lower: Bound,
        upper: Bound,
        body_fun: Body,
        init_val: Carry,
        *,
        unroll: Unroll = None,
    ) -> Carry:
        """Run the loop, by default unrolled as the object says."""
        factor = self.unroll if unroll is None else unroll
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=factor)


loop_object = Loop()
right_object(
    loop_object, f"{__name__}:loop_object", "Is an object of a class with a __call__ and settings."
)


class PlainLoop:
    """A loop on NumPy arrays as an object that counts its calls."""

    foricheck: ClassVar[dict[str, Any]] = {"without": LACKS, "array_namespace": "numpy"}

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
        """Run the loop."""
        self.calls += 1
        return numpy_loop(lower, upper, body_fun, init_val)


numpy_object = PlainLoop()
right_object(
    numpy_object,
    f"{__name__}:numpy_object",
    "Is an object that loops over NumPy arrays and counts its calls, which shows in no result.",
)
