"""Cases of ``fori_loop_recurrence``: seeds, hidden sizes, inputs, trip counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foricheck.cases.batch import Array
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.cases.variants import DEFAULT_VARIANTS, PLAIN
from foricheck.comparison.violations import Undecided
from foricheck.strategies.choices import Choices
from foricheck.strategies.limits import RecurrenceLimits

__all__ = [
    "CASE",
    "SEEDS",
    "State",
    "differentiated",
    "edge_seeds",
    "every_hidden",
    "fractions",
    "in_numpy",
    "invalid_arguments",
    "long",
    "moving",
    "negative",
    "short",
    "small_hidden",
    "very_long",
    "wrong_lengths",
    "zero",
]

CASE = 14
"""The number of choices for a case."""

SEEDS = np.array([0, 1, 7, 12345, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, -1, -5], np.int64)
"""Seeds at the edges of 32 bits and ordinary ones."""

_WIDE_SEEDS = np.array(
    [2**32, 2**32 + 5, 2**40 + 3, 2**63 - 1, -(2**31), -(2**31) - 1, -(2**32) - 7, -(2**63)],
    np.int64,
)
_NEGATIVE = np.array([-1, -2, -3, -100, -(2**31)], np.int64)
_WIDE_NEGATIVE = np.array([-(2**32) + 3, -(2**63)], np.int64)
_TINY_AND_HUGE = {"float32": (1e-30, 1e30), "float64": (1e-290, 1e300)}
_SMALL = (1, 2, 3, 8)
_EVERY = (1, 2, 3, 8, 17, 64, 129, 200, 256, 512)
_SHORT = 9
_LONGEST = 1000
_VERY_LONG = 10_007
_SPECIAL = np.array([0, np.nan, np.inf, -np.inf])


@dataclass(frozen=True)
class State:
    """The properties shared by the states of a batch.

    Attributes:
        hidden: the size of a state.
        dtype: the dtype of a state, ``float32`` or ``float64``.
        wide_counts: whether seeds and trip counts have 64 bits even if states have 32.
    """

    hidden: int
    dtype: str = "float32"
    wide_counts: bool = False

    @property
    def wide(self) -> bool:
        """Whether seeds and trip counts have 64 bits."""
        return self.wide_counts or self.dtype == "float64"


def small_hidden(rec: RecurrenceLimits) -> tuple[State, ...]:
    """Hidden sizes for which the bound on a whole trajectory is sharp.

    Only one of them in non-default variants, since each shape needs another compilation.
    """
    return _states(rec, _SMALL if rec.variant in DEFAULT_VARIANTS else _SMALL[2:3])


def every_hidden(rec: RecurrenceLimits) -> tuple[State, ...]:
    """Hidden sizes from 1 to 512."""
    return _states(rec, _EVERY)


def short(state: State, rows: Array) -> RecurrenceBatch:
    """Cases of at most 8 trips, decoded from choices ``(N, CASE)``."""
    return _cases(state, rows, lambda choices: choices.below(_SHORT))


def moving(state: State, rows: Array) -> RecurrenceBatch:
    """As `short`, but each trip changes the state: at least one trip, and ``x[0]`` is 1/2."""
    cases = _cases(state, rows, lambda choices: 1 + choices.below(_SHORT - 1))
    x = cases.x.copy()
    x[:, 0] = 0.5
    return replace(cases, x=x)


def long(state: State, rows: Array) -> RecurrenceBatch:
    """Cases of at most 999 trips, half of them of at most 8."""
    return _cases(state, rows, _long_trips)


def very_long(rec: RecurrenceLimits) -> Iterator[RecurrenceBatch]:
    """One case of ten thousand trips, at a hidden size for which the state never converges."""
    if rec.max_trips < _VERY_LONG or not (states := _states(rec, (256,))):
        raise Undecided("ten thousand trips at a large hidden size take too long there")
    (state,) = states
    x = np.zeros((1, state.hidden), state.dtype)
    x[0, :3] = 0.5, -0.25, 0.125
    yield RecurrenceBatch(state.hidden, np.array([7]), x, np.array([_VERY_LONG]))


def zero(state: State, rows: Array) -> RecurrenceBatch:
    """Cases without trips; in some, a component of x is NaN or infinite."""
    cases = _cases(state, rows, lambda choices: choices.below(1))
    which, index = rows[:, -1].astype(int), rows[:, -2].astype(int)
    special = _SPECIAL[which % len(_SPECIAL)]
    put = (special != 0)[:, None] & (np.arange(state.hidden) == index[:, None] % state.hidden)
    return replace(cases, x=np.where(put, special[:, None], cases.x).astype(state.dtype))


def negative(state: State, rows: Array) -> RecurrenceBatch:
    """Cases with negative trip counts: −1, other small ones, and the least.

    With 64 bits, also one whose lower 32 bits are positive.
    """
    counts = np.append(_NEGATIVE, _WIDE_NEGATIVE) if state.wide else _NEGATIVE
    return _cases(state, rows, lambda choices: choices.pick(counts))


def one_hot(state: State, rows: Array) -> RecurrenceBatch:
    """As `short`, but with one trip and an x that selects one row of the weights."""
    cases = _cases(state, rows, lambda choices: choices.below(1) + 1)
    return replace(cases, x=_one_hot(cases.x, np.ones(len(rows), state.dtype), rows[:, -1]))


def edge_seeds(rec: RecurrenceLimits) -> Iterator[RecurrenceBatch]:
    """Each seed at an edge, and one step that reads each row of the weights (or only the first)."""
    (state,) = _states(rec, (8,))
    rows = np.arange(state.hidden if rec.lanes > 1 else 1)
    seed, row = (side.ravel() for side in np.meshgrid(_edges(state), rows, indexing="ij"))
    x = np.eye(state.hidden, dtype=state.dtype)[row]
    yield RecurrenceBatch(state.hidden, seed, x, np.ones(len(seed), np.int64))


def differentiated(state: State, rows: Array) -> RecurrenceBatch:
    """As `short`, but with a moderate x, so that the derivative is not all zero."""
    cases = short(state, rows)
    return replace(cases, x=np.clip(cases.x, -1, 1))


def fractions(rec: RecurrenceLimits) -> Iterator[Call]:
    """Seeds, hidden sizes and trip counts given as floats with fractions to truncate."""
    x = f"np.array([0.5, -0.25, 1.0], np.{rec.dtype})"
    for seed, hidden, T in (
        ("0.0", "3.0", "1.0"),
        ("7.0", "3.0", "4.0"),
        ("7.9", "3.9", "4.9"),
        ("0.5", "3.5", "0.5"),
        ("12.999", "3.999", "2.999"),
        ("5.0", "3.0", "-0.9"),
        ("-3.5", "3.2", "2.2"),
        ("np.float32(7.5)", "np.float64(3.5)", "np.float32(2.5)"),
    ):
        yield Call(seed, x, hidden, T)


def in_numpy(rec: RecurrenceLimits) -> Iterator[Call]:
    """An x that is a writable NumPy array, for zero, one and more trips."""
    for T in ("0", "1", "4"):
        yield Call("7", f"np.array([0.5, -0.25, 1.0], np.{rec.dtype})", "3", T)


def wrong_lengths(rec: RecurrenceLimits) -> Iterator[Call]:
    """An x whose length differs from hidden."""
    for length in (4, 2, 1, 0, 6):
        yield Call("0", f"np.ones({length}, np.{rec.dtype})", "3", "2")


def invalid_arguments(rec: RecurrenceLimits) -> Iterator[Call]:
    """A negative hidden size, numbers that are not finite, and an x that is not numeric."""
    x = f"np.ones(3, np.{rec.dtype})"
    yield Call("0", x, "-1", "2")
    for bad in ("float('nan')", "float('inf')", "-float('inf')"):
        yield Call(bad, x, "3", "2")
        yield Call("0", x, bad, "2")
        yield Call("0", x, "3", bad)
    yield Call("0", "'abc'", "3", "2")
    if rec.variant != PLAIN:  # NumPy reads numbers from text
        yield Call("0", "['1', '2', '3']", "3", "2")


def _states(rec: RecurrenceLimits, sizes: tuple[int, ...]) -> tuple[State, ...]:
    able = (hidden for hidden in sizes if hidden <= rec.max_hidden)
    return tuple(State(hidden, rec.dtype.name, rec.has_wide_counts) for hidden in able)


def _cases(state: State, rows: Array, trips: Any) -> RecurrenceBatch:
    choices = Choices(rows)
    T = trips(choices)
    return RecurrenceBatch(state.hidden, _seeds(state, choices), _inputs(state, choices), T)


def _long_trips(choices: Choices) -> Array:
    few, many, which = choices.below(_SHORT), choices.number(2), choices.below(2)
    return np.where(which == 0, few, many % _LONGEST).astype(np.int64)


def _edges(state: State) -> Array:
    return np.append(SEEDS, _WIDE_SEEDS) if state.wide else SEEDS


def _seeds(state: State, choices: Choices) -> Array:
    """A seed at an edge or any other, of 32 or 64 bits."""
    edge, number = choices.pick(_edges(state)), choices.number(3)
    scattered = number * np.uint64(0x9E3779B97F4A7C15 if state.wide else 257)
    return np.where(choices.below(2) == 0, edge, scattered.view(np.int64))


def _inputs(state: State, choices: Choices) -> Array:
    """X of shape ``(N, hidden)``, from families that find different faults.

    One nonzero component (a sharp bound at every hidden size), components for which tanh saturates,
    ordinary ones, zeros of both signs, tiny and huge ones, and sparse ones. In float64 all digits
    are significant.
    """
    family, size, noise = choices.below(8), choices.below(256), choices.number(2)
    mixed = _noise(noise.astype(np.uint32), state.hidden)
    signs = np.where(mixed >> np.uint32(31), -1, 1).astype(np.float32)
    unit = ((mixed >> np.uint32(8)) % 256 / 256).astype(np.float32)
    tiny, huge = np.array(_TINY_AND_HUGE[state.dtype], state.dtype)
    scale = (1 + size.astype(np.float32) / 32)[:, None]
    one = (1 + size.astype(np.float32) / 64) * signs[:, 0]
    few = np.where(unit < max(0.1, 2 / state.hidden), unit * 10, 0).astype(np.float32)
    x: Array = np.select(
        [(family == which)[:, None] for which in range(7)],
        [
            np.zeros_like(unit),
            _one_hot(unit, one, size),
            signs * unit,
            signs * (scale + unit),
            signs * np.float32(0),
            signs * unit * tiny,
            signs * unit * huge,
        ],
        signs * few,
    ).astype(state.dtype)
    return x / (1 + mixed * 2.0**-40) if state.dtype == "float64" else x


def _one_hot(like: Array, value: Array, index: Array) -> Array:
    """Rows with one nonzero component, at ``index`` modulo their length."""
    chosen = np.arange(like.shape[1]) == (index.astype(np.int64) % like.shape[1])[:, None]
    return np.where(chosen, value[:, None], 0).astype(value.dtype)


def _noise(seed: Array, hidden: int) -> NDArray[np.uint32]:
    """Pseudorandom bits, uint32 of shape ``(N, hidden)``; all 0 for seed 0."""
    position = np.arange(1, hidden + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
    mixed: NDArray[np.uint32] = seed[:, None] * position
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x85EBCA6B)
    return mixed
