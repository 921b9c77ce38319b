"""Dual numbers: a value together with its derivative in one direction.

A dual number is ``a + b ε`` with ``ε**2 = 0`` (W. K. Clifford, "Preliminary sketch of
biquaternions", Proceedings of the London Mathematical Society 4, 1873), so that
``p(a + b ε) = p(a) + p'(a) b ε`` for every polynomial p, exactly if the arithmetic of a and b is
exact. Each nested derivative has its own ε, distinguished by a level: with a shared ε, the inner
derivative would include the outer perturbation (J. M. Siskind and B. A. Pearlmutter, "Perturbation
confusion and referential transparency", IFL 2005).

A dual number is a scalar; a NumPy object array holds many of them, so NumPy's indexing,
broadcasting, stacking, sums and products apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Dual", "tangent"]

Number = Any
"""A Python number or a dual number of a lower level."""


@dataclass(frozen=True, eq=False)
class Dual:
    """``value + tangent ε``, with the ε of one level.

    Supports ``+``, ``-``, ``*``, division by a number that is not dual, and powers with a
    non-negative integer exponent; the other operand may be a Python or NumPy number.

    Attributes:
        value: the primal.
        tangent: the derivative.
        level: identifies ε; an inner derivative has a higher level than an outer one.
    """

    value: Number
    tangent: Number
    level: int

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented  # NumPy then works element by element
        level = _level(self, other)
        (a, da), (b, db) = _split(self, level), _split(other, level)
        return Dual(a + b, da + db, level)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        level = _level(self, other)
        (a, da), (b, db) = _split(self, level), _split(other, level)
        return Dual(a * b, da * b + a * db, level)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.tangent, self.level)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __truediv__(self, divisor: Any) -> Any:
        if isinstance(divisor, np.ndarray | Dual):
            return NotImplemented
        return Dual(self.value / divisor, self.tangent / divisor, self.level)

    def __pow__(self, exponent: Any) -> Any:
        if not isinstance(exponent, int | np.integer) or exponent < 0:
            return NotImplemented
        power: Any = 1
        for _ in range(int(exponent)):
            power = self * power
        return power


def tangent(number: Number, level: int) -> Number:
    """The tangent of a number at a level, 0 if it does not depend on that ε."""
    return _split(number, level)[1]


def _level(one: Dual, other: Number) -> int:
    return max(one.level, other.level) if isinstance(other, Dual) else one.level


def _split(number: Number, level: int) -> tuple[Number, Number]:
    """The value and tangent at ``level``, at which a number of a lower level is a constant."""
    if isinstance(number, Dual) and number.level == level:
        return number.value, number.tangent
    return (number.item() if isinstance(number, np.generic) else number), 0
