"""Loops that take the arrays of a call for those of an earlier one."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_init
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.programs import is_concrete

_on_device: dict[Any, Any] = {}


@wrong("caching", caught_by=("TRACE-16",))
@on_init
def arrays_of_numpy_are_moved_once(init_val: Carry) -> Carry:
    """Keeps what it moved to the device by the identity of the array, which may be refilled."""

    def moved(leaf: Any) -> Any:
        if type(leaf) is not np.ndarray:
            return leaf
        kept = _on_device.setdefault((id(leaf), leaf.shape, leaf.dtype), (leaf, jnp.array(leaf)))
        return kept[1]

    return jax.tree.map(moved, init_val)


_results: dict[Any, Any] = {}


@wrong("caching", caught_by=("TRACE-16",))
def results_kept_by_bytes(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the results of a body by the bytes of its carry: zeros are the same in all dtypes."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    plain = isinstance(init_val, jax.Array) and is_concrete([init_val, result])
    if not plain or not all(type(bound) is int for bound in (lower, upper)):
        return result
    if jnp.issubdtype(init_val.dtype, jax.dtypes.extended):
        return result
    contents = np.asarray(init_val).tobytes()
    return _results.setdefault((body_fun, lower, upper, init_val.shape, contents), result)
