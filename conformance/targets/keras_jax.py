"""``keras.ops.fori_loop`` on the JAX backend, which hands over to JAX."""

from __future__ import annotations

from dataclasses import replace

from foricheck.targets.loading import of_callable

from . import keras_backend

__all__ = ["loop"]

_fori_loop = keras_backend.ops("jax").fori_loop
_target = of_callable(_fori_loop, array_namespace="jax")
loop = replace(_target, imports={"loop": keras_backend.chosen("jax")})
