"""``keras.ops.fori_loop`` on OpenVINO, which compiles it when its value is needed."""

from __future__ import annotations

from . import keras_backend

__all__ = ["loop"]

# Each iteration's carry takes the dtype and shape of the body's result.
loop = keras_backend.target("openvino", namespace="keras", without=("refuse",))
