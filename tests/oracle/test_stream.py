"""The key stream of ``nnx.Rngs(seed)``."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from flax import nnx

from foricheck.oracle.stream import stream_key


@pytest.mark.parametrize("seed", [0, 1, 7, 12345, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, -1, -5])
def test_keys_are_the_ones_of_nnx_in_order(seed: int) -> None:
    rngs = nnx.Rngs(seed)
    drawn = [jax.random.key_data(rngs.params()) for _ in range(3)]
    np.testing.assert_array_equal([stream_key(seed, count=n) for n in range(3)], drawn)


@pytest.mark.parametrize("seed", [0, -1, 2**31, 2**32 - 1, 2**32 + 5, 2**63 - 1, -(2**63)])
def test_keys_with_x64_are_the_ones_of_nnx_in_order(seed: int) -> None:
    with jax.enable_x64(True):
        rngs = nnx.Rngs(seed)
        drawn = [np.asarray(jax.random.key_data(rngs.params())) for _ in range(3)]
    np.testing.assert_array_equal([stream_key(seed, count=n, width=64) for n in range(3)], drawn)


def test_seeds_may_come_as_an_array() -> None:
    seeds = np.array([-1, 0, 5])
    np.testing.assert_array_equal(stream_key(seeds), [stream_key(int(seed)) for seed in seeds])


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="count must be at least 0, got -1"):
        stream_key(0, count=-1)
