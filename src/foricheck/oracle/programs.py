"""Body programs in NumPy: many lanes at once, each with its own program and its own range.

The meaning of the instructions is in ``foricheck.programs.program``; it is written here a second
time, from that text alone, so that the two check each other.
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
    """Loops side by side.

    ``lower`` and ``upper`` are int64 or uint64 of shape ``(N,)``, ``code`` int32 of shape
    ``(N, P, 5)``, and ``carry`` int32 of shape ``(N, R, W)``.
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
    """The registers at the end of each loop, int32 of shape ``(N, R, W)``."""
    trips = _trips(cases)
    order = np.argsort(-trips, kind="stable")  # the loops still running come first
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
    """As `run`, where each iteration runs the whole program in a loop from 0 to its own index."""
    state = cases.carry
    trips = _trips(cases)
    for step in range(int(trips.max(initial=0))):
        inner = np.where(step < trips, cases.lower.astype(np.int64) + step, 0)
        state = run(_Loops(np.zeros_like(inner), inner, cases.code, state))
    return state


def recorded(cases: Cases) -> Ints:
    """As `run`, for the index recorder from an empty record, in closed form.

    A second way to the same registers, for loops too long to be run here.
    """
    result = np.zeros_like(cases.carry)
    for lane, (lower, upper) in enumerate(zip(cases.lower, cases.upper, strict=True)):
        result[lane] = _record(int(lower), int(upper), cases.carry.shape[1:])
    return result


def affine(lower: int, upper: int, start: int, multiplier: int) -> int:
    """The hash ``h ← multiplier · h + i`` over ``lower <= i < upper``, modulo 2**32.

    In closed form: the pair (h, i) moves by the affine map (h, i) → (m h + i, i + 1). Its power is
    taken by squaring, so that a loop of 2**24 trips costs 24 products.
    """
    step = np.array([[multiplier, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=object)
    power = np.eye(3, dtype=object)
    trips = max(upper - lower, 0)
    while trips:
        if trips & 1:
            power = power @ step % 2**32
        step = step @ step % 2**32
        trips >>= 1
    return int((power @ np.array([start, lower, 1], dtype=object))[0] % 2**32)


@dataclass(frozen=True)
class _Loops:
    lower: Ints
    upper: Ints
    code: Ints
    carry: Ints


def _record(lower: int, upper: int, shape: tuple[int, ...]) -> Ints:
    registers = np.zeros(shape, np.int64)
    count, width = max(upper - lower, 0), shape[1]
    for place in range(max(count - width, 0), count):
        registers[0, place % width] = (lower + place) % 2**32
    registers[1] = count
    registers[2] = affine(lower, upper, 0, 1_000_003)
    return _low_bits(registers)


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
    """One instruction a lane, in place; lanes are taken together by their op."""
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
