"""The assumed parameters, compared with the formats and functions they describe."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foricheck.oracle.rounding import ARITHMETICS, FLOAT32, FLOAT64, arithmetic_of, gamma


@given(n=st.integers(0, 10**6), u=st.sampled_from([2.0**-53, 2.0**-24]))
def test_gamma_bounds_a_product_of_n_factors(n: int, u: float) -> None:
    assert np.expm1(n * np.log1p(u)) <= gamma(n, u) * (1 + 1e-12)


def test_gamma_says_nothing_when_there_is_no_room() -> None:
    np.testing.assert_array_equal(gamma([255, 256, 300], 2.0**-8), [255.0, np.inf, np.inf])


@pytest.mark.parametrize("name", ARITHMETICS)
def test_parameters_describe_the_format(name: str) -> None:
    stated, info = arithmetic_of(name), jnp.finfo(name)
    assert stated.unit_roundoff == float(info.eps) / 2
    assert stated.smallest_normal == float(info.tiny)
    assert stated.largest == float(info.max)


@pytest.mark.parametrize("dtype", [jnp.bfloat16, np.float32, np.dtype("float64"), "float16"])
def test_an_arithmetic_is_found_by_dtype(dtype: object) -> None:
    assert arithmetic_of(dtype).name in ARITHMETICS


def test_a_dtype_without_parameters_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown arithmetic 'int32'"):
        arithmetic_of(np.int32)


def test_tanh_of_jax_is_within_its_stated_accuracy() -> None:
    y = np.arange(0x00800000, 0x41800000, 1021, dtype=np.uint32).view(np.float32)
    expected = np.tanh(y.astype(np.float64))
    error = np.max(np.abs(np.asarray(jnp.tanh(y), np.float64) - expected) / expected)
    assert 0.5 * FLOAT32.tanh < error / FLOAT32.unit_roundoff < FLOAT32.tanh


def test_tanh_of_jax_in_float64_is_within_its_stated_accuracy() -> None:
    y = np.random.default_rng(0).uniform([[0], [15.5]], [[20], [16.5]], (2, 2**18))
    with jax.enable_x64(True):
        got = np.asarray(jnp.tanh(y))
    expected = np.tanh(y)  # itself within 2 u
    error = np.max(np.abs(got - expected) / expected)
    assert 0.5 * FLOAT64.tanh < error / FLOAT64.unit_roundoff < FLOAT64.tanh
