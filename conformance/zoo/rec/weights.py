"""Recurrences that draw the wrong weights, or treat the seed wrongly."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..member import wrong
from ..support.bounds import is_traced
from ..support.exercise import Array, first_key, normal_weights, seed_number, solve, whole, width


@wrong("randomness", caught_by=("REC-01",))
def weights_not_scaled(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Omits the factor 0.1: it takes normal() for the whole initialiser."""
    return solve(seed, x, hidden, T, weights=lambda seed, n: _draw(first_key(seed), n))


@wrong("randomness", caught_by=("REC-01",))
def weights_scaled_by_fan_in(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Scales the weights by 1 / sqrt(hidden), as initialisers do, which is 0.1 for 100 only."""
    return solve(
        seed, x, hidden, T, weights=lambda seed, n: _draw(first_key(seed), n) / math.sqrt(n)
    )


@wrong("randomness", caught_by=("REC-01",))
def weights_transposed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Fills W by columns: the draws were read back in Fortran order."""
    return solve(seed, x, hidden, T, weights=lambda seed, n: normal_weights(seed, n).T)


@wrong("randomness", caught_by=("REC-01",))
def weights_uniform(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws W uniformly from [-1, 1): the two samplers take the same arguments."""
    return solve(
        seed,
        x,
        hidden,
        T,
        weights=lambda seed, n: 0.1 * jax.random.uniform(first_key(seed), (n, n), minval=-1.0),
    )


@wrong("randomness", caught_by=("REC-06", "REC-01"))
def key_not_folded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws W from key(seed) itself, without the fold_in by which nnx.Rngs makes a stream."""
    return solve(seed, x, hidden, T, weights=lambda seed, n: 0.1 * _draw(jax.random.key(seed), n))


@wrong("randomness", caught_by=("REC-06", "REC-01"))
def second_key_of_stream(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws W from the second key of the stream: another layer has drawn from the Rngs first."""
    return solve(
        seed,
        x,
        hidden,
        T,
        weights=lambda seed, n: 0.1 * _draw(jax.random.fold_in(jax.random.key(seed), 1), n),
    )


def _draw(key: Array, n: int) -> Array:
    return jax.random.normal(key, (n, n))


@wrong("randomness", caught_by=("REC-06",))
def seed_mod_31_bits(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps 31 bits of the seed, for a positive int32: 2**31 + 1 gives the weights of 1."""
    return solve(seed, x, hidden, T, number=lambda seed: seed_number(seed) & 0x7FFFFFFF)


@wrong("randomness", caught_by=("REC-06",))
def seed_sign_lost(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes the absolute value of the seed, as older generators required: -1 gives W of 1."""
    return solve(seed, x, hidden, T, number=lambda seed: abs(seed_number(seed)))


@wrong("randomness", caught_by=("REC-06",))
def seed_as_float32(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Passes the seed through float32, in one array with all arguments: 2**31 - 1 is rounded."""

    def number(seed: Any) -> Any:
        if is_traced(seed):
            return seed_number(seed.astype(jnp.float32))
        return int(np.float32(seed_number(seed)))

    return solve(seed, x, hidden, T, number=number)


@wrong("randomness", caught_by=("REC-07",))
def seed_rounded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a fractional seed with round(), where int() truncates."""
    return solve(
        seed,
        x,
        hidden,
        T,
        number=lambda seed: seed_number(jnp.round(seed) if is_traced(seed) else _up(seed)),
    )


def _up(seed: Any) -> Any:
    return math.floor(seed + 0.5) if math.isfinite(seed) else seed


@wrong("errors", caught_by=("REC-14",))
def infinite_seed_is_zero(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Uses seed 0 where the seed is not finite, as when filling gaps in a table."""
    missing = not is_traced(seed) and not math.isfinite(seed)
    return solve(0 if missing else seed, x, hidden, T)


_first_seed: dict[int, Any] = {}


@wrong("caching", caught_by=("REC-06",))
def weights_cached_by_size(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Uses the first weights of each size again: the model is cached without its seed."""
    number = whole("seed", seed)
    if not is_traced(number):
        number = _first_seed.setdefault(width(hidden), number)
    return solve(number, x, hidden, T)


_drawn: dict[Any, int] = {}


@wrong("randomness", caught_by=("REC-09",))
def next_weights_each_call(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws other weights at each call: one Rngs is kept for each seed and goes on counting."""

    def weights(seed: Any, n: int) -> Array:
        number = None if is_traced(seed) else seed
        count = _drawn[number] = _drawn.get(number, -1) + 1
        return 0.1 * _draw(jax.random.fold_in(jax.random.key(seed), count), n)

    return solve(seed, x, hidden, T, weights=weights)


@wrong("randomness", caught_by=("REC-06", "REC-01"))
def key_folded_twice(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Folds a zero into the key twice: the module forks a stream that is already a fork."""
    return solve(
        seed,
        x,
        hidden,
        T,
        weights=lambda seed, n: 0.1 * _draw(jax.random.fold_in(first_key(seed), 0), n),
    )


@wrong("randomness", caught_by=("REC-06", "REC-01"))
def key_split_in_two(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes the second key of split(key), as was usual before NNX: the first was the stream."""
    return solve(
        seed,
        x,
        hidden,
        T,
        weights=lambda seed, n: 0.1 * _draw(jax.random.split(jax.random.key(seed))[1], n),
    )


@wrong("randomness", caught_by=("REC-06", "REC-01"))
def key_words_swapped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Builds the key from its two words, the low one first, as in little-endian memory."""

    def key(seed: Any) -> Array:
        words = jax.random.key_data(jax.random.key(seed))
        return jax.random.fold_in(jax.random.wrap_key_data(words[::-1]), 0)

    return solve(seed, x, hidden, T, weights=lambda seed, n: 0.1 * _draw(key(seed), n))


@wrong("randomness", caught_by=("REC-06", "REC-01"))
def weights_by_a_faster_generator(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws with the generator "rbg", which is faster on accelerators and gives other bits."""

    def key(seed: Any) -> Array:
        return jax.random.fold_in(jax.random.key(seed, impl="rbg"), 0)

    return solve(seed, x, hidden, T, weights=lambda seed, n: 0.1 * _draw(key(seed), n))


@wrong("randomness", caught_by=("REC-06", "REC-01"))
def weights_drawn_row_by_row(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws each row with a separate key, so that W can be sharded over devices."""

    def weights(seed: Any, n: int) -> Array:
        keys = jax.random.split(first_key(seed), n)
        return 0.1 * jnp.stack([jax.random.normal(key, (n,)) for key in keys])

    return solve(seed, x, hidden, T, weights=weights)


@wrong("randomness", caught_by=("REC-01",))
def weights_cut_from_a_larger_matrix(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Cuts W from one large draw, so as to compile once for all sizes; shapes change the bits."""

    def weights(seed: Any, n: int) -> Array:
        return normal_weights(seed, 512)[:n, :n]

    return solve(seed, x, hidden, T, weights=weights)


@wrong("randomness", caught_by=("REC-01",))
def weights_scaled_twice(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies W by 0.1 twice: once in the initialiser, and once where it is used."""
    return solve(seed, x, hidden, T, weights=lambda seed, n: 0.1 * normal_weights(seed, n))


@wrong("randomness", caught_by=("REC-06",))
def weights_truncated_at_two_sigma(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Cuts W at two standard deviations, as the initialisers of many libraries do."""
    return solve(
        seed, x, hidden, T, weights=lambda seed, n: jnp.clip(normal_weights(seed, n), -0.2, 0.2)
    )


@wrong("randomness", caught_by=("REC-06",))
def seed_in_16_bits(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps 16 bits of the seed, the maximum of an older library."""
    return solve(seed, x, hidden, T, number=lambda seed: seed_number(seed) & 0xFFFF)


@wrong("numerics", caught_by=("REC-06",))
def weights_kept_in_bfloat16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps W in bfloat16 to halve its memory, and computes in float32 with what is left."""
    return solve(
        seed,
        x,
        hidden,
        T,
        weights=lambda seed, n: normal_weights(seed, n).astype(jnp.bfloat16).astype(x.dtype),
    )
