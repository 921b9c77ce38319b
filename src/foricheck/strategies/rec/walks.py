"""Walks: every hidden size and every trip count around the powers of two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.inputs import noise
from foricheck.cases.rec.layouts import OTHER_DTYPES
from foricheck.cases.recurrence import RecurrenceBatch
from foricheck.strategies.limits import RecurrenceLimits
from foricheck.strategies.rec.rows import rows_about

__all__ = ["HIDDEN", "TRIPS", "a_thousand_trips", "all_derivatives", "rows_of_weights", "selected"]
__all__ += ["other_dtypes", "ten_trips", "trip_counts"]


def _around(powers: range) -> list[int]:
    return [2**power + step for power in powers for step in (-1, 0, 1)]


HIDDEN = (*range(1, 34), 47, 48, 49, *_around(range(6, 11)))
"""Hidden sizes: every remainder modulo 16 twice, and the powers of two to 1,024, ± 1."""

TRIPS = tuple(sorted({*range(10), *_around(range(4, 17)), 99, 100, *range(997, 1002), 10_007}))
"""Trip counts: the powers of two to 65,536, ± 1, and those around 1,000."""

_DERIVATIVES = tuple(size for size in HIDDEN if size <= 129)
_PLAIN_TRIPS = 2**11 + 1
"""The largest count where each step is a call from Python."""

_RESTLESS = 96, 275
"""A hidden size and a seed at which every step moves the state by over 0.25, with no period."""


def rows_of_weights(rec: RecurrenceLimits) -> Iterator[RecurrenceBatch]:
    """At every hidden size, inputs that each read one row of the weights, in one step.

    Where each input is a call of its own, an input reads up to 16 rows together.
    """
    for place, hidden in enumerate(HIDDEN):
        if hidden <= rec.max_hidden_read:
            together = 1 if rec.batches_x else min(16, hidden)
            x = _selecting(hidden, together, rec.dtype.name)
            seed = np.full(len(x), 101 + place)
            yield RecurrenceBatch(hidden, seed, x, np.ones(len(x), np.int64))


def other_dtypes(rec: RecurrenceLimits) -> Iterator[RecurrenceCase]:
    """An x of half precision or of integers, and one step or several."""
    for x_as in OTHER_DTYPES:
        for trips in (1, 3, 17):
            dtype = rec.dtype.name
            yield RecurrenceCase(hidden=8, T=trips, values="whole", x_as=x_as, dtype=dtype)


def trip_counts(rec: RecurrenceLimits) -> Iterator[RecurrenceBatch]:
    """Every trip count of the walk, at a hidden size where the state never comes to rest.

    Where T is traced, one program runs them all, and every count to 1,100 is among them.
    """
    hidden, seed = _RESTLESS
    longest = min(rec.max_trips, 2**17 if rec.compiles_loops else _PLAIN_TRIPS)
    every = range(1101) if rec.variant.bounds == "traced" else ()
    T = np.array([count for count in sorted({*TRIPS, *every}) if count <= longest])
    x = np.broadcast_to(np.eye(hidden, dtype=rec.dtype)[0], (len(T), hidden))
    yield RecurrenceBatch(hidden, np.full(len(T), seed), x, T)


def ten_trips(rec: RecurrenceLimits) -> Iterator[RecurrenceBatch]:
    """One case of ten trips."""
    x = noise(8).astype(rec.dtype)[None]
    yield RecurrenceBatch(8, np.array([7]), x, np.array([10]))


def a_thousand_trips(cases: RecurrenceBatch) -> RecurrenceBatch:
    """The same cases with 1,000 trips each."""
    return replace(cases, T=np.full_like(cases.T, 1000))


def all_derivatives(rec: RecurrenceLimits) -> Iterator[RecurrenceCase]:
    """Derivatives at every hidden size, of second order at some, and the rows about derivatives."""
    yield from _at_every_size(rec)
    yield from _of_second_order(rec)
    yield from rows_about("derivative")(rec)


def _of_second_order(rec: RecurrenceLimits) -> Iterator[RecurrenceCase]:
    """Forward mode of forward mode, without trips and with a few."""
    if "forward" in rec.capabilities:
        around = "jit" if "jit" in rec.capabilities else "nothing"
        for hidden, T in ((3, 0), (3, 1), (1, 2), (8, 5), (17, 2), (33, 3)):
            yield RecurrenceCase(
                seed=hidden,
                hidden=hidden,
                T=T,
                around=around,
                derivative="second",
                dtype=rec.dtype.name,
            )


def _at_every_size(rec: RecurrenceLimits) -> Iterator[RecurrenceCase]:
    """Forward and reverse derivatives at every hidden size, and with more trips at small ones."""
    ways = [way for way in ("forward", "reverse") if way in rec.capabilities]
    around = "jit" if "jit" in rec.capabilities else "nothing"
    for hidden in _DERIVATIVES:
        for way in ways:
            yield RecurrenceCase(
                seed=hidden,
                hidden=hidden,
                T=2 + hidden % 7 if hidden <= 33 else 2,
                around=around,
                derivative=way,
                dtype=rec.dtype.name,
            )


def selected(x: Array) -> Array:
    """The places where inputs are not 0, of shape ``(N, n)``; some that are 0 where they are fewer.

    Args:
        x: of shape ``(N, hidden)``.
    """
    most = int(np.count_nonzero(x, axis=1).max(initial=0))
    return np.argsort(x == 0, axis=1, kind="stable")[:, :most]


def _selecting(hidden: int, together: int, dtype: str) -> Array:
    """Inputs that are not 0 at ``together`` places, each place once; all of them 0 elsewhere."""
    groups = np.arange(hidden) // together
    wanted = groups[:, None] == np.arange(groups[-1] + 1)
    return np.where(wanted, 0.5 + np.arange(hidden)[:, None] % 3 / 8, 0.0).T.astype(dtype)
