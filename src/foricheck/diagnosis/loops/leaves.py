"""What a loop does to its leaves: which change of the right ones gives those that came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foricheck.cases.batch import Array
from foricheck.comparison.trees import children, difference, differs
from foricheck.diagnosis.loops.containers import of_containers

__all__ = ["Change", "changes", "of_leaves"]

Function = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Change:
    """A change of a leaf.

    Attributes:
        words: what the target does to its leaves, a sentence without its full stop.
        function: from the right leaf to the one that came back.
        is_certain: whether one changed element is enough to say so.
    """

    words: str
    function: Function
    is_certain: bool = False


def of_leaves(
    expected: Any, got: Any, initial: Any = None, others: Sequence[tuple[str, Any]] = ()
) -> str:
    """What happened to the leaves of a carry, as a sentence, or ``""`` where it is not known.

    Args:
        expected: the right carry, of NumPy arrays.
        got: what came back.
        initial: the initial carry, where it is known.
        others: sentences, each with the carry that comes back if it is true.
    """
    right, came = _flat(expected), _flat(got)
    arrays = [_array(leaf) for _, leaf in came]
    due = [np.asarray(leaf) for _, leaf in right]
    if len(due) != len(arrays) or any(array is None for array in arrays):
        return ""
    back = [array for array in arrays if array is not None]
    found = difference(expected, got)
    if found is None:
        return ""
    if found.why == "structure":
        alike = all(map(_equal, due, back))
        return of_containers(expected, got) if alike else ""
    paths = [path for path, _ in right]
    start = [np.asarray(leaf) for _, leaf in _flat(initial)] if initial is not None else []
    more = [sentence for sentence, carry in others if difference(carry, got) is None]
    return _one_of(paths, due, back, start, more)


def changes(due: Sequence[Array], back: Sequence[Array]) -> list[str]:
    """The words of the changes that turn the right leaves into those that came back."""
    pairs = list(zip(due, back, strict=True))
    if any(one.dtype != other.dtype or one.shape != other.shape for one, other in pairs):
        return []
    shown = _shown(pairs)
    return [each.words for each in _CHANGES if _makes(each, pairs) and (each.is_certain or shown)]


def _one_of(
    paths: Sequence[str],
    due: Sequence[Array],
    back: Sequence[Array],
    start: Sequence[Array],
    more: Sequence[str],
) -> str:
    pairs = list(zip(due, back, strict=True))
    wrong = [n for n, pair in enumerate(pairs) if not _equal(*pair)]
    names = ", ".join(paths[n] or "the carry" for n in wrong[:3])
    if sentence := _type(names, [pairs[n] for n in wrong]):
        return sentence
    found = [*more, *(f"{words}." for words in changes(due, back))]
    found += _exchanged(paths, due, back)
    found += _as_at_the_start(names, wrong, pairs, start)
    return found[0] if len(found) == 1 else ""


def _type(names: str, pairs: Sequence[tuple[Array, Array]]) -> str:
    """That leaves have the right values and another dtype or shape."""
    one, other = pairs[0]
    if all(_cast(due, back) for due, back in pairs) and one.dtype != other.dtype:
        dtypes = f"from {one.dtype} to {other.dtype}"
        return f"The dtype of {names} changes, {dtypes}; the values are right."
    if all(_reshaped(due, back) for due, back in pairs) and one.shape != other.shape:
        shapes = f"from {list(one.shape)} to {list(other.shape)}"
        return f"The shape of {names} changes, {shapes}; the values are right."
    return ""


def _cast(due: Array, back: Array) -> bool:
    if due.shape != back.shape or "V" in (due.dtype.kind, back.dtype.kind):
        return False
    with np.errstate(all="ignore"):
        return not differs(due.astype(back.dtype), back).any()


def _reshaped(due: Array, back: Array) -> bool:
    return due.size == back.size and _equal(due.reshape(-1), back.reshape(-1))


def _exchanged(paths: Sequence[str], due: Sequence[Array], back: Sequence[Array]) -> list[str]:
    """That leaves change places, where each is found in one other place."""
    sources = [[n for n, one in enumerate(due) if _equal(one, leaf)] for leaf in back]
    places = [found[0] for found in sources if len(found) == 1]
    if len(places) < len(back) or sorted(places) != list(range(len(back))):
        return []
    moved = [n for n, source in enumerate(places) if n != source]
    told = ", ".join(f"{paths[n]} holds what belongs to {paths[places[n]]}" for n in moved[:3])
    return [f"Leaves are exchanged: {told}."] if moved else []


def _as_at_the_start(
    names: str,
    wrong: Sequence[int],
    pairs: Sequence[tuple[Array, Array]],
    start: Sequence[Array],
) -> list[str]:
    """That wrong leaves are as they were at the start."""
    shown = _shown([pairs[n] for n in wrong])
    if len(start) != len(pairs) or not shown:
        return []
    if not all(_equal(start[n], pairs[n][1]) for n in wrong):
        return []
    if len(wrong) == len(pairs):
        return ["The initial carry comes back unchanged."]
    if len(wrong) == 1:
        return [f"{names} comes back as it was at the start; the other leaves are right."]
    return [f"{names} come back as they were at the start; the other leaves are right."]


def _flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    below = children(value)
    if below is None:
        return [(path, value)]
    return [leaf for key, part in below for leaf in _flat(part, path + key)]


def _array(value: Any) -> Array | None:
    try:
        array = np.asarray(value)
    except Exception:  # a target may return anything, with an __array__ that raises anything
        return None
    return array if array.dtype.kind in "biufc" else None


def _equal(one: Array, other: Array) -> bool:
    alike = one.dtype == other.dtype and one.shape == other.shape
    return alike and not differs(one, other).any()


def _makes(change: Change, pairs: Sequence[tuple[Array, Array]]) -> bool:
    """Whether a change turns every right leaf into the one that came back."""
    with np.errstate(all="ignore"):
        made = [change.function(due) for due, _ in pairs]
    return all(
        one.dtype == back.dtype and one.shape == back.shape and not differs(one, back).any()
        for one, (_, back) in zip(made, pairs, strict=True)
    )


def _shown(pairs: Sequence[tuple[Array, Array]]) -> bool:
    """Whether at least two different values changed."""
    values = set[tuple[str, str]]()
    for due, back in pairs:
        if due.shape == back.shape and due.dtype == back.dtype:
            places = np.nonzero(np.atleast_1d(differs(due, back)))
            one, other = np.atleast_1d(due)[places], np.atleast_1d(back)[places]
            values |= set(zip(map(str, one[:64]), map(str, other[:64]), strict=True))
    return len(values) > 1


def _of_kind(kinds: str, function: Function) -> Function:
    """A function of the leaves of some kinds of dtype; the others stay."""
    return lambda leaf: function(leaf) if leaf.dtype.kind in kinds else leaf


def _through(dtype: str) -> Function:
    return lambda leaf: leaf.astype(dtype).astype(leaf.dtype)


def _through_bfloat16(leaf: Array) -> Array:
    if leaf.dtype.itemsize <= 2:
        return leaf
    fraction, exponent = np.frexp(leaf.astype(np.float64))
    return np.asarray(np.ldexp(np.round(np.ldexp(fraction, 8)), exponent - 8).astype(leaf.dtype))


def _wrapped(dtype: str) -> Function:
    return lambda leaf: leaf.astype(dtype).astype(leaf.dtype)


def _finite(leaf: Array) -> Array:
    largest = np.finfo(leaf.dtype).max
    return np.asarray(np.where(np.isinf(leaf), np.copysign(largest, leaf), leaf))


def _normal(leaf: Array) -> Array:
    tiny = np.finfo(leaf.dtype).tiny
    zero = np.copysign(leaf.dtype.type(0), leaf)
    return np.asarray(np.where(np.abs(leaf) < tiny, zero, leaf))


def _transposed(leaf: Array) -> Array:
    return leaf.T if leaf.ndim == 2 and leaf.shape[0] == leaf.shape[1] else leaf


_CHANGES = (
    Change("Leaves of floats go through float16", _of_kind("f", _through("float16"))),
    Change("Leaves of floats go through bfloat16", _of_kind("f", _through_bfloat16)),
    Change("Leaves of float64 go through float32", _of_kind("f", _through("float32"))),
    Change(
        "Integers go through float32, which rounds large ones", _of_kind("iu", _through("float32"))
    ),
    Change(
        "Integers go through float64, which rounds large ones", _of_kind("iu", _through("float64"))
    ),
    *(
        Change(f"Integers are kept in {bits} bits", _of_kind("iu", _wrapped(f"int{bits}")))
        for bits in (8, 16, 32)
    ),
    Change(
        "Unsigned integers are clipped at the largest signed one",
        _of_kind("u", lambda leaf: np.minimum(leaf, np.iinfo(leaf.dtype).max // 2)),
        is_certain=True,
    ),
    Change("The sign of zero is lost", _of_kind("fc", lambda leaf: leaf + 0), is_certain=True),
    Change(
        "NaN comes back as 0",
        _of_kind("f", lambda leaf: np.where(np.isnan(leaf), leaf.dtype.type(0), leaf)),
        is_certain=True,
    ),
    Change(
        "Infinity comes back as the largest finite number", _of_kind("f", _finite), is_certain=True
    ),
    Change("Subnormal numbers come back as 0", _of_kind("f", _normal), is_certain=True),
    Change("Every leaf comes back as zeros", np.zeros_like),
    Change("Every leaf comes back with its sign changed", _of_kind("ifc", np.negative)),
    Change("Every leaf comes back doubled", lambda leaf: leaf + leaf),
    Change(
        "The first axis of a leaf comes back reversed",
        lambda leaf: leaf[::-1] if leaf.ndim else leaf,
    ),
    Change("Square leaves come back transposed", _transposed),
    Change(
        "The imaginary part of complex leaves is lost",
        _of_kind("c", lambda leaf: leaf.real.astype(leaf.dtype)),
    ),
    Change("Complex leaves come back conjugated", _of_kind("c", np.conj)),
)
