"""Loops that mishandle sharded arrays, donated buffers or PRNG keys."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_init, on_result, on_trip
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import structure
from ..support.bounds import is_traced, is_weak
from ..support.programs import is_concrete, is_key


@wrong("tracing", caught_by=("XFORM-08",))
@on_init
def carry_on_the_first_device(init_val: Carry) -> Carry:
    """Moves the carry to the first device before it starts."""
    if is_concrete(init_val):
        init_val = jax.device_put(init_val, jax.devices()[0])
    return init_val


@wrong("tracing", caught_by=("XFORM-08",))
@on_init
def carry_through_numpy(init_val: Carry) -> Carry:
    """Converts the carry to NumPy arrays, to copy it: a sharded array is gathered on the host."""

    def copied(leaf: Any) -> Any:
        plain = isinstance(leaf, jax.Array) and not is_traced(leaf) and not is_weak(leaf)
        return np.asarray(leaf) if plain and jnp.issubdtype(leaf, np.number) else leaf

    return jax.tree.map(copied, init_val)


@wrong("aliasing", caught_by=("XFORM-10",))
def gives_the_carry_away(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Donates the initial carry to its own compiled loop, though the caller may still need it."""

    def run(init: Carry) -> Carry:
        return jax.lax.fori_loop(lower, upper, body_fun, init, unroll=unroll)

    return jax.jit(run, donate_argnums=0)(init_val) if _arrays(init_val) else run(init_val)


def _arrays(tree: Carry) -> bool:
    """Say whether all leaves are JAX arrays with values."""
    return all(
        isinstance(leaf, jax.Array) and not is_traced(leaf) for leaf in jax.tree.leaves(tree)
    )


_work: list[Carry] = []


@wrong("aliasing", caught_by=("XFORM-10",))
@on_result
def reuses_its_result(result: Carry) -> Carry:
    """Frees the arrays of its last result to work in them, while the caller still holds them."""
    if _arrays(result):
        for leaf in jax.tree.leaves(_work):
            leaf.delete()
        _work[:] = [jax.tree.map(jnp.copy, result)]
        return _work[0]
    return result


@wrong("dtype", caught_by=("XFORM-12",))
@on_trip
def carries_numbers_alone(body_fun: Body, i: Index, carry: Carry) -> Carry:
    """Carries leaves of numeric dtypes only: a key never changes, and repeats its bits."""
    new = body_fun(i, carry)
    if structure(new) != structure(carry):
        return new
    return jax.tree.map(lambda a, b: a if is_key(a) else b, carry, new)


@wrong("dtype", caught_by=("XFORM-12",))
@on_result
def keys_come_back_as_numbers(result: Carry) -> Carry:
    """Unpacks keys into raw key data for the device, and never wraps them again."""
    return jax.tree.map(lambda leaf: jax.random.key_data(leaf) if is_key(leaf) else leaf, result)
