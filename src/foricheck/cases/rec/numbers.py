"""How a number is given: as a Python, NumPy or JAX scalar. What counts is ``int`` of it."""

from __future__ import annotations

import numpy as np

__all__ = ["ARRAYS", "NUMBERS", "holds", "written"]

NUMBERS: dict[str, str] = {
    "int": "{}",
    "float": "float({})",
    "np.int8": "np.int8({})",
    "np.uint8": "np.uint8({})",
    "np.int32": "np.int32({})",
    "np.int64": "np.int64({})",
    "np.float32": "np.float32({})",
    "np.float64": "np.float64({})",
    "0-d array": "np.array({})",
    "jnp.int32": "jnp.int32({})",
    "jnp.float32": "jnp.float32({})",
}
"""The ways of giving a number, with the text of each."""

ARRAYS = ("0-d array", "jnp.int32", "jnp.float32")
"""Those that are arrays, and so no keys of a dictionary and no static arguments of ``jax.jit``."""


def written(number: float, way: str) -> str:
    """The text that makes the number."""
    return str(number) if way in ("int", "float") else NUMBERS[way].format(number)


def holds(number: float, way: str) -> bool:
    """Whether the number can be given so, exactly."""
    name = way.rpartition(".")[2]
    if name in ("int", "0-d array"):
        return isinstance(number, int) and -(2**63) <= number < 2**63
    if name.startswith("float"):
        dtype = np.dtype("float64" if name == "float" else name)
        return float(dtype.type(number)) == number and int(float(number)) == int(number)
    limits = np.iinfo(name)
    return isinstance(number, int) and int(limits.min) <= number <= int(limits.max)
