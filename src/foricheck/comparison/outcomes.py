"""What a case must give against what came: structure, dtype, shape, weak type, bits, and events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foricheck.cases.arrays import DTYPES
from foricheck.cases.containers import build
from foricheck.cases.loop_case import LoopCase
from foricheck.comparison.trees import children, differs, show
from foricheck.comparison.violations import Difference, Unsupported, Violation
from foricheck.oracle.cases.bodies import Event
from foricheck.oracle.cases.jets import Jet
from foricheck.oracle.cases.outputs import Expected, is_exact
from foricheck.oracle.cases.values import kept_in, rounded

__all__ = ["KeyWords", "Outcome", "must_give"]

Array = NDArray[Any]


@dataclass(frozen=True)
class KeyWords:
    """A random key that came back, as its words: uint32 of shape ``(..., 2)``."""

    words: Array

    @property
    def dtype(self) -> str:
        """Says that it is a leaf."""
        return "key"


@dataclass(frozen=True)
class Outcome:
    """What one call gave.

    Attributes:
        output: nested dicts and lists of the leaves, a carry in its container.
        events: what the callbacks were given, in order.
        traces: how often Python called the body.
        changed: what the caller gave and finds changed, or ``""``.
    """

    output: Any
    events: list[Event] = field(default_factory=list)
    traces: int = 0
    changed: str = ""


def must_give(case: LoopCase, expected: Sequence[Expected], got: Sequence[Outcome]) -> None:
    """Each call of a case gives what it must.

    Raises:
        Violation: one does not.
        Unsupported: a derivative, or what a callback is given, is rounded on the way, so that no
            exact one is known.
    """
    if not all(map(is_exact, expected)):
        raise Unsupported("a derivative or an operand is rounded on the way")
    for n, (wanted, outcome) in enumerate(zip(expected, got, strict=True)):
        path = f"call {n}: " if len(expected) > 1 else ""
        if found := difference_of(case, wanted, outcome, path):
            raise Violation(case, found, values=_carries(case, wanted, outcome))


def _carries(case: LoopCase, expected: Expected, got: Outcome) -> tuple[Any, Any] | None:
    """The two carries as trees of arrays, if a carry is all that comes back, in dtypes of NumPy."""
    if list(expected.output) != ["carry"] or not isinstance(got.output, dict):
        return None
    jets = expected.output["carry"]
    if any(jet.dtype not in _NATIVE for jet in jets):
        return None
    leaves = [np.asarray(rounded(jet.value, jet.dtype)) for jet in jets]
    return build(case.carry.container, leaves), got.output.get("carry")


_NATIVE = frozenset(DTYPES)


def difference_of(case: LoopCase, expected: Expected, got: Outcome, path: str) -> Difference | None:
    """The first difference of one call."""
    found = compared(case, expected.output, got.output, path)
    found = found or compared_events(case, expected.events, got.events)
    if not found and got.changed:
        found = Difference(
            path, "the caller's arrays as they were", got.changed, "changed argument"
        )
    most = _most_traces(case)
    if not found and got.traces > most:
        found = Difference(path, f"at most {most} calls of the body", str(got.traces), "traces")
    return found


def _most_traces(case: LoopCase) -> float:
    """How often Python may call a body that is traced: in a chunk of trips, but not in each."""
    is_traced = case.is_rolled and "disable_jit" not in case.names()
    return _CHUNK if is_traced and case.bounds.trips[0] > _CHUNK else math.inf


_CHUNK = 16


def compared(case: LoopCase, expected: Any, got: Any, path: str = "") -> Difference | None:
    """The first difference between two outputs, or None.

    Args:
        case: the case, whose container the carry has.
        expected: the oracle's output.
        got: the target's.
        path: where in the output the two stand.
    """
    match expected:
        case dict():
            pairs = [(f"{path}[{key!r}]", key) for key in sorted(expected)]
            found = (_entry(case, expected, got, key, where) for where, key in pairs)
            return next((one for one in found if one), None)
        case list():
            pairs_of = zip(expected, got, strict=True)
            found = (compared(case, a, b, f"{path}[{n}]") for n, (a, b) in enumerate(pairs_of))
            return next((one for one in found if one), None)
        case _:
            return _leaf(expected, got, path)


def _entry(case: LoopCase, expected: Any, got: Any, key: str, path: str) -> Difference | None:
    one, other = expected[key], got[key]
    if key == "carry" and "carry" in expected and not _is_cotangent(path):
        return _tree(build(case.carry.container, one), other, path)
    return compared(case, one, other, path)


def _is_cotangent(path: str) -> bool:
    return path.endswith("['cotangent']['carry']")


def _tree(expected: Any, got: Any, path: str) -> Difference | None:
    if isinstance(expected, Jet):
        return _leaf(expected, got, path)
    below = children(expected)
    if below is None:
        return (
            None if expected == got else Difference(path, repr(expected), repr(got), "static data")
        )
    if type(got) is not type(expected) or _keys(got) != _keys(expected):
        return Difference(path, _outline(expected), _outline(got), "structure")
    for (key, one), (_, other) in zip(below, children(got) or (), strict=True):
        if found := _tree(one, other, path + key):
            return found
    return None


def _keys(value: Any) -> list[str] | None:
    below = children(value)
    return None if below is None else [key for key, _ in below]


def _outline(value: Any) -> str:
    below = None if isinstance(value, Jet) else children(value)
    if below is None:
        return "a leaf"
    inside = ", ".join(f"{key}: {_outline(part)}" for key, part in below)
    return "None" if value is None else f"{type(value).__name__}({inside})"


def _leaf(expected: Jet, got: Any, path: str) -> Difference | None:
    if isinstance(got, bool | int | float | complex):  # a forwarded one; CARRY-14 judges its type
        got = np.asarray(got).astype(kept_in(expected.dtype))
    plain = _plain(got)
    if plain is None:
        return Difference(path, expected.dtype, show(got), "not an array")
    dtype, array = plain
    shape = expected.shape[:-1] if expected.dtype == "key" else expected.shape
    if dtype != expected.dtype:
        return Difference(path, f"dtype {expected.dtype}", f"dtype {dtype}", "dtype")
    if (array.shape[:-1] if dtype == "key" else array.shape) != shape:
        return Difference(path, f"shape {list(shape)}", f"shape {list(array.shape)}", "shape")
    wanted = rounded(expected.value, dtype)
    if "tangent']" in path and array.dtype.kind in "fc":  # "cotangent" too: no sign of a zero sum
        wanted, array = wanted + 0, array + 0
    wrong = differs(wanted, array)
    if expected.error is not None:
        wrong &= ~_within(wanted, array, expected.error)
    if not wrong.any():
        return None
    first = tuple(int(place) for place in np.argwhere(wrong)[0])
    where = path + (str(list(first)) if first else "")
    return Difference(where, str(wanted[first]), str(array[first]), "value")


def _within(wanted: Array, array: Array, error: Array) -> Array:
    """Where a value is as near as another order of the roundings leads, or may overflow."""
    largest = float(np.finfo(array.dtype).max) * (1 - 2**-8)  # bfloat16 has the range of float32
    with np.errstate(all="ignore"):
        near = np.abs(array.astype(np.float64) - wanted) <= error
        return np.asarray(near | ~(np.abs(wanted) + error < largest) & (error > 0))


def _plain(leaf: Any) -> tuple[str, Array] | None:
    """A leaf's dtype, and its values as `foricheck.oracle.cases.values` keeps them."""
    if isinstance(leaf, KeyWords):
        return "key", leaf.words
    try:
        array = np.asarray(leaf)
    except Exception:  # a target may return anything, with an __array__ that raises anything
        return None
    if array.dtype.name == "bfloat16":
        return "bfloat16", array.astype(np.float32)
    if array.dtype.name in ("int4", "uint4"):
        return array.dtype.name, array.astype("int8" if array.dtype.name == "int4" else "uint8")
    return (array.dtype.name, array) if array.dtype.kind in "biufc" else None


def compared_events(case: LoopCase, expected: list[Event], got: list[Event]) -> Difference | None:
    """The first difference between two logs, or None; an unordered log has no order."""
    if any(effect.kind in ("unordered", "debug") for effect in case.body.effects):
        expected, got = sorted(expected, key=repr), sorted(got, key=repr)
    wanted, came = ([tuple(map(_flushed, event)) for event in log] for log in (expected, got))
    if repr(wanted) == repr(came):
        return None
    differ = (
        n
        for n, pair in enumerate(zip(wanted, came, strict=False))
        if repr(pair[0]) != repr(pair[1])
    )
    n = next(differ, min(len(wanted), len(came)))
    one, other = (str(log[n]) if n < len(log) else "nothing" for log in (wanted, came))
    counts = f"event {n} of {len(wanted)} ({len(came)} came)"
    return Difference(counts, one, other, "effects")


def _flushed(number: float) -> float:
    """A number as float32 arithmetic may leave it: what is subnormal is zero, which has no sign."""
    return float(number) if not abs(number) < np.finfo(np.float32).tiny else 0.0
