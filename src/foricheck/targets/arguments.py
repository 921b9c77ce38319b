"""The arguments of a recurrence, given as a case says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.layouts import OTHER_DTYPES

__all__ = ["given", "laid_out"]


def given(number: float, way: str) -> Any:
    """The number as the target is given it.

    Raises:
        KeyError: there is no such way.
    """
    return _NUMBERS[way](number)


def laid_out(x: Array, layout: str) -> Any:
    """These values as the target is given them; the memory is nobody else's.

    Raises:
        KeyError: there is no such layout.
    """
    if layout in OTHER_DTYPES:
        return _of_dtype(x, layout.removesuffix(" of jax"))
    return _LAYOUTS[layout](x.copy())


def _every_second(x: Array) -> Array:
    wide = np.full(2 * len(x), 7.0, x.dtype)
    wide[::2] = x
    return wide[::2]


def _column(x: Array) -> Array:
    matrix = np.full((len(x), 2), 7.0, x.dtype)
    matrix[:, 0] = x
    return matrix[:, 0]


def _read_only(x: Array) -> Array:
    x.setflags(write=False)
    return x


def _jax(x: Array) -> Any:
    import jax.numpy as jnp

    return jnp.asarray(x)


def _of_dtype(x: Array, dtype: str) -> Any:
    import jax.numpy as jnp

    return jnp.asarray(x).astype(dtype)


def _row_of_jax(x: Array) -> Any:
    import jax.numpy as jnp

    return jnp.asarray(np.stack([x, x]))[1]


def _of_jax(name: str) -> Callable[[float], Any]:
    def made(number: float) -> Any:
        import jax.numpy as jnp

        return getattr(jnp, name)(number)

    return made


_NUMBERS: dict[str, Callable[[float], Any]] = {
    "int": lambda number: number,
    "float": float,
    "np.int8": np.int8,
    "np.uint8": np.uint8,
    "np.int32": np.int32,
    "np.int64": np.int64,
    "np.float32": np.float32,
    "np.float64": np.float64,
    "0-d array": np.array,
    "jnp.int32": _of_jax("int32"),
    "jnp.float32": _of_jax("float32"),
}


_LAYOUTS: dict[str, Callable[[Array], Any]] = {
    "jax": _jax,
    "numpy": lambda x: x,
    "every second": _every_second,
    "backwards": lambda x: x[::-1].copy()[::-1],
    "a column": _column,
    "read-only": _read_only,
    "float64": lambda x: x.astype(np.float64),
    "a row of jax": _row_of_jax,
}
