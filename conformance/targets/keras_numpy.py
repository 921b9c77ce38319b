"""``keras.ops.fori_loop`` on the NumPy backend: a Python loop over ``range(lower, upper)``."""

from __future__ import annotations

from dataclasses import replace

from foricheck.targets.loading import of_callable

from . import keras_backend

__all__ = ["loop"]

_fori_loop = keras_backend.ops("numpy").fori_loop
# It looks at nothing that the body returns, and hands over the very arrays that it was given.
_target = of_callable(_fori_loop, array_namespace="numpy", without=("refuse", "copies"))
loop = replace(_target, imports={"loop": keras_backend.chosen("numpy")})
