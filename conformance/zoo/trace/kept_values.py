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


_programs: dict[Any, Any] = {}


@wrong("caching", caught_by=("TRACE-16",))
def compiled_by_code(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps compiled loops by the code of the body, and forgets its default arguments."""
    code = getattr(body_fun, "__code__", None)
    if code is None or body_fun.__closure__ or not is_concrete(jax.tree.leaves(init_val)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    if not all(type(value) is int for value in (lower, upper, *(body_fun.__defaults__ or ()))):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    leaves, tree = jax.tree.flatten(init_val)
    key = code, lower, upper, tree, *map(jax.typeof, leaves)
    if key not in _programs:
        _programs[key] = jax.jit(
            lambda carry: jax.lax.fori_loop(lower, upper, body_fun, carry, unroll=unroll)
        )
    return _programs[key](init_val)
