"""A small Keras over NumPy, to test with where Keras is not installed.

It has the names of Keras and none of NumPy's: no dtype is an attribute of ``ops``, shapes are
tuples, and its functions are those that the texts are translated to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from types import ModuleType
from typing import Any

import jax
import numpy as np

__all__ = ["MODULES", "ops"]

_LIKE_NUMPY = ("stack", "where", "minimum", "maximum", "cumsum", "take", "broadcast_to", "flip")
_LIKE_NUMPY += ("bitwise_and", "bitwise_or", "bitwise_xor", "roll", "reshape", "transpose", "add")


def _cast(x: Any, dtype: str) -> Any:
    return np.asarray(x).astype(dtype)


def _filled(number: int) -> Callable[..., Any]:
    def filled(shape: tuple[int, ...], dtype: str) -> Any:
        return np.full(_tuple(shape), number, dtype)

    return filled


def _full(shape: tuple[int, ...], number: Any, dtype: str = "float32") -> Any:
    return np.full(_tuple(shape), number, dtype)


def _arange(stop: int, dtype: str = "int32") -> Any:
    return np.arange(stop, dtype=dtype)


def _tuple(shape: tuple[int, ...]) -> tuple[int, ...]:
    assert isinstance(shape, tuple), "a shape is a tuple"
    return shape


def _array(x: Any, dtype: Any = None) -> Any:
    made = np.asarray(x, dtype)
    if made.dtype.kind not in "biuf":
        raise ValueError(f"there is no dtype {made.dtype}")
    return made if dtype or hasattr(x, "dtype") else made.astype(_default(made.dtype.kind))


def _default(kind: str) -> str:
    return {"b": "bool", "f": "float32"}.get(kind, "int32")


def _map_structure(function: Callable[[Any], Any], tree: Any) -> Any:
    """As Keras, which does not know of what is registered with JAX."""
    is_leaf = lambda each: each is None or is_dataclass(each)  # noqa: E731
    return jax.tree.map(function, tree, is_leaf=is_leaf)


def _module(name: str, contents: dict[str, Any]) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(contents)
    return made


def _unstack(x: Any) -> Sequence[Any]:
    return list(x)


_OPS: dict[str, Any] = {name: getattr(np, name) for name in _LIKE_NUMPY}
_OPS |= {"cast": _cast, "full": _full, "zeros": _filled(0), "ones": _filled(1)}
_OPS |= {"array": _array, "convert_to_tensor": _array, "convert_to_numpy": np.asarray}
_OPS |= {"is_tensor": lambda x: isinstance(x, np.ndarray), "unstack": _unstack, "arange": _arange}

ops = _module("keras.ops", _OPS)
_TREE = _module("keras.tree", {"map_structure": _map_structure})
_BACKEND = _module("keras.backend", {"standardize_dtype": lambda dtype: np.dtype(dtype).name})

MODULES = {
    "keras": _module("keras", {"ops": ops, "tree": _TREE, "backend": _BACKEND}),
    "keras.ops": ops,
    "keras.tree": _TREE,
    "keras.backend": _BACKEND,
}
