"""JAX's loops, converted to ONNX and run by onnxruntime."""

from foricheck.targets.engine.onnx import ONNXRUNTIME
from foricheck.targets.engine.target import of_engine

__all__ = ["loops"]

loops = of_engine("onnxruntime", ONNXRUNTIME)
