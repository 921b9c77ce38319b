"""Loops that are right until they are deep inside each other."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body
from ..member import Body, Carry, wrong

_depth: list[int] = []


@wrong("iteration", caught_by=("ITER-24",))
@on_body
def five_loops_are_four(body_fun: Body) -> Body:
    """Runs the body of the fifth loop inside others once: a stack of four is enough for most."""

    def body(i: Any, carry: Carry) -> Carry:
        _depth.append(1)
        try:
            new = body_fun(i, carry)
            if len(_depth) < 5:
                return new
            return jax.tree.map(lambda a, b: jnp.where(i == 0, a, b), new, carry)
        finally:
            _depth.pop()

    return body
