"""onnxruntime: it runs ONNX models, which jax2onnx makes of jaxprs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foricheck.targets.engine.engine import Engine

__all__ = ["ONNXRUNTIME"]


def convert(function: Callable[..., Any], *examples: Any) -> Callable[..., Any]:
    """A function of arrays as an ONNX model in an onnxruntime session."""
    import logging

    import jax
    import jax.numpy as jnp
    import jax2onnx
    import numpy as np
    import onnxruntime
    from jax.extend.core import jaxpr_as_fun

    logging.getLogger("onnx_ir").setLevel(logging.ERROR)  # it warns of each constant
    # Traced before, since jax2onnx has a fori_loop of its own, which takes no traced bounds.
    jaxpr = jax.make_jaxpr(function)(*examples)
    kinds = [jax.ShapeDtypeStruct(kind.shape, kind.dtype) for kind in jaxpr.in_avals]
    cumsum = jnp.cumsum
    try:
        model = jax2onnx.to_onnx(jaxpr_as_fun(jaxpr), inputs=kinds)
    finally:
        jnp.cumsum = cumsum  # jax2onnx leaves another in its place, which takes fewer arguments
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    places = {each.name: int(each.name.removeprefix("in_")) for each in session.get_inputs()}

    def run(*arguments: Any) -> list[Any]:
        given = {
            name: np.asarray(arguments[place], kinds[place].dtype) for name, place in places.items()
        }
        return list(session.run(None, given))

    return run


ONNXRUNTIME = Engine(
    name="onnxruntime",
    modules=("jax2onnx", "onnxruntime"),
    convert=convert,
    extra="onnxruntime",
    draws=False,  # its BitCast is not in the requested opset
)
"""``jax2onnx`` and ``onnxruntime``."""
