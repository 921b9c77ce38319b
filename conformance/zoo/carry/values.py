"""Loops that change special values in the carry, or stop at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_init, on_result
from ..member import Body, Bound, Carry, Unroll, wrong
from ..support.bodies import finished, until


@wrong("numerics", caught_by=("CARRY-04",))
@on_result
def negative_zero_lost(result: Carry) -> Carry:
    """Turns -0.0 into 0.0: the result is added to a buffer of zeros."""
    return finished(
        lambda leaf: jnp.where(leaf == 0, jnp.abs(leaf), leaf) if _is_float(leaf) else leaf,
        result,
    )


@wrong("numerics", caught_by=("CARRY-04",))
@on_result
def nan_becomes_zero(result: Carry) -> Carry:
    """Turns NaN into 0: a clean-up for plots was left in the loop."""
    return finished(
        lambda leaf: jnp.where(jnp.isnan(leaf), 0, leaf) if _is_float(leaf) else leaf,
        result,
    )


@wrong("numerics", caught_by=("CARRY-04",))
@on_result
def infinity_becomes_largest(result: Carry) -> Carry:
    """Turns an infinity into the largest finite number: a saturating conversion on the way out."""
    return finished(
        lambda leaf: jnp.nan_to_num(leaf, nan=jnp.nan) if _is_float(leaf) else leaf,
        result,
    )


@wrong("structure", caught_by=("CARRY-04",))
@on_init
def nothing_to_carry_is_refused(init_val: Carry) -> Carry:
    """Treats an initial carry of None as a missing argument."""
    if init_val is None:
        raise TypeError("init_val is missing")
    return init_val


def any_of(test: Callable[[Any], Any], tree: Carry) -> Any:
    """Say whether a test holds for an element of a float leaf."""
    floats = [leaf for leaf in jax.tree.leaves(tree) if _is_float(leaf)]
    return jnp.any(jnp.asarray([jnp.any(test(leaf)) for leaf in floats], bool))


def _is_float(leaf: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(leaf), jnp.floating))


@wrong("iteration", caught_by=("CARRY-04",))
def stops_at_nan(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops where a NaN appears, a guard of training runs: the trips after it are not run."""
    body = until(lambda _, new: any_of(jnp.isnan, new), body_fun)
    start = (init_val, any_of(jnp.isnan, init_val))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]


@wrong("iteration", caught_by=("CARRY-04",))
def stops_at_infinity(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Stops where a float overflows, on the assumption that later trips are useless."""
    body = until(lambda _, new: any_of(jnp.isinf, new), body_fun)
    start = (init_val, jnp.asarray(False))
    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)[0]
