"""Strict comparison: structure, dtype, shape, and every bit.

All NaNs are equal, and the two zeros differ. Containers have the same type and the same keys, in
the same order where the type is ordered.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.comparison.violations import Difference

__all__ = ["array_of", "children", "difference", "differs", "show", "show_first_lane"]
__all__ += ["with_an_end"]

_DEEPEST = 200
"""How many levels of containers a value may have."""


def difference(expected: Any, got: Any, path: str = "") -> Difference | None:
    """The first difference between two values of a carry, or None.

    Args:
        expected: a tree of containers with NumPy arrays, or scalars, at the leaves.
        got: the result of a target; its leaves may be arrays of any library.
        path: the position of the two in the carry.
    """
    below = children(expected)
    if below is None:
        return _leaf_difference(np.asarray(expected), got, path)
    if type(got) is not type(expected) or _keys(got) != _keys(expected):
        return Difference(path, show(expected), show(got), "structure")
    for (key, one), (_, other) in zip(below, children(got) or (), strict=True):
        found = difference(one, other, path + key)
        if found:
            return found
    return None


def differs(expected: Array, got: Array) -> Array:
    """Where two arrays of one dtype and shape differ in a bit, all NaNs being equal."""
    if expected.dtype.kind not in "fcV":
        return np.asarray(expected != got)
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    with np.errstate(invalid="ignore"):  # old NumPy warns about signalling NaNs
        one, other = expected.astype(wide), got.astype(wide)  # exact: every format widens
    return np.asarray(~(_same(one.real, other.real) & _same(one.imag, other.imag)))


def children(value: Any) -> list[tuple[str, Any]] | None:
    """The parts of a container with their paths; None for a leaf."""
    if value is None:
        return []
    if isinstance(value, dict):
        keys = value if isinstance(value, OrderedDict) else sorted(value, key=repr)
        return [(f"[{key!r}]", value[key]) for key in keys]
    if hasattr(type(value), "_fields"):
        return [(f".{name}", getattr(value, name)) for name in value._fields]
    if isinstance(value, tuple | list):
        return [(f"[{place}]", part) for place, part in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return [(f".{field.name}", getattr(value, field.name)) for field in fields(value)]
    return None


def with_an_end(value: Any) -> Any:
    """A value as it is.

    Raises:
        ValueError: it contains itself, or is nested so deep that it could as well.
    """
    level = [value]
    for _ in range(_DEEPEST):
        level = list({id(part): part for one in level for _, part in children(one) or ()}.values())
        if not level:
            return value
    raise ValueError(f"the result contains itself, or is nested more than {_DEEPEST} levels deep")


def show(value: Any) -> str:
    """A value as a short text: an array with its dtype and shape, a container with its parts."""
    below = children(value)
    if below is None:
        array = _as_array(value)
        return f"an object of type {type(value).__name__}" if array is None else _show_leaf(array)
    inside = ", ".join(f"{key}: {show(part)}" for key, part in below)
    return "None" if value is None else f"{type(value).__name__}({inside})"


def array_of(value: Any, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array | None:
    """A result as a NumPy array, or None if it is not an array of this dtype and shape.

    What the array itself says of its dtype is not believed: its elements may be objects that are
    equal to everything.
    """
    if getattr(value, "dtype", None) is None:  # a list or a number would be converted too
        return None
    array = _as_array(value)
    fits = array is not None and array.dtype == dtype and array.shape == shape
    return array if fits else None


def show_first_lane(value: Any, count: int) -> str:
    """The first of ``count`` lanes of a result as a short text, whatever containers it is in."""
    return show(_first_lane(value, count))


def _first_lane(value: Any, count: int) -> Any:
    match value:
        case dict():
            return type(value)((key, _first_lane(part, count)) for key, part in value.items())
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*(_first_lane(part, count) for part in value))
        case tuple() | list():
            return type(value)(_first_lane(part, count) for part in value)
        case _:
            array = _as_array(value)
            return value if array is None or array.shape[:1] != (count,) else array[0]


def _keys(value: Any) -> list[str] | None:
    below = children(value)
    return None if below is None else [key for key, _ in below]


def _leaf_difference(expected: Array, got: Any, path: str) -> Difference | None:
    if children(got) is not None:
        return Difference(path, show(expected), show(got), "structure")
    array = _as_array(got)
    if array is None:
        return Difference(path, show(expected), show(got), "not an array")
    for why, one, other in (
        ("dtype", expected.dtype.name, array.dtype.name),
        ("shape", list(expected.shape), list(array.shape)),
    ):
        if one != other:
            return Difference(path, f"{why} {one}", f"{why} {other}", why)
    wrong = differs(expected, array)
    if not wrong.any():
        return None
    first = tuple(int(place) for place in np.argwhere(wrong)[0])
    where = path + (str(list(first)) if first else "")
    return Difference(where, str(expected[first]), str(array[first]), "value")


def _same(one: Array, other: Array) -> Array:
    both_nan = np.isnan(one) & np.isnan(other)
    return np.asarray(both_nan | ((one == other) & (np.signbit(one) == np.signbit(other))))


def _as_array(value: Any) -> Array | None:
    """A leaf as a NumPy array, or None if it cannot be converted."""
    try:
        return np.asarray(value)
    except Exception:  # a target may return anything, with an __array__ that raises anything
        return None


def _show_leaf(array: Array) -> str:
    if array.dtype.kind == "O":  # their texts are the target's, of any length
        values = f"of type {', '.join(sorted({type(each).__name__ for each in array.flat}))}"
    else:
        values = np.array2string(array, separator=", ", threshold=16, precision=9).replace("\n", "")
    return f"{array.dtype.name}{list(array.shape)} {values}"
