"""Leaves with derivatives: polynomials in nilpotent numbers, of several levels and directions.

A jet is a value and, for each set of levels, the coefficient of the product of their epsilons,
whose squares are zero. A level has many directions at once, so that one pass gives a whole
Jacobian: a coefficient has one leading axis for each of its levels, in order, before the axes of
the leaf. Reverse mode is read off the Jacobian, without a tape.

All is computed in float64, and rounded to the dtype of the leaf after each operation, as IEEE 754
says of a single operation. Compilers may keep half precision in float32 from one operation to the
next, and round once what is rounded twice here; `Jet.error` bounds what comes of that. Bodies are
made such that derivatives need no rounding; where one does, `Jet.rounded_derivative` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foricheck.oracle.cases.values import is_float, kept_in, rounded

__all__ = ["Jet", "constant", "wide"]

Array = NDArray[Any]
Levels = tuple[int, ...]


_WORK = {"f": np.dtype("float64"), "c": np.dtype("complex128")}
_UNIT_ROUNDOFF = {"float16": 2.0**-11, "bfloat16": 2.0**-8}


@dataclass(frozen=True)
class Jet:
    """A leaf, and its derivatives.

    Attributes:
        dtype: of the leaf, a key's is ``key``.
        terms: coefficients by their levels; ``()`` is the value.
        rounded_derivative: whether a derivative was rounded on the way.
        error: how far other roundings may lead from each element, or None: nowhere.
        pending: how far each element is from what was rounded to it, if it was not stored since.
    """

    dtype: str
    terms: dict[Levels, Array]
    rounded_derivative: bool = False
    error: Array | None = None
    pending: Array | None = None

    @property
    def doubt(self) -> Array | None:
        """How far an operation may find each element from its value, or None."""
        return _sum(self.error, self.pending)

    def stored(self) -> Jet:
        """The leaf as an array in memory has it: rounded to its dtype."""
        return self if self.pending is None else replace(self, pending=None)

    @property
    def value(self) -> Array:
        """The leaf itself."""
        return self.terms[()]

    @property
    def rank(self) -> int:
        """How many axes the leaf has; a key's words are one more."""
        return self.value.ndim

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the leaf."""
        return self.value.shape

    def linear(self, f: Callable[[Array], Array]) -> Jet:
        """A linear function of the leaf, which leaves leading axes alone."""
        error = None if self.doubt is None else np.abs(f(self.doubt))
        return self._made({levels: f(term) for levels, term in self.terms.items()}, error=error)

    def at(self, places: Any, axis: int = 0) -> Jet:
        """Elements along an axis of the leaf."""
        return self.linear(lambda term: np.take(term, places, axis=axis - self.rank))

    def total(self) -> Jet:
        """The sum of all elements, a scalar."""
        axes = tuple(range(-self.rank, 0))
        return self.linear(lambda term: term.sum(axis=axes, dtype=term.dtype) if axes else term)

    def plus(self, other: Jet | Array | float) -> Jet:
        """The sum with a leaf of its dtype, broadcast to its shape, or with a constant."""
        if not isinstance(other, Jet):
            other = constant(
                np.broadcast_to(np.asarray(other, self._work()), self.shape), self.dtype
            )
        terms = dict(self.terms)
        for levels, term in other.terms.items():
            wide = _spread(term, levels, levels, other.rank, self.rank)
            terms[levels] = terms[levels] + wide if levels in terms else wide + self.zero()
        return self._made(terms, other, error=_sum(self.doubt, other.doubt))

    def minus(self, other: Jet) -> Jet:
        """The difference, of the shape of the other."""
        return other.negated().plus(self)

    def negated(self) -> Jet:
        """The leaf with the other sign."""
        return self.linear(np.negative)

    def times(self, other: Jet | float) -> Jet:
        """The product with a leaf of its dtype, broadcast to its shape, or with a constant."""
        if not isinstance(other, Jet):
            return self.linear(lambda term: term * np.asarray(other, term.dtype))
        terms: dict[Levels, Array] = {}
        for mine, one in self.terms.items():
            for theirs, two in other.terms.items():
                if set(mine) & set(theirs):
                    continue
                both = tuple(sorted(mine + theirs))
                product = _spread(one, mine, both, self.rank, self.rank) * _spread(
                    two, theirs, both, other.rank, self.rank
                )
                terms[both] = terms[both] + product if both in terms else product
        return self._made(terms, other, error=_of_product(self, other))

    def cast(self, dtype: str) -> Jet:
        """The leaf in another dtype; derivatives end at what is no float."""
        if not is_float(dtype):
            return constant(rounded(self.value, dtype), dtype)
        values = {levels: rounded(wide(term, dtype), dtype) for levels, term in self.terms.items()}
        inexact = self.rounded_derivative or any(
            bool((wide(values[levels], dtype) != wide(term, dtype)).any())
            for levels, term in self.terms.items()
            if levels
        )
        return Jet(
            dtype,
            values,
            rounded_derivative=inexact,
            error=_error(self.value, self.doubt, dtype),
            pending=_pending(values[()], self.value, dtype),
        )

    def with_derivatives_times(self, factor: float) -> Jet:
        """The same value, its derivatives times a number; 0 stops them."""
        kept = {
            levels: term * factor for levels, term in self.terms.items() if levels and factor != 0
        }
        return replace(self, terms={(): self.value} | kept)

    def replaced(self, places: Any, part: Jet) -> Jet:
        """The leaf with elements along its first axis replaced."""
        terms = {}
        for levels in self.terms.keys() | part.terms.keys():
            directions = self._directions(levels, part)
            base = self.terms.get(levels, self.zero())
            whole = np.array(np.broadcast_to(base, directions + self.shape))
            wanted = part.terms.get(levels, np.zeros_like(part.value))
            whole[(..., places, *[slice(None)] * (self.rank - 1))] = wanted
            terms[levels] = whole
        return self._made(terms, part, error=self._error_replaced(places, part))

    def _error_replaced(self, places: Any, part: Jet) -> Array | None:
        if self.doubt is None and part.doubt is None:
            return None
        whole = np.array(np.broadcast_to(0.0 if self.doubt is None else self.doubt, self.shape))
        whole[places] = 0.0 if part.doubt is None else part.doubt
        return whole

    def _directions(self, levels: Levels, part: Jet) -> tuple[int, ...]:
        own = self.terms[levels].shape if levels in self.terms else part.terms[levels].shape
        return own[: len(levels)]

    def zero(self) -> Array:
        """Zeros of its shape."""
        return np.zeros(self.shape, self.value.dtype)

    def _work(self) -> np.dtype[Any]:
        return _WORK.get(kept_in(self.dtype).kind, kept_in(self.dtype))

    def _made(
        self, terms: dict[Levels, Array], other: Jet | None = None, *, error: Array | None = None
    ) -> Jet:
        inexact = self.rounded_derivative or bool(other and other.rounded_derivative)
        inexact = inexact or (error is not None and len(terms) > 1)
        done = {}
        for levels, term in terms.items():
            done[levels] = wide(rounded(term, self.dtype), self.dtype)
            if levels and not inexact:
                inexact = bool((done[levels] != term).any())
        return Jet(
            self.dtype,
            done,
            rounded_derivative=inexact,
            error=_error(terms[()], error, self.dtype),
            pending=_pending(done[()], terms[()], self.dtype),
        )


def constant(values: Array, dtype: str) -> Jet:
    """A leaf that depends on nothing."""
    return Jet(dtype, {(): wide(np.asarray(values), dtype)})


def _error(exact: Array, doubt: Array | None, dtype: str) -> Array | None:
    """The error of a result in half precision, whose operands are in doubt."""
    unit = _UNIT_ROUNDOFF.get(dtype)
    if unit is None or doubt is None:
        return doubt
    return np.where(doubt > 0, doubt + 2 * unit * (np.abs(exact) + doubt), 0.0)


def _pending(made: Array, exact: Array, dtype: str) -> Array | None:
    """How far a result in half precision is from the exact one."""
    unit = _UNIT_ROUNDOFF.get(dtype)
    if unit is None or np.array_equal(made, exact, equal_nan=True):
        return None
    return np.where(made != exact, unit * np.abs(exact), 0.0)


def _sum(one: Array | None, two: Array | None) -> Array | None:
    return two if one is None else one if two is None else one + two


def _of_product(one: Jet, two: Jet) -> Array | None:
    if one.doubt is None and two.doubt is None:
        return None
    mine, theirs = (0.0 if each.doubt is None else each.doubt for each in (one, two))
    return np.abs(one.value) * theirs + np.abs(two.value) * mine + mine * theirs


def _spread(term: Array, levels: Levels, among: Levels, rank: int, wanted: int) -> Array:
    """A term with an axis for each of the levels, and the axes of the wanted rank."""
    directions = iter(term.shape[: len(levels)])
    leading = tuple(next(directions) if level in levels else 1 for level in among)
    return term.reshape(leading + (1,) * (wanted - rank) + term.shape[len(levels) :])


def wide(values: Array, dtype: str) -> Array:
    """Values in the precision that floats are computed in; other values as they are."""
    kind = kept_in(dtype).kind
    if kind not in _WORK:
        return values
    return np.asarray(np.real(values) if kind == "f" else values, _WORK[kind])
