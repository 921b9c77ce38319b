"""Uniform and normal numbers, derived from bits as ``jax.random`` does.

A uniform float32 uses 23 of 32 bits as the mantissa of a number in [1, 2), a float64 52 of 64; one
is subtracted, and the result is scaled and shifted. A normal number is ``sqrt(2) * erf_inv(v)``
with ``v`` uniform in (-1, 1), where ``erf_inv`` is the approximation of
:mod:`foricheck.oracle.erfinv` in the precision of ``v``. JAX draws float64 with x64 on.

What a float32 implementation approximates
------------------------------------------
``fl(v*v)`` is one correctly rounded operation, the same everywhere, but ``1 - v*v`` cancels near 1:
rounding the square changes the result by up to 97 u, u = 2**-24. So ``erf_inv`` uses the *float32*
square and computes the rest in float64. It then differs from a float32 implementation only by the
rounding of log1p, sqrt and Horner's rule. :data:`NORMAL_ACCURACY` is a running error bound (Higham,
"Accuracy and Stability of Numerical Algorithms", 2nd ed., section 5.1) on that difference,
maximised over all 2**23 uniforms: log1p within 3 u, sqrt correctly rounded, each multiplication and
addition of Horner's rule rounded once, and three roundings for the products with ``v``, ``sqrt(2)``
and a scale. It is 6.8 u for the inner piece and 7.9 u for the outer one, rounded up to 8 u to cover
the terms in u**2. The largest error measured over all 2**23 uniforms on a CPU is 3.83 u (eager, and
compiled by JAX 0.12.0.1) and 4.48 u (compiled by JAX 0.8.1 and 0.10.2).

What a float64 implementation approximates
------------------------------------------
The same, with the *float64* square and u = 2**-53, but here the oracle's own roundings matter as
much as the implementation's. For each of the two the same running error bound, over a grid of w, is
7.0 u, 7.7 u and 7.4 u for the three pieces: 16 u for both together. XLA's log1p on a CPU, however,
is not within 3 u in every version: in JAX 0.8.1 and 0.10.2 its error grows from ``v*v`` = 0.293 to
242 u just below 0.4143 and is small beyond that; in 0.12.0.1 it is at most 2.8 u. With log1p within
256 u for w up to 0.535 the bound is 42.2 u there, and 50 u including the oracle's part:
:data:`NORMAL_ACCURACY_64`. The largest error measured over 2**24 draws and 6e6 uniforms near 0,
near 1 and below 0.6436 = sqrt(0.4143) is 5.64 u (JAX 0.12.0.1) and 35.3 u (JAX 0.8.1 and 0.10.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foricheck.oracle.erfinv import Doubles, Floats, erf_inv
from foricheck.oracle.threefry import Words, random_bits

__all__ = ["NORMAL_ACCURACY", "NORMAL_ACCURACY_64", "Doubles", "normal", "uniform"]

NORMAL_ACCURACY = 8 * 2.0**-24
"""Relative error bound of a float32 ``scale * sqrt(2) * erf_inv(v)``."""

NORMAL_ACCURACY_64 = 50 * 2.0**-53
"""Relative error bound of a float64 ``scale * sqrt(2) * erf_inv(v)``."""


@dataclass(frozen=True)
class _Format:
    """A binary format: the numbers of bits ``width`` and ``mantissa``, and the bits of ``one``."""

    width: int
    mantissa: int
    one: int


_FORMATS = {
    "float32": _Format(32, 23, 0x3F800000),
    "float64": _Format(64, 52, 0x3FF0000000000000),
}


def uniform(
    keys: Words,
    shape: tuple[int, ...],
    *,
    low: float = 0.0,
    high: float = 1.0,
    dtype: npt.DTypeLike = np.float32,
) -> Floats:
    """Uniform numbers in ``[low, high)`` of shape ``keys.shape[:-1] + shape``.

    ``dtype`` is float32 or float64; ``low`` and ``high`` are rounded to it first. The numbers equal
    JAX's bit for bit if the rounded ``high - low`` is a power of two, as it always is in this
    package. Otherwise the scaling rounds, a compiler may fuse it with the shift, and the last bit
    may differ. Raises ``ValueError`` for another dtype.
    """
    of: np.dtype[Any] = np.dtype(dtype)
    if of.name not in _FORMATS:
        raise ValueError(f"expected float32 or float64, got {of.name}")
    form, lower, upper = _FORMATS[of.name], of.type(low), of.type(high)
    bits = random_bits(keys, shape, width=form.width)
    mantissa = bits >> bits.dtype.type(form.width - form.mantissa)
    fraction = (mantissa | bits.dtype.type(form.one)).view(of) - of.type(1)
    scaled: Floats = np.maximum(fraction * (upper - lower) + lower, lower)
    return scaled


def normal(keys: Words, shape: tuple[int, ...], *, dtype: npt.DTypeLike = np.float32) -> Doubles:
    """The numbers that ``jax.random.normal(key, shape, dtype)`` approximates, as float64.

    The relative error of a float32 implementation is at most :data:`NORMAL_ACCURACY`, that of a
    float64 one :data:`NORMAL_ACCURACY_64`. ``sqrt(2)`` is rounded to ``dtype``. The result has
    shape ``keys.shape[:-1] + shape``. Raises ``ValueError`` for another dtype.
    """
    of: np.dtype[Any] = np.dtype(dtype)
    lowest = np.nextafter(of.type(-1), of.type(0))
    v = uniform(keys, shape, low=float(lowest), dtype=of)
    return np.float64(of.type(np.sqrt(2))) * erf_inv(v)
