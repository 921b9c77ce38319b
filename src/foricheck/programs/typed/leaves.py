"""Leaves as arrays of JAX, of each sort, and the simplest changes of all their elements."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

__all__ = ["KEY_KIND", "as_array", "bump", "double", "is_a", "key_of", "negate", "number_like"]
__all__ += ["square"]

KEY_KIND = "threefry2x32"
"""The kind of all keys, whatever JAX's default is: the oracle has no other."""


def as_array(x: Any) -> Any:
    """A leaf as an array of JAX."""
    return x if isinstance(x, jax.Array) else jnp.asarray(x)


def key_of(words: Any) -> Any:
    """Keys of their words, uint32 of shape ``(..., 2)``."""
    return jax.random.wrap_key_data(words, impl=KEY_KIND)


def is_a(x: Any, kind: str) -> bool:
    """Whether the dtype of a leaf is of a sort: ``key``, ``bool``, ``float`` and so on."""
    types: dict[str, Any] = {
        "key": jax.dtypes.prng_key,
        "bool": jnp.bool_,
        "float": jnp.inexact,
        "real": jnp.floating,
        "complex": jnp.complexfloating,
        "integer": jnp.integer,
    }
    return bool(jnp.issubdtype(x.dtype, types[kind]))


def number_like(value: Any, x: Any) -> Any:
    """A number in the dtype of a leaf."""
    return jnp.asarray(value).astype(x.dtype)


def bump(x: Any) -> Any:
    """The instruction ``bump``."""
    if is_a(x, "key"):
        return x
    return ~x if is_a(x, "bool") else x + number_like(1, x)


def double(x: Any) -> Any:
    """The instruction ``double``."""
    if is_a(x, "key"):
        return x
    return ~x if is_a(x, "bool") else x + x


def negate(x: Any) -> Any:
    """The instruction ``negate``."""
    if is_a(x, "key"):
        return x
    return -x if is_a(x, "float") else ~x


def square(x: Any) -> Any:
    """A float times itself."""
    return x * x if is_a(x, "float") else x
