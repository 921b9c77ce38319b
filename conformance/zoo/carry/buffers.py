"""Loops that write into the caller's arrays, or give them away."""

from __future__ import annotations

import copy

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_result
from ..member import Body, Bound, Carry, Unroll, declares, wrong
from ..right.numpy_loops import LACKS, check_carry, indices, numpy_loop
from ..support.bounds import is_traced
from ..support.programs import is_concrete


@wrong("aliasing", caught_by=("CARRY-09",))
@on_result
def overwrites_initial_array(init_val: Carry, result: Carry) -> Carry:
    """Uses the caller's NumPy arrays as its working buffers and leaves the result in them."""
    result = jax.tree.map(jnp.array, result)
    for init, final in zip(jax.tree.leaves(init_val), jax.tree.leaves(result), strict=True):
        if isinstance(init, np.ndarray) and init.flags.writeable and not is_traced(final):
            np.copyto(init, final, casting="unsafe")
    return result


@wrong("aliasing", caught_by=("CARRY-15",))
@declares(without=LACKS, array_namespace="numpy")
def checked_without_a_copy(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Checks the carry after each iteration, and starts from the caller's own arrays."""
    return _checked(indices(lower, upper), body_fun, init_val, init_val)


@wrong("aliasing", caught_by=("CARRY-15",))
@declares(without=LACKS, array_namespace="numpy")
def copied_at_the_top_only(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Copies the carry and not what is in it: an array is safe, one in a tuple is not."""
    return _checked(indices(lower, upper), body_fun, copy.copy(init_val), init_val)


def _checked(trips: range, body_fun: Body, carry: Carry, init_val: Carry) -> Carry:
    pristine = copy.deepcopy(init_val)
    check_carry(pristine, body_fun(trips.start, copy.deepcopy(init_val)))
    for i in trips:
        carry = body_fun(i, carry)
        check_carry(pristine, carry)
    return carry


_LARGE = 2**20


@wrong("aliasing", caught_by=("CARRY-19",))
def large_carries_are_donated(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Donates the buffers of a carry above a megabyte without the consent of the caller."""
    leaves = jax.tree.leaves(init_val)
    large = sum(getattr(leaf, "nbytes", 0) for leaf in leaves if not is_traced(leaf)) > _LARGE
    if large and is_concrete((lower, upper, init_val)):
        donating = jax.jit(
            lambda carry: jax.lax.fori_loop(lower, upper, body_fun, carry, unroll=unroll),
            donate_argnums=0,
        )
        return donating(init_val)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("aliasing", caught_by=("CARRY-09",))
@declares(without=LACKS, array_namespace="numpy")
def writes_into_the_initial_carry(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Keeps the new carry in the caller's arrays, to save an allocation."""
    result = numpy_loop(lower, upper, body_fun, init_val)
    _copy_into(init_val, result)
    return result


def _copy_into(target: Carry, value: Carry) -> None:
    if isinstance(target, tuple | list):
        for old, new in zip(target, value, strict=True):
            _copy_into(old, new)
    elif isinstance(target, np.ndarray):
        target[...] = value
