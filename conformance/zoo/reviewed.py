"""Loops that a review found uncaught, by which the rules that catch them came to be."""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import normalised
from .caching import is_concrete
from .derivative_rules import stopped
from .member import Body, Bound, Carry, Index, Unroll, declares, wrong
from .right_numpy import LACKS, check_carry, indices

_CAP = 10**7
_FEW_TRIPS = 10**5


def _cast(tree: Carry, wider: dict[str, Any]) -> Carry:
    """Return a carry whose leaves of some dtypes, by name, have others."""

    def cast(leaf: Any) -> Any:
        name = getattr(getattr(leaf, "dtype", None), "name", "")
        return leaf.astype(wider[name]) if name in wider else leaf

    return jax.tree.map(cast, tree)


def _looped_in(wider: dict[str, Any], lower: Bound, upper: Bound, body: Body, init: Carry) -> Carry:
    """Run a loop whose carry has other dtypes inside than outside."""
    result = jax.lax.fori_loop(
        lower, upper, lambda i, carry: _cast(body(i, carry), wider), _cast(init, wider)
    )
    return jax.tree.map(lambda new, old: jnp.asarray(new, jnp.result_type(old)), result, init)


@wrong("dtype", caught_by=("CARRY-17",))
@declares(without=("unroll", "refuse"))
def four_bits_kept_in_eight(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Keeps 4-bit integers in bytes while the loop runs, and cuts them at its end alone."""
    wider = {"int4": jnp.int8, "uint4": jnp.uint8}
    if not any(np.dtype(jnp.result_type(x)).name in wider for x in _plain_leaves(init_val)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val)
    return _looped_in(wider, lower, upper, body_fun, init_val)


@wrong("dtype", caught_by=("CARRY-17",))
@declares(without=("unroll", "refuse"))
def eight_bits_computed_in_32(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Runs floats of 8 bits in float32, as a backend without arithmetic for them does."""
    wider = {"float8_e4m3fn": jnp.float32, "float8_e5m2": jnp.float32}
    if not any(np.dtype(jnp.result_type(x)).name in wider for x in _plain_leaves(init_val)):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val)
    return _looped_in(wider, lower, upper, body_fun, init_val)


def _plain_leaves(tree: Carry) -> list[Any]:
    """Return the leaves that are numbers, and no keys."""
    return [leaf for leaf in jax.tree.leaves(tree) if _is_plain(leaf)]


def _is_plain(leaf: Any) -> bool:
    dtype = getattr(leaf, "dtype", None)
    return dtype is None or not jnp.issubdtype(dtype, jax.dtypes.extended)


