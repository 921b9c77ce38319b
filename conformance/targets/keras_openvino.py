"""``keras.ops.fori_loop`` on OpenVINO, which compiles it when its value is asked for."""

from __future__ import annotations

from . import keras_backend

__all__ = ["loop"]

# The carry of each iteration takes the dtype and the shape that the body gives it.
loop = keras_backend.target("openvino", namespace="keras", without=("refuse",))
