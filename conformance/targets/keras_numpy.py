"""``keras.ops.fori_loop`` on the NumPy backend: a Python loop over ``range(lower, upper)``."""

from __future__ import annotations

from . import keras_backend

__all__ = ["loop"]

# It looks at nothing that the body returns, and hands over the very arrays that it was given.
loop = keras_backend.target("numpy", namespace="numpy", without=("refuse", "copies"))
