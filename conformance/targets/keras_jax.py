"""``keras.ops.fori_loop`` on the JAX backend, which calls JAX's loop."""

from __future__ import annotations

from . import keras_backend

__all__ = ["loop"]

loop = keras_backend.target("jax", namespace="jax")
