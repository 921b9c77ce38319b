"""Uniform numbers bit for bit, normal numbers within their stated accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import jax
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax import lax
from scipy import special

from foricheck.oracle.erfinv import PIECES, Piece, erf_inv
from foricheck.oracle.normal import NORMAL_ACCURACY, NORMAL_ACCURACY_64, normal, uniform
from foricheck.oracle.threefry import key

BAD_W = np.linspace(0.34, 0.5349, 2**16)
"""Where XLA's log1p was only within 256 u: ``w = -log1p(-v*v)`` for v*v from 0.29 to 0.4143."""


def every_uniform(*, stride: int) -> np.ndarray:
    """Every ``stride``-th of the 2**23 uniforms in (-1, 1), and all near the ends."""
    mantissa = np.unique(np.r_[0 : 2**23 : stride, 0:4096, 2**23 - 4096 : 2**23]).astype(np.uint32)
    fraction = (mantissa | np.uint32(0x3F800000)).view(np.float32) - np.float32(1)
    return fraction * np.float32(2) + np.nextafter(np.float32(-1), np.float32(0))


def wide_uniforms() -> np.ndarray:
    """Uniforms in (-1, 1) of 53 bits: draws, those near 0 and the ends, and where log1p is bad."""
    random = np.random.default_rng(0)
    lowest = np.nextafter(-1.0, 0.0)
    drawn = uniform(key(0, width=64), (2**19,), low=lowest, dtype=np.float64)
    small = 2.0 ** random.uniform(-52, -1, 2**16)
    bad = random.uniform(0.54, 0.645, 2**18)
    others = np.concatenate([small, 1 - small, bad])
    grid = np.floor((np.concatenate([others, -others]) + 1) * 2.0**51) * 2.0**-51 + lowest
    return np.concatenate([drawn, grid[np.abs(grid) < 1]])


def weights_from(v: jax.Array) -> jax.Array:
    return lax.mul(np.array(np.sqrt(2), v.dtype), lax.erf_inv(v)) * 0.1


def running_error(piece: Piece, w: np.ndarray, *, log1p: float) -> np.ndarray:
    """The relative running error bound on one piece in u, for a log1p within ``log1p`` u.

    N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 5.1.  Three
    more products follow: with v, with sqrt(2) and with the scale.
    """
    t = piece.argument(w) - piece.shift
    of_argument = w * log1p if piece.argument(w) is w else np.sqrt(w) * (log1p / 2 + 1)
    of_t = of_argument + np.abs(t)
    value, error = np.full_like(w, piece.coefficients[0]), np.zeros_like(w)
    for coefficient in piece.coefficients[1:]:
        product = value * t
        error = error * np.abs(t) + np.abs(value) * of_t + np.abs(product)
        value = product + coefficient
        error += np.abs(value)
    return error / np.abs(value) + 3


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (-3.0, 1.0), (0.5, 0.75)])
def test_uniform_is_the_one_of_jax(low: float, high: float) -> None:
    expected = jax.random.uniform(jax.random.key(3), (40, 7), minval=low, maxval=high)
    got = uniform(key(3), (40, 7), low=low, high=high)
    np.testing.assert_array_equal(got, expected, strict=True)


@given(seed=st.integers(0, 2**32 - 1))
def test_uniform_stays_in_its_interval(seed: int) -> None:
    drawn = uniform(key(seed), (100,), low=-1.0, high=1.0)
    assert np.all((drawn >= -1) & (drawn < 1))


@pytest.mark.parametrize(
    ("dtype", "low", "high"), [(np.float32, 0.0, 1.0), (np.float64, -1.0, 1.0)]
)
def test_uniform_with_x64_is_the_one_of_jax(dtype: Any, low: float, high: float) -> None:
    lowest = float(np.nextafter(dtype(low), dtype(0)))
    with jax.enable_x64(True):
        drawn = jax.random.uniform(jax.random.key(-3), (40, 7), dtype, lowest, high)
        expected = np.asarray(drawn)
    got = uniform(key(-3, width=64), (40, 7), low=lowest, high=high, dtype=dtype)
    np.testing.assert_array_equal(got, expected, strict=True)


def test_uniform_of_another_dtype_is_refused() -> None:
    with pytest.raises(ValueError, match="expected float32 or float64, got float16"):
        uniform(key(0), (2,), dtype=np.float16)


