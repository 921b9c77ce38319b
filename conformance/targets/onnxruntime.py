"""JAX's loops, converted to ONNX, and run by onnxruntime."""

from foricheck.engines.exported import target
from foricheck.engines.onnx import ONNXRUNTIME

__all__ = ["loops"]

loops = target("onnxruntime", ONNXRUNTIME)