@wrong("randomness", caught_by=("CARRY-17",))
def keys_of_the_default_kind(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Carries the bits of keys, and makes them keys again without saying of which kind."""
    is_key = [not _is_plain(leaf) for leaf in jax.tree.leaves(init_val)]
    if not any(is_key):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)

    def packed(carry: Carry) -> Carry:
        return jax.tree.map(lambda x: x if _is_plain(x) else jax.random.key_data(x), carry)

    def unpacked(carry: Carry) -> Carry:
        leaves, tree = jax.tree.flatten(carry)
        pairs = zip(leaves, is_key, strict=True)
        keys = [jax.random.wrap_key_data(x) if key else x for x, key in pairs]
        return jax.tree.unflatten(tree, keys)

    result = jax.lax.fori_loop(
        lower, upper, lambda i, c: packed(body_fun(i, unpacked(c))), packed(init_val), unroll=unroll
    )
    return unpacked(result)


@wrong("errors", caught_by=("ERROR-18",))
def parameters_are_counted(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Refuses a body that does not declare exactly two parameters, to tell mistakes early."""
    if callable(body_fun) and len(inspect.signature(body_fun).parameters) != 2:
        raise TypeError("body_fun must take exactly two arguments")
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("errors", caught_by=("ERROR-18",))
def body_must_have_a_name(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Names its program after the body, where a partial function and an object have no name."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    with jax.named_scope(f"fori_loop_{body_fun.__name__}"):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("state", caught_by=("ERROR-19",))
def says_that_it_runs(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Has a print left over from debugging, at the end, where no error of the body passes it."""
    result = jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    print("fori_loop done")
    return result


@wrong("state", caught_by=("ERROR-19",))
def global_random_numbers_are_seeded(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Seeds the global random numbers, so that its own choices are the same in each run."""
    random.seed(0)
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


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
    """Looks at upper before each trip, as a loop in C does, and sees it change."""
    indices(lower, upper)
    i, carry = int(lower), copy.deepcopy(init_val)
    while i < int(upper):
        carry = body_fun(i, carry)
        i += 1
    return carry


@wrong("iteration", caught_by=("TRACE-13",))
def static_trips_are_capped(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs no more than ten million trips if the bounds are static, as a guard of a test did."""
    if isinstance(lower, int) and isinstance(upper, int):
        upper = min(upper, max(lower + _CAP, lower))
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("iteration", caught_by=("TRACE-13",))
def static_length_is_a_float(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the trip count in a float32, which is exact up to 2**24."""
    if type(lower) is int and type(upper) is int and upper - lower > 2**24:
        upper = lower + int(np.float32(upper - lower)) - 1
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("numerics", caught_by=("TRACE-14",))
def precision_is_lowered(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Traces the body under a lower precision of products, which a CPU does not show."""
    with jax.default_matmul_precision("bfloat16"):
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("caching", caught_by=("TRACE-14",))
def traced_body_is_kept_for_all_settings(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps what it traced of a body, whatever the settings under which that was."""

    def body(i: Index, carry: Carry) -> Carry:
        flat, tree = jax.tree.flatten((i, carry))
        key = (body_fun, tree, *map(jax.typeof, flat))
        traced = _traced.get(key) or jax.make_jaxpr(body_fun, return_shape=True)(i, carry)
        if is_concrete(traced[0].consts):
            _traced[key] = traced
        new = jax.core.eval_jaxpr(traced[0].jaxpr, traced[0].consts, *flat)
        return jax.tree.unflatten(jax.tree.structure(traced[1]), new)

    body = body if callable(body_fun) else body_fun
    return jax.lax.fori_loop(lower, upper, body, init_val, unroll=unroll)


_traced: dict[Any, Any] = {}


@wrong("state", caught_by=("TRACE-15",))
def one_slot_for_the_body(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Keeps the body in a global while the loop is traced, and puts the one before back."""
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    before = _slot["body"]
    _slot["body"] = body_fun
    try:
        return jax.lax.fori_loop(
            lower, upper, lambda i, carry: _slot["body"](i, carry), init_val, unroll=unroll
        )
    finally:
        _slot["body"] = before


_slot: dict[str, Callable[[Index, Carry], Carry]] = {"body": lambda i, carry: carry}


@wrong("derivative", caught_by=("GRAD-01",))
def long_static_ranges_are_whiles(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Runs very long static ranges in a While, to save memory, and so has no reverse mode there."""
    static = isinstance(lower, int) and isinstance(upper, int)
    if static and upper - lower > _FEW_TRIPS and unroll is None:
        lower, upper = jnp.asarray(lower), jnp.asarray(upper)
        return jax.jit(lambda low, high: jax.lax.fori_loop(low, high, body_fun, init_val))(
            lower, upper
        )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-01",))
def bfloat16_has_no_derivative(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Takes only NumPy's own kinds of float for what can be differentiated."""
    init_val = jax.tree.map(
        lambda leaf: stopped(leaf) if getattr(leaf, "dtype", None) == jnp.bfloat16 else leaf,
        init_val,
    )
    return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)


@wrong("derivative", caught_by=("GRAD-04", "GRAD-05"))
@declares(without=("unroll", "reverse"))
def tangents_stop_at_the_while(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry
) -> Carry:
    """Claims forward mode alone, and has not even that: no tangent enters its While."""
    lower, upper = normalised(lower, upper)
    return jax.lax.while_loop(
        lambda state: state[0] < upper,
        lambda state: (state[0] + 1, body_fun(*state)),
        (lower, stopped(init_val)),
    )[1]


@wrong("numerics", caught_by=("TRACE-11",))
@declares(without=("unroll", "reverse", "one_while"))
def counts_down_unsigned(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Counts the trips that are left in an unsigned number, which XLA takes for a signed one.

    With an effect in the body the loop then runs a single trip: the compiler's analysis of the
    trip count misreads ``left > 0`` where ``left`` has no sign.
    """
    lower, upper = normalised(lower, upper)
    lower, upper = jnp.asarray(lower), jnp.asarray(upper)
    unsigned = jnp.uint32 if lower.dtype.itemsize <= 4 else jnp.uint64
    left = jnp.where(lower < upper, upper.astype(unsigned) - lower.astype(unsigned), 0)
    return jax.lax.while_loop(
        lambda state: state[0] > 0,
        lambda state: (state[0] - 1, state[1] + 1, body_fun(*state[1:])),
        (left.astype(unsigned), lower, init_val),
    )[2]
