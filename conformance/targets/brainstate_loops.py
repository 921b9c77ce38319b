"""A ``fori_loop`` built from brainstate's ``while_loop``; brainstate itself has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from brainstate.transform import while_loop

from .written import written

__all__ = ["counted"]


def _counted(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    """Keep the index in the carry, and check the bounds, which a while loop does not do."""
    low, high = jnp.asarray(lower), jnp.asarray(upper)
    mixed = low.dtype != high.dtype and low.weak_type == high.weak_type
    if mixed or low.dtype.kind != high.dtype.kind:
        raise TypeError(f"the bounds have the types {low.dtype} and {high.dtype}")

    def step(state: Any) -> Any:
        return state[0] + 1, body_fun(state[0], state[1])

    return while_loop(lambda state: state[0] < upper, step, (lower, init_val))[1]


counted = written(
    _counted,
    imports="import jax.numpy as jnp\nfrom brainstate.transform import while_loop",
    # The documentation excludes reverse mode. The body is traced once to detect which states it
    # changes, and once more in the loop.
    without=("reverse", "one_trace"),
)
