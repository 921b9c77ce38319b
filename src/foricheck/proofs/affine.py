"""Affine numbers and conditions: the arithmetic that a provable While may use.

Both are over the integers and ignore that a difference may wrap at its dtype.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Affine", "Condition", "Joined", "Number", "compared", "negation"]

Pick = Literal["max", "min"]
Quantifier = Literal["all", "any"]


@dataclass(frozen=True)
class Affine:
    """A constant plus integer multiples of symbols; no multiple is 0."""

    constant: int
    multiples: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def symbol(cls, name: str) -> Affine:
        """One symbol."""
        return cls(0, frozenset({(name, 1)}))

    def __add__(self, other: Affine) -> Affine:
        sums = dict(self.multiples)
        for name, multiple in other.multiples:
            sums[name] = sums.get(name, 0) + multiple
        nonzero = ((name, multiple) for name, multiple in sums.items() if multiple)
        return Affine(self.constant + other.constant, frozenset(nonzero))

    def __mul__(self, factor: int) -> Affine:
        scaled = ((name, multiple * factor) for name, multiple in self.multiples)
        return Affine(self.constant * factor, frozenset(scaled if factor else ()))

    def at(self, point: Mapping[str, int]) -> int:
        """The value where the symbols have these values."""
        return self.constant + sum(multiple * point[name] for name, multiple in self.multiples)


@dataclass(frozen=True)
class Number:
    """The maximum or minimum of one or more affine numbers."""

    parts: tuple[Affine, ...]
    pick: Pick = "max"

    @classmethod
    def of(cls, part: Affine | int) -> Number:
        """An affine number, or a constant."""
        return cls((part if isinstance(part, Affine) else Affine(part),))

    @property
    def single(self) -> Affine | None:
        """The affine number if there is exactly one, else None."""
        return self.parts[0] if len(self.parts) == 1 else None

    def __add__(self, other: Number) -> Number | None:
        pick = self.pick if other.single else other.pick
        if not (self._can_be(pick) and other._can_be(pick)):
            return None
        return Number(tuple(one + another for one in self.parts for another in other.parts), pick)

    def __neg__(self) -> Number:
        negative = tuple(part * -1 for part in self.parts)
        return Number(negative, "min" if self.pick == "max" else "max")

    def or_else(self, pick: Pick, other: Number) -> Number | None:
        """The maximum or minimum of two numbers; None if that would mix max with min."""
        alike = self._can_be(pick) and other._can_be(pick)
        return Number((*self.parts, *other.parts), pick) if alike else None

    def _can_be(self, pick: Pick) -> bool:
        return bool(self.single) or self.pick == pick


@dataclass(frozen=True)
class Joined:
    """A conjunction (``all``) or disjunction (``any``) of conditions."""

    quantifier: Quantifier
    parts: tuple[Condition, ...]


Condition = Affine | Joined
"""An affine number as a condition holds if it is at least 0."""


def compared(name: str, one: Number, other: Number) -> Condition | None:
    """The comparison with this jaxpr name, such as ``lt``; None if it is not supported."""
    match name:
        case "ge":
            difference = one + -other
            return None if difference is None else _at_least_0(difference)
        case "le":
            return compared("ge", other, one)
        case "eq":
            sides = compared("ge", one, other), compared("le", one, other)
            return Joined("all", (sides[0], sides[1])) if sides[0] and sides[1] else None
        case "lt" | "gt" | "ne":
            contrary = compared({"lt": "ge", "gt": "le", "ne": "eq"}[name], one, other)
            return None if contrary is None else negation(contrary)
    return None


def negation(condition: Condition) -> Condition:
    """The condition that holds where this one does not."""
    match condition:
        case Affine():
            return condition * -1 + Affine(-1)
        case Joined(quantifier, parts):
            return Joined("any" if quantifier == "all" else "all", tuple(map(negation, parts)))


def _at_least_0(number: Number) -> Condition:
    return number.single or Joined("any" if number.pick == "max" else "all", number.parts)
