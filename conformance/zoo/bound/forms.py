"""Loops that mishandle bounds given as NumPy scalars or arrays."""

from __future__ import annotations

import copy

import jax
import jax.numpy as jnp
import numpy as np

from ..defects import on_given_bounds
from ..member import Body, Bound, Bounds, Carry, Unroll, declares, wrong
from ..right.numpy_loops import LACKS, check_carry, indices
from ..support.bounds import common_dtype


@wrong("shape", caught_by=("BOUND-08",))
@on_given_bounds
def first_element_of_bound(lower: Bound, upper: Bound) -> Bounds:
    """Takes the first element of a bound that is not a scalar, as a view of its memory does."""
    lower, upper = (
        bound if jnp.ndim(bound) == 0 or jnp.size(bound) == 0 else bound.ravel()[0]
        for bound in (lower, upper)
    )
    return lower, upper


@wrong("bounds", caught_by=("BOUND-09",))
@on_given_bounds
def numpy_scalar_loses_sign(lower: Bound, upper: Bound) -> Bounds:
    """Keeps the low seven bits of a NumPy scalar, with a mask for ASCII: -3 becomes 125."""
    common_dtype(lower, upper)
    lower, upper = (
        type(bound)(int(bound) & 0x7F) if isinstance(bound, np.integer) else bound
        for bound in (lower, upper)
    )
    return lower, upper


@wrong("bounds", caught_by=("BOUND-09",))
@on_given_bounds
def zero_dimensional_array_refused(lower: Bound, upper: Bound) -> Bounds:
    """Refuses a zero-dimensional NumPy array: it accepts int, np.integer and jax.Array."""
    if isinstance(lower, np.ndarray) or isinstance(upper, np.ndarray):
        raise TypeError("lower and upper must be integers, got an array")
    return lower, upper


@wrong("aliasing", caught_by=("BOUND-14",))
@declares(without=LACKS, array_namespace="numpy")
def lower_is_counted_up(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Counts with ``i += 1``, which writes into the caller's array if lower is one."""
    indices(lower, upper)
    check_carry(init_val, body_fun(int(lower), init_val))
    i = lower if isinstance(lower, np.ndarray) else int(lower)
    end, carry = int(upper), copy.deepcopy(init_val)
    while int(i) < end:
        carry = body_fun(i, carry)
        i += 1
    return carry


@wrong("aliasing", caught_by=("BOUND-14",))
@declares(without=(*LACKS, "refuse"), array_namespace="numpy")
def upper_is_read_again(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Reads upper before each trip, as a loop in C does, and sees changes to it."""
    indices(lower, upper)
    i, carry = int(lower), copy.deepcopy(init_val)
    while i < int(upper):
        carry = body_fun(i, carry)
        i += 1
    return carry


@wrong("dtype", caught_by=("BOUND-16",))
def python_integers_folded_in_python(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs a short loop over Python integers in Python, where they grow and do not wrap."""
    leaves = jax.tree.leaves(init_val)
    numbers = bool(leaves) and all(type(n) is int for n in (lower, upper, *leaves))
    if not numbers or not 16 < upper - lower <= 64:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return jax.tree.map(jnp.asarray, init_val)
