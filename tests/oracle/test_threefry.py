"""Threefry-2x32 compared with published vectors, and keys and bits with JAX."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foricheck.oracle.threefry import fold_in, key, random_bits, threefry2x32

SHAPES = [(), (0,), (1,), (7,), (3, 5), (2, 3, 4)]


def word(value: int) -> np.ndarray:
    return np.array([value], np.uint32)


@pytest.mark.parametrize(
    ("keys", "counter", "expected"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_known_answers_of_random123(
    keys: tuple[int, int], counter: tuple[int, int], expected: tuple[int, int]
) -> None:
    got = threefry2x32((word(keys[0]), word(keys[1])), (word(counter[0]), word(counter[1])))
    assert (int(got[0][0]), int(got[1][0])) == expected


@given(seed=st.integers(-(2**31), 2**32 - 1))
def test_key_is_the_key_of_jax(seed: int) -> None:
    np.testing.assert_array_equal(key(seed), jax.random.key_data(jax.random.key(seed)))


@pytest.mark.parametrize("seed", [2**63 + 5, -(2**63) - 5, 2**200 + 1])
def test_key_takes_a_seed_of_any_size_modulo_two_to_the_32(seed: int) -> None:
    np.testing.assert_array_equal(key(seed), [0, seed % 2**32])


@given(seed=st.integers(-(2**63), 2**63 - 1) | st.integers(-(2**33), 2**33))
def test_key_with_x64_is_the_key_of_jax(seed: int) -> None:
    with jax.enable_x64(True):
        expected = np.asarray(jax.random.key_data(jax.random.key(seed)))
    np.testing.assert_array_equal(key(seed, width=64), expected)


@pytest.mark.parametrize("width", [32, 64])
def test_seeds_in_an_array_have_the_keys_of_each(width: int) -> None:
    seeds = np.array([0, -1, 2**32 + 5, -(2**63)])
    alone = [key(int(seed), width=width) for seed in seeds]
    np.testing.assert_array_equal(key(seeds, width=width), alone)


def test_a_key_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="32 or 64, got 16"):
        key(0, width=16)


def test_key_refuses_a_seed_that_is_not_an_integer() -> None:
    with pytest.raises(TypeError, match="integers"):
        key(0.5)


@given(seed=st.integers(0, 2**32 - 1), data=st.integers(0, 2**32 - 1))
def test_fold_in_is_the_one_of_jax(seed: int, data: int) -> None:
    expected = jax.random.fold_in(jax.random.key(seed), data)
    np.testing.assert_array_equal(fold_in(key(seed), data), jax.random.key_data(expected))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_bits_are_the_ones_of_jax(shape: tuple[int, ...]) -> None:
    expected = jax.random.bits(jax.random.key(42), shape)
    np.testing.assert_array_equal(random_bits(key(42), shape), expected, strict=True)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_wide_bits_are_the_ones_of_jax(shape: tuple[int, ...]) -> None:
    with jax.enable_x64(True):
        expected = np.asarray(jax.random.bits(jax.random.key(42), shape, "uint64"))
    np.testing.assert_array_equal(random_bits(key(42), shape, width=64), expected, strict=True)


@pytest.mark.parametrize("width", [32, 64])
def test_a_batch_of_keys_draws_what_each_key_draws(width: int) -> None:
    seeds = np.array([[0, 1, 2], [7, 8, 2**32 - 1]])
    batch = random_bits(key(seeds), (3, 4), width=width)
    alone = [[random_bits(key(int(seed)), (3, 4), width=width) for seed in row] for row in seeds]
    np.testing.assert_array_equal(batch, alone)


def test_bits_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="32 or 64, got 16"):
        random_bits(key(0), (2,), width=16)


@pytest.mark.parametrize("keys", [np.zeros(3, np.uint32), np.zeros(2, np.int32)], ids=str)
def test_what_is_not_a_key_is_refused(keys: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a key is uint32"):
        random_bits(keys, (2,))
