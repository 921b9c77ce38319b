"""What is known when a loop is traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..member import Bound, Carry
from .bounds import is_traced, normalised


def is_concrete(tree: Any) -> bool:
    """Say whether no leaf of a tree is traced."""
    return not any(is_traced(leaf) for leaf in jax.tree.leaves(tree))


Loop = Callable[..., Carry]


def static_range(lower: Bound, upper: Bound) -> range | None:
    """Return the indices of a loop with static bounds, or None if a bound is traced."""
    lower, upper = normalised(lower, upper)
    return None if is_traced(lower) or is_traced(upper) else range(lower, upper)


def arrays(tree: Carry) -> Carry:
    """Return a carry whose leaves are arrays."""
    return jax.tree.map(jnp.asarray, tree)


def is_key(leaf: Any) -> bool:
    """Say whether a leaf is a typed PRNG key."""
    return bool(jnp.issubdtype(jnp.result_type(leaf), jax.dtypes.prng_key))
