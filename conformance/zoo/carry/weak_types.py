"""Loops that lose weak types, or give them to leaves that had none."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from ..defects import on_body, on_init, on_result
from ..member import Body, Bound, Carry, Index, Unroll, wrong
from ..support.bodies import finished, mended, structure
from ..support.bounds import is_traced, is_weak


@wrong("dtype", caught_by=("CARRY-10",))
@on_init
def weak_init_not_promoted(init_val: Carry) -> Carry:
    """Fixes the dtype of a Python scalar at the start, so that 0 with a body + 0.5 is refused."""
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.result_type(leaf)), init_val)


@wrong("dtype", caught_by=("CARRY-10",))
@on_body
def weak_init_truncates(body_fun: Body) -> Body:
    """Fixes the dtype of a Python int before it sees the body: 0 with a body + 0.5 stays 0."""

    def truncate(old: Any, new: Any) -> Any:
        weak = is_weak(old) and jnp.issubdtype(jnp.result_type(old), jnp.integer)
        return jnp.asarray(new, jnp.result_type(old)) if weak and is_weak(new) else new

    return mended(body_fun, truncate)


@wrong("dtype", caught_by=("CARRY-18",))
@on_result
def weak_type_lost(result: Carry) -> Carry:
    """Returns a Python scalar's leaf strongly typed: the value is right, but it wins promotions."""
    return finished(
        lambda leaf: jax.lax.convert_element_type(leaf, leaf.dtype),
        result,
    )


@wrong("dtype", caught_by=("CARRY-18",))
@on_result
def scalars_become_weak(result: Carry) -> Carry:
    """Returns scalars through item(), to wait for them, which makes them weakly typed."""

    def weak(leaf: Any) -> Any:
        plain = leaf.dtype in (jnp.result_type(float), jnp.result_type(int))
        return jnp.asarray(leaf.item()) if plain and not leaf.ndim and not is_traced(leaf) else leaf

    return finished(weak, result)


@wrong("dtype", caught_by=("CARRY-14",))
@on_result
def forwarded_leaves_in_one_buffer(
    lower: Bound, body_fun: Body, init_val: Carry, result: Carry
) -> Carry:
    """Lays the leaves that the body only forwards end to end, and so gives them one dtype."""
    leaves, tree = jax.tree.flatten(init_val)
    kept = _forwarded(lower, body_fun, init_val)
    if not kept:
        return result
    common = jnp.result_type(*(jnp.asarray(leaves[n]) for n in kept))
    new = jax.tree.leaves(result)
    changed = [jnp.asarray(leaf, common) if n in kept else leaf for n, leaf in enumerate(new)]
    return jax.tree.unflatten(tree, changed)


@wrong("dtype", caught_by=("CARRY-14",))
@on_result
def forwarded_numbers_are_integers(
    lower: Bound, body_fun: Body, init_val: Carry, result: Carry
) -> Carry:
    """Takes a weakly typed scalar that the body only forwards for a count, and truncates it."""
    kept = _forwarded(lower, body_fun, init_val)
    leaves, tree = jax.tree.flatten(result)
    weak = [n for n in kept if jnp.asarray(leaves[n]).weak_type]
    changed = [jnp.asarray(leaf, jnp.int32) if n in weak else leaf for n, leaf in enumerate(leaves)]
    return jax.tree.unflatten(tree, changed)


def _forwarded(lower: Bound, body_fun: Body, init_val: Carry) -> list[int]:
    """Return the places of the leaves that the body hands on as they are."""
    seen: list[list[int]] = []

    def traced(carry: Carry) -> Carry:
        new = body_fun(lower, carry)
        pairs = zip(jax.tree.leaves(carry), jax.tree.leaves(new), strict=False)
        seen.append([n for n, (old, other) in enumerate(pairs) if old is other])
        return new

    jax.eval_shape(traced, init_val)
    return seen[0]


@wrong("dtype", caught_by=("CARRY-16",))
def weak_leaves_take_the_default_dtype(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Makes Python floats float32 before the loop, and casts what the body makes of them."""
    start = jax.tree.map(_strong, init_val)

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        if structure(new) != structure(carry):
            return new
        return jax.tree.map(_as_before, init_val, carry, new)

    return jax.lax.fori_loop(lower, upper, body, start, unroll=unroll)


@wrong("dtype", caught_by=("CARRY-16",))
def weak_leaves_share_the_first_dtype(
    lower: Bound, upper: Bound, body_fun: Body, init_val: Carry, *, unroll: Unroll = None
) -> Carry:
    """Promotes weakly typed leaves in one round, and gives what is left the index's dtype."""
    try:
        return jax.lax.fori_loop(lower, upper, body_fun, init_val, unroll=unroll)
    except TypeError:
        if not all(map(_is_weak, jax.tree.leaves(init_val))):
            raise
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.int32), init_val)


def _is_weak(leaf: Any) -> bool:
    return bool(jnp.asarray(leaf).weak_type)


def _strong(leaf: Any) -> Any:
    weak = _is_weak(leaf) and jnp.issubdtype(jnp.result_type(leaf), jnp.floating)
    return jnp.asarray(leaf, jnp.float32) if weak else leaf


def _as_before(first: Any, old: Any, new: Any) -> Any:
    changed = _strong(first) is not first
    return jnp.asarray(new, jnp.result_type(old)) if changed else new


@wrong("dtype", caught_by=("CARRY-10",))
@on_init
def only_python_numbers_are_weak(init_val: Carry) -> Carry:
    """Checks for Python numbers in place of weak types, which arrays can have as well."""

    def strengthened(leaf: Any) -> Any:
        weak = isinstance(leaf, jax.Array) and leaf.weak_type
        return jax.lax.convert_element_type(leaf, leaf.dtype) if weak else leaf

    return jax.tree.map(strengthened, init_val)


@wrong("dtype", caught_by=("CARRY-18",))
@on_init
def doubles_of_numpy_are_python_floats(init_val: Carry) -> Carry:
    """Asks isinstance(leaf, float), which is true of np.float64: its carry becomes weak."""
    return jax.tree.map(lambda leaf: float(leaf) if isinstance(leaf, float) else leaf, init_val)
