"""``keras.ops.fori_loop`` on the JAX backend; needs Keras, which is no dependency."""

from __future__ import annotations

import os
from importlib import import_module

os.environ["KERAS_BACKEND"] = "jax"  # read once, when keras is imported

from .member import Body, Bound, Carry, declares, right

_ops = import_module("keras.ops")


@right
@declares(without=("unroll",))
def keras_fori_loop(lower: Bound, upper: Bound, body_fun: Body, init_val: Carry) -> Carry:
    """Calls ``keras.ops.fori_loop``, which hands over to JAX and has no unroll."""
    return _ops.fori_loop(lower, upper, body_fun, init_val)
