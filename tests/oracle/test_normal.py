"""Uniform numbers bit for bit, normal numbers within their stated accuracy."""

from __future__ import annotations

from collections.abc import Callable

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax import lax
from scipy import special

from foricheck.oracle.normal import NORMAL_ACCURACY, erf_inv, normal, uniform
from foricheck.oracle.threefry import key


def every_uniform(*, stride: int) -> np.ndarray:
    """Every ``stride``-th of the 2**23 uniforms in (-1, 1), and all of those near the ends."""
    mantissa = np.unique(np.r_[0 : 2**23 : stride, 0:4096, 2**23 - 4096 : 2**23]).astype(np.uint32)
    fraction = (mantissa | np.uint32(0x3F800000)).view(np.float32) - np.float32(1)
    return fraction * np.float32(2) + np.nextafter(np.float32(-1), np.float32(0))


def weights_from(v: jax.Array) -> jax.Array:
    return lax.mul(np.array(np.sqrt(2), np.float32), lax.erf_inv(v)) * 0.1


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (-3.0, 1.0), (0.5, 0.75)])
def test_uniform_is_the_one_of_jax(low: float, high: float) -> None:
    expected = jax.random.uniform(jax.random.key(3), (40, 7), minval=low, maxval=high)
    got = uniform(key(3), (40, 7), low=low, high=high)
    np.testing.assert_array_equal(got, expected, strict=True)


@given(seed=st.integers(0, 2**32 - 1))
def test_uniform_stays_in_its_interval(seed: int) -> None:
    drawn = uniform(key(seed), (100,), low=-1.0, high=1.0)
    assert np.all((drawn >= -1) & (drawn < 1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_erf_inv_is_within_the_approximation_error_where_the_square_is_exact(
    dtype: type[np.float32] | type[np.float64],
) -> None:
    v = np.arange(1, 4096, dtype=np.float32) / np.float32(4096)
    expected = special.erfinv(v.astype(np.float64))
    tolerance = 2e-7 if dtype is np.float64 else 2e-7 + NORMAL_ACCURACY
    np.testing.assert_allclose(erf_inv(v, dtype=dtype), expected, rtol=tolerance)


def test_erf_inv_is_odd() -> None:
    v = every_uniform(stride=4099)
    np.testing.assert_array_equal(erf_inv(-v), -erf_inv(v))


@pytest.mark.parametrize("wrapper", [lambda f: f, jax.jit], ids=["eager", "jit"])
def test_weights_of_jax_are_within_the_stated_accuracy(
    wrapper: Callable[[Callable[[jax.Array], jax.Array]], Callable[[jax.Array], jax.Array]],
) -> None:
    v = every_uniform(stride=13)
    expected = np.float64(np.float32(np.sqrt(2))) * erf_inv(v) * np.float64(np.float32(0.1))
    got = np.asarray(wrapper(weights_from)(jax.numpy.asarray(v)), np.float64)
    error = np.max(np.abs(got - expected) / np.abs(expected))
    assert 0.25 * NORMAL_ACCURACY < error < NORMAL_ACCURACY


@pytest.mark.parametrize("seed", [0, 2**31, 2**32 - 1])
def test_normal_is_the_one_of_jax(seed: int) -> None:
    expected = np.asarray(jax.random.normal(jax.random.key(seed), (65, 3)), np.float64)
    np.testing.assert_allclose(normal(key(seed), (65, 3)), expected, rtol=NORMAL_ACCURACY)
