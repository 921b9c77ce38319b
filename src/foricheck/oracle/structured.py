"""Structured programs in NumPy, one instruction at a time.

This is a second implementation of the instructions that ``foricheck.programs.structured`` defines,
written from its docstring alone, so that the two check each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cases", "run"]

Ints = NDArray[Any]

_DTYPES = tuple(map(np.dtype, ("int32", "int8", "uint8", "int16", "uint16", "uint32", "float32")))
_SHAPES = ((16,), (4, 4), (2, 8), (2, 2, 4))
_FLOATS = (0.0, -0.0, 1.0, -1.0, 2.5, -0.25, 96.0, np.nan)


class Cases(Protocol):
    """Batched loops: the fields of ``foricheck.cases.loop.StructuredBatch``."""

    @property
    def lower(self) -> Ints: ...  # noqa: D102
    @property
    def upper(self) -> Ints: ...  # noqa: D102
    @property
    def code(self) -> Ints: ...  # noqa: D102
    @property
    def count(self) -> Ints: ...  # noqa: D102
    @property
    def leaves(self) -> Ints: ...  # noqa: D102


def run(cases: Cases) -> list[tuple[Ints, ...]]:
    """The final carry of each loop."""
    with np.errstate(over="ignore"):  # integers wrap by definition
        return [_run(cases, lane) for lane in range(len(cases.lower))]


def _run(cases: Cases, lane: int) -> tuple[Ints, ...]:
    count = int(cases.count[lane])
    carry = [_leaf(*map(int, leaf)) for leaf in cases.leaves[lane, :count]]
    for i in range(int(cases.lower[lane]), int(cases.upper[lane])):
        for op, dst, src, axis, k in cases.code[lane].tolist():
            _execute(carry, op, dst % count, src % count, axis, k, i)
    return tuple(carry)


def _leaf(dtype: int, shape: int, factor: int, start: int) -> Ints:
    numbers = np.array([factor * j + start for j in range(16)], np.int64)
    if _DTYPES[dtype].kind == "f":
        numbers = np.array([_FLOATS[number % 8] for number in numbers])
    return numbers.astype(_DTYPES[dtype]).reshape(_SHAPES[shape])


def _execute(carry: list[Ints], op: int, dst: int, src: int, axis: int, k: int, i: int) -> None:
    """Run one instruction in place."""
    x, y = carry[dst], _converted(carry[src], carry[dst])
    if op == _SWAP:
        carry[src] = _converted(x, carry[src])
        carry[dst] = y
    elif op:
        operands = _Operands(x, y, axis % x.ndim, k, i)
        carry[dst] = np.asarray(_OPERATIONS[op - _SWAP - 1](operands)).astype(x.dtype)


def _converted(leaf: Ints, to: Ints) -> Ints:
    """``leaf`` with the dtype and shape of ``to``."""
    return leaf.reshape(to.shape).astype(to.dtype)


@dataclass(frozen=True)
class _Operands:
    """The operands of an instruction."""

    x: Ints
    y: Ints
    axis: int
    k: int
    i: int

    @property
    def n(self) -> int:
        return int(self.x.shape[self.axis])

    @property
    def p(self) -> int:
        return self.i % (self.n - 1 if self.n > 2 else 2)

    @property
    def flat(self) -> tuple[list[int], list[int]]:
        """The elements of x and y as Python integers."""
        return self.x.ravel().tolist(), self.y.ravel().tolist()

    def taken(self, leaf: Ints, places: Any) -> Ints:
        """The given positions of a leaf along the axis."""
        return np.take(leaf, np.asarray(list(places), np.int64), self.axis)

    def with_places(self, places: Any, value: Ints) -> Ints:
        """The leaf x with the given positions along the axis replaced."""
        new = np.moveaxis(self.x, self.axis, 0).copy()
        new[np.asarray(list(places), np.int64)] = np.moveaxis(value, self.axis, 0)
        return np.moveaxis(new, 0, self.axis)

    def shaped(self, elements: Any) -> Ints:
        """Elements in row-major order, with the shape of x and wrapped to its dtype."""
        if self.x.dtype.kind == "f":
            return np.array(list(elements), self.x.dtype).reshape(self.x.shape)
        numbers = np.array([int(each) % 2**32 for each in elements], np.int64)
        return numbers.astype(self.x.dtype).reshape(self.x.shape)

    def window(self) -> range:
        """Half of the axis, starting at p or at the last position that fits."""
        half = self.n // 2
        start = min(self.p, self.n - half)
        return range(start, start + half)


Operation = Callable[[_Operands], Ints]


def _cumulative(operation: Any) -> Operation:
    def run(o: _Operands) -> Ints:
        rows, total = [], None
        for row in np.moveaxis(o.y, o.axis, 0):
            total = row if total is None else operation(total, row)
            rows.append(total)
        return np.stack(rows, o.axis)

    return run


def _suffix(o: _Operands) -> Ints:
    sums = [o.taken(o.y, range(place, o.n)).sum(o.axis, o.y.dtype) for place in range(o.n)]
    return np.stack(sums, o.axis)


def _rolled(o: _Operands, leaf: Ints, by: int) -> Ints:
    return o.taken(leaf, [(place - by) % o.n for place in range(o.n)])


def _shift_left(o: _Operands) -> Ints:
    return np.concatenate([o.taken(o.y, range(1, o.n)), o.taken(o.x, [0])], o.axis)


def _interleave(o: _Operands) -> Ints:
    x, y = o.flat
    return o.shaped(y[::2] + x[1::2])


def _transpose(o: _Operands) -> Ints:
    _, y = o.flat
    return o.shaped(y[4 * column + row] for row in range(4) for column in range(4))


def _tril(o: _Operands) -> Ints:
    _, y = o.flat
    return o.shaped(element if j % 4 <= j // 4 else 0 for j, element in enumerate(y))


def _matmul(o: _Operands) -> Ints:
    x, y = o.flat
    places = ((row, column) for row in range(4) for column in range(4))
    return o.shaped(sum(x[4 * r + m] * y[4 * m + c] for m in range(4)) for r, c in places)


def _sum(o: _Operands) -> Ints:
    total: Ints = o.x + np.expand_dims(o.y.sum(o.axis, o.y.dtype), o.axis)
    return total


def _sub_max(o: _Operands) -> Ints:
    return np.asarray(o.x - o.taken(np.sort(o.y, o.axis), [o.n - 1]))


def _argmax(o: _Operands) -> Ints:
    first = np.expand_dims(o.y.argmax(o.axis), o.axis)
    return np.asarray(o.x + first.astype(o.x.dtype))


def _lookup(o: _Operands) -> Ints:
    x, y = o.flat
    return o.shaped(y[element % 16] for element in x)


def _put(o: _Operands) -> Ints:
    return o.with_places([o.p], o.taken(o.y, [(o.p + o.k) % o.n]))


def _add_at(o: _Operands) -> Ints:
    new = o.taken(o.x, [o.p]) + o.taken(o.y, [(o.p + o.k) % o.n])
    return o.with_places([o.p], new)


def _set_one(o: _Operands) -> Ints:
    x, y = o.flat
    x[o.i % 15] = y[(o.i % 15 + o.k) % 16]
    return o.shaped(x)


def _scatter(o: _Operands) -> Ints:
    x, y = o.flat
    for element in y:
        x[element % 16] += element
    return o.shaped(x)


def _window(o: _Operands) -> Ints:
    rest = o.taken(o.x, range(o.n // 2, o.n))
    return np.concatenate([o.taken(o.y, o.window()), rest], o.axis)


def _mask(o: _Operands) -> Ints:
    x, y, last = *o.flat, o.x.shape[-1]
    place = o.i % (last - 1 if last > 2 else 2)
    return o.shaped(x[j] if j % last == place else y[j] for j in range(16))


def _branch(o: _Operands) -> Ints:
    return o.x - o.y if o.flat[0][o.i % 15] % 2 == 0 else _rolled(o, o.y, 1)


def _loop(o: _Operands) -> Ints:
    x, y = o.flat
    for j in range(o.k):
        x = [3 * one + other + j for one, other in zip(x, y, strict=True)]
    return o.shaped(x)


def _roll_loop(o: _Operands) -> Ints:
    x = o.x
    for _ in range(o.i % 3):
        x = _rolled(o, x, 1) + o.y
    return x


_SWAP = 1

_BY_NAME: dict[str, Operation] = {
    "copy": lambda o: o.y,
    "add": lambda o: o.x + o.y,
    "sub": lambda o: o.x - o.y,
    "mul": lambda o: o.x * o.y,
    "xor": lambda o: o.x ^ o.y,
    "min": lambda o: np.minimum(o.x, o.y),
    "max": lambda o: np.maximum(o.x, o.y),
    "index": lambda o: o.shaped(element + o.i for element in o.flat[1]),
    "scale": lambda o: o.shaped(o.k * element + 1 for element in o.flat[1]),
    "divide": lambda o: o.shaped(element // (o.k + 1) for element in o.flat[1]),
    "remainder": lambda o: o.shaped(element % (o.k + 1) for element in o.flat[1]),
    "left": lambda o: o.shaped(element * 2**o.k for element in o.flat[1]),
    "right": lambda o: o.shaped(element // 2**o.k for element in o.flat[1]),
    "flip_bits": lambda o: o.shaped(-1 - element for element in o.flat[1]),
    "cumsum": _cumulative(np.add),
    "cumprod": _cumulative(np.multiply),
    "suffix": _suffix,
    "roll": lambda o: _rolled(o, o.y, o.k),
    "roll_by_i": lambda o: _rolled(o, o.y, o.p),
    "flip": lambda o: o.taken(o.y, reversed(range(o.n))),
    "shift_left": _shift_left,
    "interleave": _interleave,
    "transpose": _transpose,
    "tril": _tril,
    "matmul": _matmul,
    "sort": lambda o: np.sort(o.y, o.axis),
    "sum": _sum,
    "total": lambda o: o.shaped(element + sum(o.flat[1]) for element in o.flat[0]),
    "sub_max": _sub_max,
    "argmax": _argmax,
    "pick": lambda o: o.x + o.taken(o.y, [o.p]),
    "lookup": _lookup,
    "put": _put,
    "add_at": _add_at,
    "set_one": _set_one,
    "scatter": _scatter,
    "window": _window,
    "set_window": lambda o: o.with_places(o.window(), o.taken(o.y, range(o.n // 2))),
    "shift_right": lambda o: o.with_places(range(1, o.n), o.taken(o.y, range(o.n - 1))),
    "where": lambda o: np.where(o.x > o.y, o.x - o.y, o.y),
    "mask": _mask,
    "choose": lambda o: o.x + o.y if o.i % 3 == 0 else o.taken(o.x, reversed(range(o.n))),
    "branch": _branch,
    "loop": _loop,
    "roll_loop": _roll_loop,
    "plus": lambda o: o.y + np.array(o.k - 1, o.y.dtype),
    "negate": lambda o: np.negative(o.y),
    "abs": lambda o: np.abs(o.y),
    "keep": lambda o: np.where(o.y >= 0, o.x, o.y),
    "gate": lambda o: o.x * (o.y > 0).astype(o.x.dtype),
}

_OPERATIONS = tuple(_BY_NAME.values())
