"""Body programs in NumPy: many lanes at once, each with its own program and range.

This is a second implementation of the instructions that ``foricheck.programs.program`` defines,
written from its docstring alone, so that the two check each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cases", "affine", "recorded", "run", "run_nested"]

Ints = NDArray[Any]


class Cases(Protocol):
    """Batched loops.

    ``lower`` and ``upper`` are int64 or uint64 of shape ``(N,)``, ``code`` is int32 of shape
    ``(N, P, 5)``, and ``carry`` is int32 of shape ``(N, R, W)``.
    """

    @property
    def lower(self) -> Ints: ...  # noqa: D102
    @property
    def upper(self) -> Ints: ...  # noqa: D102
    @property
    def code(self) -> Ints: ...  # noqa: D102
    @property
    def carry(self) -> Ints: ...  # noqa: D102


def run(cases: Cases) -> Ints:
    """The final registers of each loop, int32 of shape ``(N, R, W)``."""
    trips = _trips(cases)
    order = np.argsort(-trips, kind="stable")  # so the loops still running are a prefix
    state = cases.carry[order]
    code = np.ascontiguousarray(cases.code[order].transpose(1, 2, 0))
    first, longest = _low_bits(cases.lower[order]), trips[order]
    for step in range(int(trips.max(initial=0))):
        live = int(np.searchsorted(-longest, -step, side="left"))
        index = _low_bits(first[:live].astype(np.int64) + step)
        for op, dst, a, b, k in code[:, :, :live]:
            _execute(state[:live], index, op, dst, a, b, k)
    return _unsorted(state, order)


def run_nested(cases: Cases) -> Ints:
    """As `run`, but each iteration runs the program in an inner loop from 0 to its index."""
    state = cases.carry
    trips = _trips(cases)
    for step in range(int(trips.max(initial=0))):
        inner = np.where(step < trips, cases.lower.astype(np.int64) + step, 0)
        state = run(_Loops(np.zeros_like(inner), inner, cases.code, state))
    return state


def recorded(cases: Cases) -> Ints:
    """As `run`, for the index recorder on zeros, in closed form.

    For loops that are too long, or too many, to run here.
    """
    trips, width = _trips(cases), cases.carry.shape[2]
    registers = np.zeros(cases.carry.shape, np.int64)
    registers[:, 0] = _ring(cases.lower, trips, width)
    registers[:, 1] = trips[:, None]
    registers[:, 2] = affine(cases.lower, trips, multiplier=1_000_003)[:, None]
    return _low_bits(registers)


def affine(lower: Ints, trips: Ints, *, multiplier: int, start: int = 0) -> Ints:
    """The hash ``h ← multiplier · h + i`` for ``trips`` indices from ``lower``, modulo 2**32.

    One trip maps (h, i) to (m h + i, i + 1), so 2**n trips map it to (p h + q i + r, i + 2**n).
    Squaring yields p, q and r, so 2**24 trips take 24 products. ``lower`` and ``trips`` are integer
    arrays of one shape; the result is int64.
    """
    count, i = np.asarray(trips, np.uint64), _low_bits(lower).astype(np.uint64)
    h, p, q, r, step = np.full_like(i, start % 2**32), multiplier, 1, 0, 1
    for bit in range(int(np.max(count, initial=0)).bit_length()):
        taken = (count >> np.uint64(bit)) % 2 == 1
        h = np.where(taken, np.uint64(p) * h + np.uint64(q) * i + np.uint64(r), h)
        i = np.where(taken, i + np.uint64(step), i)
        p, q, r = (value % 2**32 for value in (p * p, p * q + q, p * r + q * step + r))
        step *= 2
    return (h % np.uint64(2**32)).astype(np.int64)


@dataclass(frozen=True)
class _Loops:
    lower: Ints
    upper: Ints
    code: Ints
    carry: Ints


def _ring(lower: Ints, trips: Ints, width: int) -> Ints:
    """The last indices, that of trip n at position n modulo ``width``; 0 if there is none."""
    position, last = np.arange(width), trips[:, None] - 1
    trip = last - (last - position) % width
    return np.where(trip >= 0, _low_bits(lower)[:, None].astype(np.int64) + trip, 0)


def _trips(cases: Cases) -> Ints:
    above = cases.upper > cases.lower
    return np.where(above, cases.upper - cases.lower, 0).astype(np.int64)


def _low_bits(values: Ints) -> Ints:
    """Integers reduced modulo 2**32 to int32."""
    return values.astype(np.uint64).astype(np.uint32).view(np.int32)


def _unsorted(values: Ints, order: Ints) -> Ints:
    result = np.empty_like(values)
    result[order] = values
    return result


def _execute(state: Ints, index: Ints, op: Ints, dst: Ints, a: Ints, b: Ints, k: Ints) -> None:
    """Run one instruction per lane in place, grouped by op."""
    lanes = np.arange(len(op))
    left, right = _operand(state, index, lanes, a, k), _operand(state, index, lanes, b, k)
    for code in np.unique(op):
        which = np.flatnonzero(op == code)
        if code == _SWAP:
            _swap(state, which, dst[which], a[which])
        elif code != 0:
            old = state[which, dst[which]]
            state[which, dst[which]] = _OPERATIONS[code](old, left[which], right[which])


def _operand(state: Ints, index: Ints, lanes: Ints, which: Ints, k: Ints) -> Ints:
    rows = state.shape[1]
    value = state[lanes, np.minimum(which, rows - 1)]
    value = np.where((which == rows)[:, None], index[:, None], value)
    return np.where((which > rows)[:, None], k[:, None], value)


def _swap(state: Ints, lanes: Ints, one: Ints, other: Ints) -> None:
    other = other % state.shape[1]
    left, right = state[lanes, one].copy(), state[lanes, other].copy()
    state[lanes, one] = right
    state[lanes, other] = left


def _wrapped(operation: Callable[[Ints, Ints], Ints]) -> Callable[[Ints, Ints, Ints], Ints]:
    def apply(_: Ints, a: Ints, b: Ints) -> Ints:
        return operation(a.view(np.uint32), b.view(np.uint32)).view(np.int32)

    return apply


def _put(old: Ints, a: Ints, b: Ints) -> Ints:
    new = old.copy()
    new[np.arange(len(new)), a[:, 0] % new.shape[1]] = b[:, 0]
    return new


def _get(old: Ints, a: Ints, b: Ints) -> Ints:
    chosen = a[np.arange(len(a)), b[:, 0] % a.shape[1]]
    return np.broadcast_to(chosen[:, None], old.shape)


def _roll(_: Ints, a: Ints, b: Ints) -> Ints:
    width = a.shape[1]
    source = (np.arange(width) - (b[:, :1] % width)) % width
    return np.take_along_axis(a, source, axis=1)


def _scan(_: Ints, a: Ints, __: Ints) -> Ints:
    return np.cumsum(a.view(np.uint32), axis=1, dtype=np.uint32).view(np.int32)


_OPERATIONS: tuple[Callable[[Ints, Ints, Ints], Ints], ...] = (
    lambda old, _, __: old,
    lambda _, a, __: a,
    _wrapped(np.add),
    _wrapped(np.subtract),
    _wrapped(np.multiply),
    _wrapped(np.bitwise_and),
    _wrapped(np.bitwise_or),
    _wrapped(np.bitwise_xor),
    lambda _, a, b: np.minimum(a, b),
    lambda _, a, b: np.maximum(a, b),
    _put,
    _get,
    _roll,
    _scan,
)
_SWAP = len(_OPERATIONS)
