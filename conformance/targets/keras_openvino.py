"""``keras.ops.fori_loop`` on OpenVINO, which compiles it when its value is asked for."""

from __future__ import annotations

from dataclasses import replace

from foricheck.targets.loading import of_callable

from . import keras_backend

__all__ = ["loop"]

_fori_loop = keras_backend.ops("openvino").fori_loop
# The carry of each iteration takes the dtype and the shape that the body gives it.
_target = of_callable(_fori_loop, array_namespace="keras", without=("refuse",))
loop = replace(_target, imports={"loop": keras_backend.chosen("openvino")})
