"""Measure coverage: how many of the possible pairs or triples of values some rows contain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from foricheck.strategies.coverage.model import Model, Row

__all__ = ["Coverage", "coverage"]

Part = tuple[tuple[str, Any], ...]
"""Values of some dimensions, with their names."""


@dataclass(frozen=True)
class Coverage:
    """The number of combinations of values that some rows contain.

    Attributes:
        strength: 2 for pairs of values, 3 for triples.
        covered: the number of combinations in the rows.
        possible: the number of allowed combinations.
    """

    strength: int
    covered: int
    possible: int

    @property
    def share(self) -> float:
        """The covered share, from 0 to 1; 1 if no combination is possible."""
        return self.covered / self.possible if self.possible else 1.0

    def __str__(self) -> str:
        noun = {1: "values", 2: "pairs", 3: "triples"}.get(self.strength, f"{self.strength}-tuples")
        return f"{self.covered:,} of {self.possible:,} {noun}"


def coverage(model: Model, rows: Iterable[Row], *, strength: int = 2) -> Coverage:
    """The coverage of the possible pairs (triples) of values by ``rows``."""
    seen = {part for row in rows for part in _parts(row, model, strength)}
    every = list(_all(model, strength))
    unseen = [part for part in every if part not in seen]
    missed = sum(model.completed(dict(part)) is not None for part in unseen)
    covered = len(every) - len(unseen)  # rows may have values that the model has not
    return Coverage(strength, covered, covered + missed)


def _parts(row: Row, model: Model, strength: int) -> Iterator[Part]:
    for names in combinations(model.dimensions, strength):
        yield tuple((name, row[name]) for name in names)


def _all(model: Model, strength: int) -> Iterator[Part]:
    for names in combinations(model.dimensions, strength):
        for values in product(*(model.dimensions[name] for name in names)):
            yield tuple(zip(names, values, strict=True))
