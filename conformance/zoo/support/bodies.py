"""Bodies and carries that a defect changes in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..member import Body, Carry, Index
from .bounds import is_weak

Leafwise = Callable[[Any, Any], Any]


def mended(body_fun: Body, mend: Leafwise) -> Body:
    """Return a body whose new leaves are ``mend(old, new)``, if the structures agree."""

    def body(i: Index, carry: Carry) -> Carry:
        new = body_fun(i, carry)
        same = structure(carry) == structure(new)
        return jax.tree.map(mend, carry, new) if same else new

    return body


def cast_back(old: Any, new: Any) -> Any:
    """Return the new leaf in the dtype of the old one, unless that is weakly typed."""
    return new if is_weak(old) or is_weak(new) else jnp.asarray(new, jnp.result_type(old))


def finished(change: Callable[[Any], Any], result: Carry) -> Carry:
    """Return the final carry with each leaf changed."""
    return jax.tree.map(lambda leaf: change(jnp.asarray(leaf)), result)


def until(ends: Callable[[Carry, Carry], Any], body_fun: Body) -> Callable[[Index, Carry], Carry]:
    """Return a body on a pair: the carry, and whether ``ends(old, new)`` held after a trip."""

    def body(i: Index, state: tuple[Carry, Any]) -> tuple[Carry, Any]:
        carry, done = state
        result = body_fun(i, carry)
        if not comparable(carry, result):
            return result, done
        new = held(done, carry, result)
        return new, done | ends(carry, new)

    return body


def comparable(one: Carry, other: Carry) -> bool:
    """Say whether two carries have the same structure, dtypes and shapes."""
    leaves = (jax.tree.leaves(one), jax.tree.leaves(other))
    return structure(one) == structure(other) and all(map(alike, *leaves))


def reindexed(body_fun: Body, index: Callable[[Index], Index]) -> Body:
    """Return a body that sees ``index(i)`` in place of ``i``."""
    return lambda i, carry: body_fun(index(i), carry)


def held(stay: Any, old: Carry, new: Carry) -> Carry:
    """Return ``old`` where ``stay`` holds; where the types differ, ``new``, to be refused."""
    if structure(old) != structure(new):
        return new
    return jax.tree.map(lambda a, b: jnp.where(stay, a, b) if alike(a, b) else b, old, new)


def structure(tree: Carry) -> Any:
    """Return the structure of a pytree."""
    return jax.tree.structure(tree)


def alike(a: Any, b: Any) -> bool:
    """Say whether two leaves have the same dtype and shape."""
    return jnp.result_type(a) == jnp.result_type(b) and jnp.shape(a) == jnp.shape(b)
