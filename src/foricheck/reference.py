"""The reference: a Flax NNX recurrence that loops a runtime number of times over its parameters.

``state ← tanh(state @ W + x)``, run ``T`` times from ``state = x`` by ``jax.lax.fori_loop``: one
``While``, traced once, whatever ``T`` is.
"""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax.typing import ArrayLike

__all__ = ["Recurrence", "fori_loop_recurrence"]

_LONGEST = 2**31 - 1


class Recurrence(nnx.Module):
    """A tanh recurrence with one square weight matrix.

    Args:
        hidden: the width of the state, at least 1.
        rngs: the stream ``params`` gives the key of the weights.

    Attributes:
        W: ``nnx.Param`` of shape ``(hidden, hidden)``, drawn as ``normal * 0.1``.
    """

    def __init__(self, hidden: int, *, rngs: nnx.Rngs) -> None:
        self.hidden = hidden
        self.W = nnx.Param(jax.random.normal(rngs.params(), (hidden, hidden)) * 0.1)

    def __call__(self, x: jax.Array, T: ArrayLike) -> jax.Array:
        """Run ``T`` steps from ``state = x``.

        Args:
            x: shape ``(..., hidden)``, of the dtype of ``W``: the carry keeps its dtype.
            T: the trip count, a Python int (static) or a signed integer scalar, traced or not.
                ``T <= 0`` returns ``x``.
        """
        W = self.W[...]  # a plain array: a Variable has identity, a carry must not

        def body(_: ArrayLike, state: jax.Array) -> jax.Array:
            return jnp.tanh(state @ W + x)

        final: jax.Array = jax.lax.fori_loop(0, T, body, x)
        return final


def fori_loop_recurrence(
    seed: ArrayLike, x: ArrayLike, hidden: ArrayLike, T: ArrayLike
) -> jax.Array:
    """Build a `Recurrence` from a seed and run it.

    Args:
        seed: a number, truncated by ``int``; may be traced.
        x: real numbers of shape ``(hidden,)``; integers and half precisions are promoted to the
            dtype of the weights, so that the result's dtype does not depend on ``T``.
        hidden: a number of at least 1, truncated by ``int``; never traced, since it is a shape.
        T: the trip count, truncated by ``int``; static when concrete, otherwise traced.
            ``T <= 0`` returns ``x``.

    Returns:
        The final state, of shape ``(hidden,)``.

    Raises:
        TypeError: an argument is not a real number (``x``: an array of real numbers).
        ValueError: ``seed``, ``hidden`` or ``T`` is not finite or out of range, or ``x`` does not
            have the shape ``(hidden,)``.
    """
    width = _width(hidden)
    state = _state(x, width)
    model = Recurrence(width, rngs=_rngs(seed))
    state = state.astype(jnp.promote_types(state.dtype, model.W.dtype))
    return model(state, _trip_count(T))


def _width(hidden: ArrayLike) -> int:
    if isinstance(hidden, jax.core.Tracer):
        raise TypeError("hidden: expected a concrete number (it is a shape), got a traced value")
    width = _whole("hidden", hidden)
    if width < 1:
        raise ValueError(f"hidden: expected at least 1, got {width}")
    return width


def _rngs(seed: ArrayLike) -> nnx.Rngs:
    if isinstance(seed, jax.core.Tracer):
        return nnx.Rngs(jax.random.key(_traced_whole("seed", seed)))
    whole = _whole("seed", seed)
    if not -(2**63) <= whole < 2**63:
        raise ValueError(f"seed: expected a number that fits a signed 64-bit integer, got {whole}")
    return nnx.Rngs(whole)


def _trip_count(T: ArrayLike) -> int | jax.Array:
    if isinstance(T, jax.core.Tracer):
        return _traced_trip_count(_traced_whole("T", T))
    whole = _whole("T", T)
    if whole > _LONGEST:
        raise ValueError(f"T: expected at most 2**31 - 1, got {whole}")
    return max(whole, 0)


def _traced_trip_count(T: jax.Array) -> jax.Array:
    if jnp.isdtype(T.dtype, "unsigned integer"):  # fori_loop's own 0 is signed
        return jnp.minimum(T, _LONGEST).astype(np.int32)
    return T


def _state(x: ArrayLike, width: int) -> jax.Array:
    expected = f"x: expected real numbers of shape ({width},)"
    try:
        state = jnp.asarray(x)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{expected}, got {type(x).__name__}") from error
    if jnp.issubdtype(state.dtype, jnp.complexfloating):
        raise TypeError(f"{expected}, got {state.dtype}")
    if state.shape != (width,):
        raise ValueError(f"{expected} (hidden = {width}), got shape {state.shape}")
    return state


def _whole(name: str, value: Any) -> int:
    """``int(value)`` for a real scalar, with an error that names the argument."""
    number = value if isinstance(value, int | float) else np.asarray(value)
    if isinstance(number, np.ndarray) and not _is_real_scalar(number):
        raise TypeError(f"{name}: expected a real number, got {value!r}")
    if isinstance(number, int):
        return int(number)
    if not math.isfinite(number):
        raise ValueError(f"{name}: expected a finite number, got {value!r}")
    return int(number)


def _traced_whole(name: str, value: jax.Array) -> jax.Array:
    if not _is_real_scalar(value):
        raise TypeError(f"{name}: expected a real number, got {value.dtype}{list(value.shape)}")
    if jnp.isdtype(value.dtype, "integral"):
        return value
    return jnp.trunc(value).astype(int)  # of 64 bits with x64 on


def _is_real_scalar(value: jax.Array | np.ndarray[Any, Any]) -> bool:
    real = jnp.isdtype(value.dtype, ("bool", "integral", "real floating"))
    return real and value.shape == ()
