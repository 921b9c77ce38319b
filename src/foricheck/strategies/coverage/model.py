"""The model of a covering array: dimensions, their values, and constraints between values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Constraint", "Model", "Row"]

Row = dict[str, Any]
"""A value of every dimension, by name."""


@dataclass(frozen=True)
class Constraint:
    """A restriction on which values may be combined.

    Attributes:
        dimensions: the names of the restricted dimensions.
        allows: a function of one value of each; whether they may be combined.
        why: the reason, as a sentence.
    """

    dimensions: tuple[str, ...]
    allows: Callable[..., bool]
    why: str

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row satisfies the constraint; a row that lacks its dimensions does."""
        if not all(name in row for name in self.dimensions):
            return True
        return self.allows(*(row[name] for name in self.dimensions))


@dataclass(frozen=True)
class Model:
    """Dimensions and constraints.

    Attributes:
        dimensions: the values of each dimension by name; the first value is neutral.
        constraints: restrictions on combinations; they must allow the neutral row.
    """

    dimensions: Mapping[str, tuple[Any, ...]]
    constraints: tuple[Constraint, ...] = ()

    @property
    def neutral(self) -> Row:
        """The first value of every dimension."""
        return {name: values[0] for name, values in self.dimensions.items()}

    def restricted(self, dimensions: Mapping[str, tuple[Any, ...]]) -> Model:
        """The same with other values of some dimensions."""
        return Model({**self.dimensions, **dimensions}, self.constraints)

    def allows(self, row: Mapping[str, Any]) -> bool:
        """Whether a row, which may lack dimensions, satisfies all constraints."""
        return all(constraint.holds(row) for constraint in self.constraints)

    def completed(self, part: Mapping[str, Any]) -> Row | None:
        """A row that contains ``part``, otherwise as neutral as possible; None if impossible."""
        missing = [name for name in self.dimensions if name not in part]
        return self._search(dict(part), missing) if self.allows(part) else None

    def simpler(self, row: Mapping[str, Any]) -> Iterator[Row]:
        """The rows with some values reset to neutral, those with the most resets first."""
        changed = [name for name, value in self.neutral.items() if row[name] != value]
        for name in changed:
            kept = {each: row[each] for each in self.dimensions if each not in changed}
            if len(changed) > 1 and (alone := self.completed(kept | {name: row[name]})):
                yield alone
        for name in changed:
            reset = {**row, name: self.neutral[name]}
            if self.allows(reset):
                yield reset

    def _search(self, part: Row, missing: list[str]) -> Row | None:
        if not missing:
            return part
        name, *rest = missing
        for value in self.dimensions[name]:
            extended = {**part, name: value}
            if self.allows(extended) and (found := self._search(extended, rest)):
                return found
        return None
