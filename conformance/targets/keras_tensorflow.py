"""``keras.ops.fori_loop`` on TensorFlow, eager and inside ``tf.function``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from . import keras_backend
from .written import written

__all__ = ["eager", "in_function"]

ops = keras_backend.ops("tensorflow")


def _in_function(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    """Run the loop in a graph, with bounds as Python numbers and the carry as an argument."""
    loop = lambda init_val: ops.fori_loop(lower, upper, body_fun, init_val)  # noqa: E731
    return tf.function(loop, autograph=False)(init_val)


# Outside a graph it is a Python loop: nothing is traced, and only the carry's containers are
# checked.
eager = keras_backend.target("tensorflow", namespace="keras", without=("traced", "refuse"))

_IMPORTS = """\
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
import tensorflow as tf
from keras import ops"""

in_function = written(_in_function, imports=_IMPORTS, namespace="keras")
