"""``keras.ops.fori_loop`` on the NumPy backend: a Python loop over ``range(lower, upper)``."""

from __future__ import annotations

from . import keras_backend

__all__ = ["loop"]

# It does not check what the body returns, and passes the caller's arrays to the body.
loop = keras_backend.target("numpy", namespace="numpy", without=("refuse", "copies"))