@pytest.mark.parametrize(
    ("dtype", "bits", "tolerance"), [(np.float32, 12, 2e-7), (np.float64, 26, 4e-15)]
)
def test_erf_inv_is_within_the_approximation_error_where_the_square_is_exact(
    dtype: Any, bits: int, tolerance: float
) -> None:
    end = 2**bits
    near_1 = end - np.unique(np.geomspace(1, end / 2, 300).astype(int))
    v = (np.r_[1 : end : end // 4096, near_1] / end).astype(dtype)
    expected = [float(mpmath.erfinv(mpmath.mpf(float(each)))) for each in v[::16]]
    np.testing.assert_allclose(erf_inv(v)[::16], expected, rtol=tolerance)
    np.testing.assert_allclose(erf_inv(v), special.erfinv(v.astype(np.float64)), rtol=tolerance)


@pytest.mark.parametrize("v", [every_uniform(stride=4099), wide_uniforms()[::99]], ids=["32", "64"])
def test_erf_inv_is_odd(v: np.ndarray) -> None:
    np.testing.assert_array_equal(erf_inv(-v), -erf_inv(v))


@pytest.mark.parametrize("dtype", PIECES)
def test_pieces_agree_at_their_ends(dtype: str) -> None:
    pieces, tolerance = PIECES[dtype], 2e-7 if dtype == "float32" else 2e-15
    for inner, outer in pairwise(pieces):
        end = np.array([float(inner.end)])
        np.testing.assert_allclose(inner(end), outer(end), rtol=tolerance)


def test_the_stated_accuracies_are_running_error_bounds() -> None:
    """In float64 the oracle's own roundings count as well."""
    single = max(np.max(error) for error in running_errors("float32"))
    double = max(np.max(error) for error in running_errors("float64"))
    bad = np.max(running_error(PIECES["float64"][0], BAD_W, log1p=256))
    assert 0.95 * NORMAL_ACCURACY < single * 2.0**-24 < NORMAL_ACCURACY
    assert 0.95 * NORMAL_ACCURACY_64 < (bad + double) * 2.0**-53 < NORMAL_ACCURACY_64


def running_errors(dtype: str) -> Iterator[np.ndarray]:
    """Of each piece, over the w of uniforms from next to 0 to next to 1."""
    start, last = 1e-17, -np.log(np.finfo(dtype).eps)
    for piece in PIECES[dtype]:
        yield running_error(piece, np.linspace(start, min(piece.end, last), 2**16), log1p=3)
        start = piece.end


@pytest.mark.parametrize("wrapper", [lambda f: f, jax.jit], ids=["eager", "jit"])
def test_weights_of_jax_are_within_the_stated_accuracy(
    wrapper: Callable[[Callable[[jax.Array], jax.Array]], Callable[[jax.Array], jax.Array]],
) -> None:
    v = every_uniform(stride=13)
    expected = np.float64(np.float32(np.sqrt(2))) * erf_inv(v) * np.float64(np.float32(0.1))
    got = np.asarray(wrapper(weights_from)(jax.numpy.asarray(v)), np.float64)
    error = np.max(np.abs(got - expected) / np.abs(expected))
    assert 0.25 * NORMAL_ACCURACY < error < NORMAL_ACCURACY


@pytest.mark.parametrize("wrapper", [lambda f: f, jax.jit], ids=["eager", "jit"])
def test_weights_of_jax_with_x64_are_within_the_stated_accuracy(
    wrapper: Callable[[Callable[[jax.Array], jax.Array]], Callable[[jax.Array], jax.Array]],
) -> None:
    v = wide_uniforms()
    expected = np.float64(np.sqrt(2)) * erf_inv(v) * 0.1
    with jax.enable_x64(True):
        got = np.asarray(wrapper(weights_from)(jax.numpy.asarray(v)))
    error = np.max(np.abs(got - expected) / np.abs(expected))
    assert 0.05 * NORMAL_ACCURACY_64 < error < NORMAL_ACCURACY_64


@pytest.mark.parametrize("seed", [0, 2**32 + 1, -1])
def test_normal_with_x64_is_the_one_of_jax(seed: int) -> None:
    with jax.enable_x64(True):
        expected = np.asarray(jax.random.normal(jax.random.key(seed), (65, 3)))
    got = normal(key(seed, width=64), (65, 3), dtype=np.float64)
    np.testing.assert_allclose(got, expected, rtol=NORMAL_ACCURACY_64)


@pytest.mark.parametrize("seed", [0, 2**31, 2**32 - 1])
def test_normal_is_the_one_of_jax(seed: int) -> None:
    expected = np.asarray(jax.random.normal(jax.random.key(seed), (65, 3)), np.float64)
    np.testing.assert_allclose(normal(key(seed), (65, 3)), expected, rtol=NORMAL_ACCURACY)
