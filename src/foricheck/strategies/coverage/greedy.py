"""Covering arrays of strength two, where dimensions and constraints are many.

The libraries do not get there: on twenty dimensions with seventy constraints covertable took more
than five minutes, and allpairspy left one possible pair in eight out. The method is that of
one-test-at-a-time greedy generators (D. M. Cohen, S. R. Dalal, M. L. Fredman and G. C. Patton,
"The AETG system", IEEE Transactions on Software Engineering 23, 1997): start from a pair that is
not covered, and give one dimension after the other the value that covers most.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from foricheck.strategies.coverage.model import Constraint, Model, Row

__all__ = ["all_pairs"]

_CANDIDATES = 2
_ATTEMPTS = 8


def all_pairs(model: Model, *, seed: int = 0, given: Iterable[Row] = ()) -> list[Row]:
    """Rows that contain every two values of different dimensions that go together.

    Args:
        model: dimensions and constraints.
        seed: permutes which values are combined in one row.
        given: rows that are there already; what they contain need not come again.
    """
    search = _Search(model, random.Random(seed))
    for row in given:
        search.cover(row)
    return search.rows()


class _Search:
    """The pairs that are left, with every value of every dimension a number."""

    def __init__(self, model: Model, draws: random.Random) -> None:
        self._model, self._draws = model, draws
        self._names = list(model.dimensions)
        self._values = [(name, value) for name in self._names for value in model.dimensions[name]]
        self._number = {pair: n for n, pair in enumerate(self._values)}
        self._dimension = np.array([self._names.index(name) for name, _ in self._values])
        self._of = [np.flatnonzero(self._dimension == n) for n in range(len(self._names))]
        self._allowed = self._dimension[:, None] != self._dimension[None, :]
        for constraint in model.constraints:
            if len(constraint.dimensions) == 2:
                self._forbid(constraint)
        self._wider = [self._of_numbers(c) for c in model.constraints if len(c.dimensions) > 2]
        self._left = self._allowed.copy()

    def cover(self, row: Row) -> None:
        """Count a row as there already; values that the model does not have are left out."""
        numbers = [self._number[pair] for pair in row.items() if pair in self._number]
        self._left[np.ix_(numbers, numbers)] = False

    def rows(self) -> list[Row]:
        """Rows until nothing is left."""
        rows = []
        while self._left.any():
            if row := self._best():
                self._left[np.ix_(row, row)] = False
                rows.append(dict(self._values[number] for number in sorted(row)))
        return rows

    def _best(self) -> list[int]:
        """Of a few rows with a pair that is left, the one that covers most; maybe none."""
        left = np.argwhere(self._left)
        starts = [left[self._draws.randrange(len(left))] for _ in range(_CANDIDATES)]
        found = [row for start in starts if (row := self._grown(*map(int, start)))]
        return max(found, key=lambda row: int(self._left[np.ix_(row, row)].sum()), default=[])

    def _grown(self, one: int, two: int) -> list[int]:
        for _ in range(_ATTEMPTS):
            if row := self._extended([one, two]):
                return row
        return self._searched(one, two)

    def _extended(self, row: list[int]) -> list[int]:
        """A row with more and more dimensions; empty where it comes to an end before the last.

        Those of wide constraints are first, in any order: they are where it may end.
        """
        dimensions = [n for n in range(len(self._of)) if n not in self._dimension[row]]
        self._draws.shuffle(dimensions)
        wide = {n for names, _ in self._wider for n in names}
        for n in sorted(dimensions, key=lambda n: n not in wide):
            number = self._chosen(row, n)
            if number is None:
                return []
            row.append(number)
        return row if self._holds(row) else []

    def _chosen(self, row: list[int], n: int) -> int | None:
        """The value of a dimension that covers most, of those that are allowed beside a row."""
        numbers, beside = self._of[n], np.array(row, np.intp)
        numbers = numbers[self._allowed[np.ix_(numbers, beside)].all(axis=1)]
        gains = self._left[np.ix_(numbers, beside)].sum(axis=1) + np.array(
            [self._draws.random() for _ in numbers]
        )
        for place in np.argsort(-gains):
            if self._holds([*row, int(numbers[place])]):
                return int(numbers[place])
        return None

    def _searched(self, one: int, two: int) -> list[int]:
        """A row with this pair by backtracking; a pair that has none is not left any more."""
        found = self._model.completed(dict(self._values[number] for number in (one, two)))
        if found is None:
            self._left[[one, two], [two, one]] = False
            return []
        return [self._number[name, found[name]] for name in self._names]

    def _forbid(self, constraint: Constraint) -> None:
        first, second = (self._of[self._names.index(name)] for name in constraint.dimensions)
        for one in first:
            for two in second:
                if not constraint.allows(self._values[one][1], self._values[two][1]):
                    self._allowed[[one, two], [two, one]] = False

    def _of_numbers(self, constraint: Constraint) -> tuple[list[int], Any]:
        """A constraint of more dimensions, over numbers of values."""
        values = self._values
        allows = cache(lambda *numbers: constraint.allows(*(values[n][1] for n in numbers)))
        return [self._names.index(name) for name in constraint.dimensions], allows

    def _holds(self, row: list[int]) -> bool:
        by_dimension = {int(self._dimension[number]): number for number in row}
        known = [each for each in self._wider if all(n in by_dimension for n in each[0])]
        return all(allows(*(by_dimension[n] for n in dimensions)) for dimensions, allows in known)
