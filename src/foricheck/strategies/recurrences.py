"""Cases of ``fori_loop_recurrence``: seeds, hidden sizes, inputs, trip counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foricheck.cases import Array, Call, RecurrenceBatch
from foricheck.strategies.choices import Choices
from foricheck.ways import ANYHOW, PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foricheck.targets.recurrence import RecurrenceSubject

__all__ = [
    "CASE",
    "SEEDS",
    "differentiated",
    "edge_seeds",
    "every_hidden",
    "fractions",
    "long",
    "misfits",
    "negative",
    "nonsense",
    "short",
    "small_hidden",
    "zero",
]

CASE = 14
"""How many choices a case takes."""

SEEDS = np.array([0, 1, 7, 12345, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, -1, -5], np.int64)
"""Seeds at the edges of 32 bits, and ordinary ones."""

_SMALL = (1, 2, 3, 8)
_EVERY = (1, 2, 3, 8, 17, 64, 129, 200, 256, 512)
_SHORT = 9
_LONGEST = 1000


def small_hidden(rec: RecurrenceSubject) -> tuple[int, ...]:
    """Hidden sizes at which the bound on a whole trajectory is sharp.

    One of them in the lesser ways of calling, since each is another shape to compile for.
    """
    return _SMALL if rec.way in ANYHOW else _SMALL[2:3]


def every_hidden(_: RecurrenceSubject) -> tuple[int, ...]:
    """Hidden sizes from 1 to 512."""
    return _EVERY


def short(hidden: int, rows: Array) -> RecurrenceBatch:
    """Cases of at most 8 trips, from choices ``(N, CASE)``."""
    return _cases(hidden, rows, lambda choices: choices.below(_SHORT))


def long(hidden: int, rows: Array) -> RecurrenceBatch:
    """Cases of at most 999 trips, half of them of at most 8."""
    return _cases(hidden, rows, _long_trips)


def zero(hidden: int, rows: Array) -> RecurrenceBatch:
    """Cases of no trips."""
    return _cases(hidden, rows, lambda choices: choices.below(1))


def negative(hidden: int, rows: Array) -> RecurrenceBatch:
    """Cases of a negative trip count: −1, other small ones, the least of 32 bits."""
    counts = np.array([-1, -2, -3, -100, -(2**31)], np.int64)
    return _cases(hidden, rows, lambda choices: choices.pick(counts))


def one_hot(hidden: int, rows: Array) -> RecurrenceBatch:
    """As `short` with one trip and an x that reads one row of the weights."""
    cases = _cases(hidden, rows, lambda choices: choices.below(1) + 1)
    return replace(cases, x=_one_hot(cases.x, np.ones(len(rows), np.float32), rows[:, -1]))


def edge_seeds(rec: RecurrenceSubject) -> Iterator[RecurrenceBatch]:
    """Each seed of `SEEDS`, with each row of the weights, or some row, read by one step."""
    hidden = 8
    rows = np.arange(hidden if rec.lanes > 1 else 1)
    seed, row = (side.ravel() for side in np.meshgrid(SEEDS, rows, indexing="ij"))
    x = np.eye(hidden, dtype=np.float32)[row]
    yield RecurrenceBatch(hidden, seed, x, np.ones(len(seed), np.int64))


def differentiated(hidden: int, rows: Array) -> RecurrenceBatch:
    """As `short`, where the derivative is not all zero: x is moderate."""
    cases = short(hidden, rows)
    return replace(cases, x=np.clip(cases.x, -1, 1))


def fractions(_: RecurrenceSubject) -> Iterator[Call]:
    """Seeds, hidden sizes and trip counts given as floats, with what is to be cut off."""
    x = "np.array([0.5, -0.25, 1.0], np.float32)"
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


def misfits(_: RecurrenceSubject) -> Iterator[Call]:
    """An x whose length is not hidden."""
    for x, hidden in (
        ("np.ones(4, np.float32)", "3"),
        ("np.ones(2, np.float32)", "3"),
        ("np.ones(1, np.float32)", "3"),
        ("np.ones(0, np.float32)", "3"),
        ("np.ones(6, np.float32)", "3"),
    ):
        yield Call("0", x, hidden, "2")


def nonsense(rec: RecurrenceSubject) -> Iterator[Call]:
    """A negative hidden size, numbers that are not finite, an x that is not numeric."""
    x = "np.ones(3, np.float32)"
    yield Call("0", x, "-1", "2")
    for bad in ("float('nan')", "float('inf')", "-float('inf')"):
        yield Call(bad, x, "3", "2")
        yield Call("0", x, bad, "2")
        yield Call("0", x, "3", bad)
    yield Call("0", "'abc'", "3", "2")
    if rec.way != PLAIN:  # NumPy reads numbers from text
        yield Call("0", "['1', '2', '3']", "3", "2")


def _cases(hidden: int, rows: Array, trips: Any) -> RecurrenceBatch:
    choices = Choices(rows)
    T = trips(choices)
    return RecurrenceBatch(hidden, _seeds(choices), _inputs(hidden, choices), T)


def _long_trips(choices: Choices) -> Array:
    few, many, which = choices.below(_SHORT), choices.number(2), choices.below(2)
    return np.where(which == 0, few, many % _LONGEST).astype(np.int64)


def _seeds(choices: Choices) -> Array:
    """An edge, or any 32 bits."""
    edge, any_one = choices.pick(SEEDS), choices.number(3).astype(np.int64) * 257
    return np.where(choices.below(2) == 0, edge, any_one)


def _inputs(hidden: int, choices: Choices) -> Array:
    """X of shape ``(N, hidden)``, by family: the families find different mistakes.

    One row of the weights and a single summand (sharp at every hidden size), components where
    tanh saturates, ordinary ones, zeros of both signs, tiny and huge ones, and sparse ones.
    """
    family, size, noise = choices.below(8), choices.below(256), choices.number(2)
    signs, unit = _noise(noise.astype(np.uint32), hidden)
    scale = (1 + size.astype(np.float32) / 32)[:, None]
    one = (1 + size.astype(np.float32) / 64) * signs[:, 0]
    few = np.where(unit < max(0.1, 2 / hidden), unit * 10, 0).astype(np.float32)
    return np.select(
        [(family == which)[:, None] for which in range(7)],
        [
            np.zeros_like(unit),
            _one_hot(unit, one, size),
            signs * unit,
            signs * (scale + unit),
            signs * np.float32(0),
            signs * unit * np.float32(1e-30),
            signs * unit * np.float32(1e30),
        ],
        signs * few,
    ).astype(np.float32)


def _one_hot(like: Array, value: Array, place: Array) -> Array:
    """Rows with one component that is not 0, at a place modulo their length."""
    places = np.arange(like.shape[1]) == (place.astype(np.int64) % like.shape[1])[:, None]
    return np.where(places, value[:, None], 0).astype(np.float32)


def _noise(seed: Array, hidden: int) -> tuple[Array, Array]:
    """Signs, and numbers in [0, 1) with 8 bits, of shape ``(N, hidden)``; all 0 for seed 0."""
    place = np.arange(1, hidden + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
    mixed = seed[:, None] * place
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x85EBCA6B)
    signs = np.where(mixed >> np.uint32(31), -1, 1).astype(np.float32)
    return signs, ((mixed >> np.uint32(8)) % 256 / 256).astype(np.float32)
