"""A right loop over the tensors of Keras: a case that it fails is required of no other loop.

It is a loop in Python, and checks the carry after every call of the body, as JAX does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from keras import backend, ops, tree

from foricheck.comparison.trees import children

__all__ = ["fori_loop"]


def fori_loop(lower: Any, upper: Any, body_fun: Callable[[Any, Any], Any], init_val: Any) -> Any:
    """``jax.lax.fori_loop`` over Keras's tensors, without ``unroll``.

    Raises:
        TypeError: a bound or the body is invalid, or the body changes the carry's type, as in JAX.
    """
    indices, dtype = _range(lower, upper)
    if not callable(body_fun):
        raise TypeError("body_fun must be callable")
    carry = tree.map_structure(_tensor, init_val)
    for i in indices or [indices.start]:  # the body is checked even without trips
        made = tree.map_structure(_tensor, body_fun(ops.convert_to_tensor(i, dtype), carry))
        _check(carry, made)
        carry = made if indices else carry
    return carry


def _tensor(leaf: Any) -> Any:
    return None if leaf is None else ops.convert_to_tensor(leaf)


def _range(lower: Any, upper: Any) -> tuple[range, str]:
    """The indices, and their dtype: that of the bound that has one."""
    (start, one), (stop, other) = _bound(lower), _bound(upper)
    if one and other and one != other:
        raise TypeError(f"bounds must have equal dtypes, got {one} and {other}")
    fits = all(-(2**31) <= index < 2**31 for index in (start, stop - 1))
    return range(start, stop), one or other or ("int32" if fits else "int64")


def _bound(bound: Any) -> tuple[int, str]:
    """A bound as a number, and its dtype; ``""`` for a Python int."""
    if isinstance(bound, int):
        return bound, ""
    array = np.asarray(ops.convert_to_numpy(bound) if ops.is_tensor(bound) else bound)
    if array.shape or array.dtype.kind not in "iu":
        raise TypeError(f"a bound must be an integer, got {bound!r}")
    return int(array), array.dtype.name


def _check(before: Any, after: Any) -> None:
    if _structure(after) != _structure(before):
        raise TypeError(
            f"body_fun must keep the structure {_structure(before)}, but gave {_structure(after)}"
        )
    for (path, old), (_, new) in zip(_leaves(before), _leaves(after), strict=True):
        if _type(new) != _type(old):
            raise TypeError(f"carry{path} must stay {_type(old)}, but became {_type(new)}")


def _structure(value: Any) -> str:
    """The containers, with a star for each leaf."""
    below = children(value)
    if below is None or value is None:
        return "None" if value is None else "*"
    inside = ", ".join(f"{key}: {_structure(part)}" for key, part in below)
    return f"{type(value).__name__}({inside})"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    below = children(value)
    if below is None:
        yield path, value
    for key, part in below or ():
        yield from _leaves(part, path + key)


def _type(leaf: Any) -> str:
    return f"{backend.standardize_dtype(leaf.dtype)}{list(leaf.shape)}"
