"""Uniform and normal numbers as ``jax.random`` derives them from bits, in single precision.

A uniform number takes 23 bits as the mantissa of a float32 in [1, 2), subtracts one, scales and
shifts.  A normal number is ``sqrt(2) * erf_inv(v)``, ``v`` uniform in (-1, 1), where ``erf_inv`` is
the single-precision approximation of M. Giles, "Approximating the erfinv function", GPU Computing
Gems Jade Edition, chapter 10, 2011, with the argument of its logarithm written ``1 - v*v``:

    w = -log1p(-v*v),
    erf_inv(v) ~ v * P(w - 2.5)          for w < 5,
    erf_inv(v) ~ v * Q(sqrt(w) - 3)      otherwise.

What a float32 implementation approximates
------------------------------------------
``fl(v*v)`` is one correctly rounded operation, the same everywhere, but ``1 - v*v`` cancels near
1: rounding the square moves the result by up to 97 u, u = 2**-24.  So :func:`erf_inv` takes the
*float32* square and does everything after it in float64.  What is left between it and a float32
implementation is the rounding of log1p, sqrt and Horner's rule.  :data:`NORMAL_ACCURACY` is a
running error bound (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section
5.1) on that, maximised over all 2**23 uniforms: log1p within 3 u, sqrt correctly rounded, each
multiplication and addition of Horner's rule rounded once, and three roundings for the products
with ``v``, ``sqrt(2)`` and a scale.  It comes to 6.5 u for P and 7.7 u for Q, rounded up to 8 u to
hold the terms in u**2.  The largest error measured, over all 2**23 uniforms, is 3.83 u (eager, and
compiled by JAX 0.12.0.1) and 4.48 u (compiled by JAX 0.8.1 and 0.10.2), on a CPU.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from foricheck.oracle.threefry import Words, random_bits

Singles: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Floats: TypeAlias = npt.NDArray[np.floating[Any]]

NORMAL_ACCURACY = 8 * 2.0**-24
"""How far, relatively, a float32 ``scale * sqrt(2) * erf_inv(v)`` may be from this module's."""

_CENTRE = np.array(
    [
        2.81022636e-08,
        3.43273939e-07,
        -3.5233877e-06,
        -4.39150654e-06,
        0.00021858087,
        -0.00125372503,
        -0.00417768164,
        0.246640727,
        1.50140941,
    ],
    np.float32,
)
_TAIL = np.array(
    [
        -0.000200214257,
        0.000100950558,
        0.00134934322,
        -0.00367342844,
        0.00573950773,
        -0.0076224613,
        0.00943887047,
        1.00167406,
        2.83297682,
    ],
    np.float32,
)


def uniform(keys: Words, shape: tuple[int, ...], *, low: float = 0.0, high: float = 1.0) -> Singles:
    """Uniform float32 in ``[low, high)`` of shape ``keys.shape[:-1] + shape``.

    ``low`` and ``high`` are rounded to float32 first.  The numbers are JAX's bit for bit when
    ``high - low`` is a power of two, as it is wherever this package draws.  With another width the
    scaling rounds, and a compiler may fuse it with the shift: then the last bit may differ.
    """
    lower, upper = np.float32(low), np.float32(high)
    mantissa = random_bits(keys, shape) >> np.uint32(9)
    fraction = (mantissa | np.uint32(0x3F800000)).view(np.float32) - np.float32(1)
    scaled: Singles = np.maximum(fraction * (upper - lower) + lower, lower)
    return scaled


def erf_inv(v: Singles, *, dtype: type[np.float32] | type[np.float64] = np.float64) -> Floats:
    """Giles' approximation of the inverse error function for float32 ``v`` in (-1, 1).

    The square is a float32 square; the logarithm and the polynomials are evaluated in ``dtype``.
    The result has the shape of ``v``.
    """
    single = np.asarray(v, np.float32)
    square: Floats = np.square(single).astype(dtype)
    w: Floats = np.negative(np.log1p(np.negative(square)))
    centre = _horner(_CENTRE, w - dtype(2.5))
    tail = _horner(_TAIL, np.sqrt(w) - dtype(3))
    value: Floats = np.where(w < 5, centre, tail) * single.astype(dtype)
    return value


def normal(keys: Words, shape: tuple[int, ...]) -> Doubles:
    """The numbers that ``jax.random.normal(key, shape)`` approximates, as float64.

    A float32 implementation is within :data:`NORMAL_ACCURACY`, relatively.  ``sqrt(2)`` is the
    float32 nearest to it.  The result has shape ``keys.shape[:-1] + shape``.
    """
    v = uniform(keys, shape, low=float(np.nextafter(np.float32(-1), np.float32(0))))
    return np.float64(np.float32(np.sqrt(2))) * erf_inv(v)


def _horner(coefficients: Singles, argument: Floats) -> Floats:
    value = np.full_like(argument, coefficients[0])
    for coefficient in coefficients[1:]:
        value = value * argument + coefficient
    return value
