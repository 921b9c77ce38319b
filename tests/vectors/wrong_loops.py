"""For each flag that a wrong loop can trigger, a loop with its bug; over NumPy arrays.

The flags of instructions, operands and programs concern their interpreters: see the harnesses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Loop = Callable[[Any, Any, Any, Any], Any]
Leafwise = Callable[[Any], Any]


def over(indices: Callable[[int, int], Iterable[int]]) -> Loop:
    """A loop over other indices."""

    def loop(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
        for i in indices(int(lower), int(upper)):
            carry = body(i, carry)
        return carry

    return loop


def cut(dtype: str) -> Loop:
    """A loop that stores its bounds in another dtype."""

    def indices(lower: int, upper: int) -> range:
        ends = (np.array(each % 2**64, np.uint64).astype(dtype) for each in (lower, upper))
        return range(*map(int, ends))

    return over(indices)


def spoiling(change: Leafwise) -> Loop:
    """A loop that changes every leaf of a carry with several leaves in each trip."""

    def loop(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
        for i in range(int(lower), int(upper)):
            carry = body(i, carry)
            carry = tuple(map(change, carry)) if isinstance(carry, tuple) else carry
        return carry

    return loop


def of_floats(change: Leafwise) -> Loop:
    return spoiling(lambda leaf: change(leaf) if leaf.dtype.kind == "f" else leaf)


def stopping(stops: Callable[[list[bytes]], bool]) -> Loop:
    """A loop that ends early, depending on the carries so far."""

    def loop(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
        seen = [_bytes(carry)]
        for i in range(int(lower), int(upper)):
            carry = body(i, carry)
            seen.append(_bytes(carry))
            if stops(seen):
                break
        return carry

    return loop


def _bytes(carry: Any) -> bytes:
    return b"".join(np.asarray(leaf).tobytes() for leaf in carry)


def trips_in(bits: int) -> Loop:
    return over(lambda lower, upper: range(lower, lower + max(upper - lower, 0) % 2**bits))


def _in_turn(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
    """Assigns leaves one at a time to the carry that the body reads."""
    for i in range(int(lower), int(upper)):
        for place in range(len(carry)):
            new = body(i, carry)[place]
            if isinstance(carry, tuple):
                carry = (*carry[:place], new, *carry[place + 1 :])
            else:
                carry = np.stack([*carry[:place], new, *carry[place + 1 :]])
    return carry


def _from_zeros(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
    start = np.zeros_like(carry) if isinstance(carry, np.ndarray) else carry
    return right(lower, upper, body, start)


def _unnested(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
    """Uses the outer range as the bound of an inner loop."""
    seen: list[int] = []

    def once(i: Any, c: Any) -> Any:
        seen.append(i)
        return body(max(int(i), 1), c)

    return right(lower, upper, once, carry)


def _needs_leaves(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
    if isinstance(carry, tuple) and not carry:
        raise TypeError("there is nothing to carry")
    return right(lower, upper, body, carry)


def _ends_with_an_empty_leaf(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
    if isinstance(carry, tuple) and any(np.size(leaf) == 0 for leaf in carry):
        return carry
    return right(lower, upper, body, carry)


def _moves_all(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
    """Rotates all leaves, including those that stay in place."""
    for i in range(int(lower), int(upper)):
        new = body(i, carry)
        is_move = isinstance(new, tuple) and any(a is b for a, b in zip(new, carry, strict=True))
        carry = (*carry[1:], carry[0]) if is_move else new
    return carry


def _by_type(lower: Any, upper: Any, body: Any, carry: Any) -> Any:
    """Returns leaves of several types sorted by dtype."""
    result = right(lower, upper, body, carry)
    if not isinstance(result, tuple) or len({(leaf.dtype, leaf.shape) for leaf in result}) < 2:
        return result
    order = sorted(range(len(result)), key=lambda place: result[place].dtype.name)
    return tuple(result[place] for place in order)


right = over(range)
in_double = spoiling(
    lambda leaf: leaf.astype(np.float64).astype(leaf.dtype) if leaf.dtype.itemsize == 8 else leaf
)

WRONG: dict[str, Loop] = {
    "Empty": over(lambda lower, upper: [lower, *range(lower + 1, upper)]),
    "Reversed": over(lambda lower, upper: range(lower, upper) or range(lower, upper, -1)[:9]),
    "OneTrip": over(lambda lower, upper: range(lower, upper if upper > lower + 1 else lower)),
    "OffByOne": over(lambda lower, upper: range(lower + 1, upper)),
    "NegativeBounds": over(lambda lower, upper: range(max(lower, 0), upper)),
    "InitialCarry": _from_zeros,
    "Order": over(lambda lower, upper: reversed(range(lower, upper))),
    "IndexValue": over(lambda lower, upper: range(max(upper - lower, 0))),
    "TripCounter": trips_in(15),
    "LongLoop": trips_in(16),
    "LeastBound": over(lambda lower, upper: range(-lower if lower == -128 else lower, upper)),
    "GreatestBound": over(lambda lower, upper: range(lower, upper + (upper in (127, 2**31 - 1)))),
    "WholeRange": cut("int8"),
    "SignBit": cut("int32"),
    "WideBound": cut("int32"),
    "NarrowBound": cut("int8"),
    "ComesToRest": stopping(lambda seen: seen[-1] == seen[-2]),
    "ComesBack": stopping(lambda seen: seen[-1] in seen[:-1]),
    "Nested": _unnested,
    "NestedEmpty": _unnested,
    "Moves": _in_turn,
    "PowerOfMoves": over(lambda lower, upper: range(lower, min(lower + 1, upper))),
    "LeafAtRest": _moves_all,
    "NaN": of_floats(lambda leaf: np.where(np.isnan(leaf), leaf.dtype.type(0), leaf)),
    "NegativeZero": of_floats(lambda leaf: leaf + leaf.dtype.type(0)),
    "Infinity": of_floats(
        lambda leaf: np.clip(leaf, np.finfo(leaf.dtype).min, np.finfo(leaf.dtype).max)
    ),
    "Subnormal": of_floats(
        lambda leaf: np.where(np.abs(leaf) < np.finfo(leaf.dtype).smallest_normal, leaf * 0, leaf)
    ),
    "WideInteger": in_double,
    "HalfPrecision": spoiling(
        lambda leaf: (
            (leaf.view(np.int16) & -8).view(np.float16) if leaf.dtype == np.float16 else leaf
        )
    ),
    "Complex": spoiling(
        lambda leaf: leaf.real.astype(leaf.dtype) if leaf.dtype.kind == "c" else leaf
    ),
    "Boolean": spoiling(lambda leaf: leaf.astype(np.int32) if leaf.dtype == bool else leaf),
    "NoElements": _ends_with_an_empty_leaf,
    "Scalar": spoiling(np.atleast_1d),
    "NoLeaves": _needs_leaves,
    "SeveralTypes": _by_type,
}
