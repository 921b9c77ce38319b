"""The recurrence exercise taken to pieces, so that a member can replace one of them.

``solve`` iterates ``state <- tanh(state @ W + x)`` T times from ``state = x``, where
``W = 0.1 normal(key, (hidden, hidden))`` and ``key`` is the first key that
``flax.nnx.Rngs(seed).params()`` draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from .bounds import is_traced

Array = jax.Array
Weights = Callable[[Any, int], jax.Array]
Step = Callable[[jax.Array, jax.Array, jax.Array], jax.Array]
PLAIN = ("traced", "jit", "pmap", "vmap", "grad")
"""What a recurrence that is called with NumPy arrays alone cannot do."""


def whole(name: str, value: Any) -> Any:
    """Return a number truncated as ``int`` does; a traced one is truncated to int32.

    Raises:
        ValueError: the number is not finite.
    """
    if is_traced(value):
        floating = jnp.issubdtype(value.dtype, jnp.floating)
        return value.astype(jnp.int32) if floating else value
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")
    return int(value)


def width(hidden: Any) -> int:
    """Return hidden as a Python int.

    Raises:
        ValueError: hidden is not finite or is below 1.
    """
    size = int(whole("hidden", hidden))
    if size < 1:
        raise ValueError(f"hidden must be at least 1, got {hidden}")
    return size


def vector(x: Any, size: int) -> jax.Array:
    """Return x as a floating-point array of shape ``(size,)``.

    Raises:
        TypeError: x is not numeric.
        ValueError: x has another shape.
    """
    array = jnp.asarray(x)
    if array.shape != (size,):
        raise ValueError(f"x must have shape ({size},), got {array.shape}")
    return array.astype(jnp.promote_types(array.dtype, jnp.float32))


def first_key(seed: Any) -> jax.Array:
    """Return the key that ``flax.nnx.Rngs(seed).params()`` draws first; seed may be traced."""
    return jax.random.fold_in(jax.random.key(seed), 0)


def normal_weights(seed: Any, size: int) -> jax.Array:
    """Return W, float32 of shape ``(size, size)``."""
    return jax.random.normal(first_key(seed), (size, size)) * 0.1


def tanh_step(state: jax.Array, W: jax.Array, x: jax.Array) -> jax.Array:
    """Return the next state."""
    return jnp.tanh(state @ W + x)


def step_count(T: Any) -> Any:
    """Return the number of steps, negative for none."""
    return whole("T", T)


def seed_number(seed: Any) -> Any:
    """Return the seed as a whole number."""
    return whole("seed", seed)


def itself(value: Any) -> Any:
    """Return the argument."""
    return value


def solve(
    seed: Any,
    x: Any,
    hidden: Any,
    T: Any,
    *,
    size: Callable[[Any], int] = width,
    number: Callable[[Any], Any] = seed_number,
    weights: Weights = normal_weights,
    read: Callable[[Any, int], jax.Array] = vector,
    start: Callable[[jax.Array], jax.Array] = itself,
    step: Step = tanh_step,
    steps: Callable[[Any], Any] = step_count,
) -> jax.Array:
    """Return the state after T steps, shape ``(hidden,)``; each piece can be replaced."""
    units = size(hidden)
    x = read(x, units)
    W = weights(number(seed), units)
    final: jax.Array = jax.lax.fori_loop(0, steps(T), lambda _, s: step(s, W, x), start(x))
    return final
