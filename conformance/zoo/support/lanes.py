"""How a loop notices vmap: :func:`batched` calls a function with all lanes of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.custom_batching import custom_vmap

from ..member import Body, Bound, Carry, Index
from .bodies import alike, structure
from .bounds import is_traced

Lanes = Any
"""An array whose first axis is that of vmap."""


def batched(change: Callable[[Lanes], Lanes], *, shared: bool = False) -> Callable[[Any], Any]:
    """Return a function that gives an array back, except that under vmap ``change`` is applied.

    Args:
        change: from all lanes to all lanes; or to one value, if ``shared``.
        shared: whether the result is the same for all lanes.
    """

    @custom_vmap
    def through(x: Any) -> Any:
        return x

    @through.def_vmap
    def _(_size: int, _batched: list[bool], x: Lanes) -> tuple[Any, bool]:
        return change(x), not shared

    return lambda x: through(x) if is_traced(x) else x


first_lane = batched(lambda lanes: lanes[0], shared=True)
longest = batched(lambda lanes: lanes.max(axis=0), shared=True)
shortest = batched(lambda lanes: lanes.min(axis=0), shared=True)


@custom_vmap
def _inside(outside: Any, old: Any, new: Any) -> Any:
    return new


@_inside.def_vmap
def _(size: int, which: list[bool], outside: Lanes, old: Any, new: Any) -> tuple[Any, bool]:
    if not which[0]:
        return new, which[2]
    old, new = (
        leaf if mapped else jnp.broadcast_to(leaf, (size, *jnp.shape(leaf)))
        for leaf, mapped in zip((old, new), which[1:], strict=True)
    )
    return jax.vmap(jnp.where)(outside, old, new), True


def masked(body_fun: Body, lower: Bound, upper: Bound, *, leaves: int | None = None) -> Body:
    """Return a body that keeps the first ``leaves`` leaves, or all, outside of a lane's range."""

    def body(i: Index, carry: Carry) -> Carry:
        result = body_fun(i, carry)
        old, new = jax.tree.leaves(carry), jax.tree.leaves(result)
        if structure(carry) != structure(result) or not all(map(alike, old, new)):
            return result
        outside = (i < lower) | (i >= upper)
        kept = [_inside(outside, *pair) for pair in zip(old, new, strict=True)][:leaves]
        return jax.tree.unflatten(structure(carry), kept + new[len(kept) :])

    return body
