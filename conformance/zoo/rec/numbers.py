"""Wrong solutions of the recurrence exercise: seeds, hidden sizes and trip counts as given."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..member import wrong
from ..support.bounds import is_traced
from ..support.exercise import normal_weights, seed_number, solve, step_count, width

Array = jax.Array


def _concrete(value: Any, change: Any) -> Any:
    return value if is_traced(value) else change(value)


@wrong("randomness", caught_by=("REC-18",))
def seed_clamped_to_32_bits(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Clamps the seed to 32 bits, where JAX takes it modulo 2**32: 2**32 + 5 is not 5."""
    return solve(
        seed,
        x,
        hidden,
        T,
        number=lambda seed: _concrete(
            seed_number(seed), lambda n: max(-(2**31), min(n, 2**32 - 1))
        ),
    )


@wrong("randomness", caught_by=("REC-18",))
def seed_modulo_a_prime(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes a seed of more than 32 bits modulo 2**31 - 1, as older generators did."""
    fits = lambda n: n if -(2**31) <= n < 2**32 else n % (2**31 - 1)  # noqa: E731
    return solve(seed, x, hidden, T, number=lambda seed: _concrete(seed_number(seed), fits))


_by_hash: dict[tuple[int, int], Array] = {}


@wrong("caching", caught_by=("REC-27",))
def weights_kept_by_hash(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps weights by ``hash((seed, hidden))``'s parts: in Python hash(-1) is hash(-2)."""

    def weights(seed: Any, n: int) -> Array:
        if is_traced(seed):
            return normal_weights(seed, n)
        place = hash(seed), n
        if place not in _by_hash:
            with jax.ensure_compile_time_eval():
                _by_hash[place] = normal_weights(seed, n)
        return _by_hash[place]

    return solve(seed, x, hidden, T, weights=weights)


@wrong("randomness", caught_by=("REC-19",))
def weights_in_tiles_beyond_1024(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws weights of more than 1,024 units in two tiles, each with the same key."""

    def weights(seed: Any, n: int) -> Array:
        if n <= 1024:
            return normal_weights(seed, n)
        key = jax.random.fold_in(jax.random.key(seed), 0)
        tiles = [jax.random.normal(key, (rows, n)) for rows in (1024, n - 1024)]
        return jnp.concatenate(tiles) * 0.1

    return solve(seed, x, hidden, T, weights=weights)


@wrong("numerics", caught_by=("REC-19",))
def one_weight_of_the_last_row(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Has the last weight but one of the last row off by 1e-4: a tail computed by itself."""

    def weights(seed: Any, n: int) -> Array:
        W = normal_weights(seed, n)
        return W.at[-1, -2].multiply(1.0001) if n >= 4 else W

    return solve(seed, x, hidden, T, weights=weights)


@wrong("bounds", caught_by=("REC-18",))
def unsigned_T_wraps(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Counts to T - 1 inclusive in T's own type: a NumPy unsigned 0 is then 255 steps."""

    def steps(T: Any) -> Any:
        if isinstance(T, np.unsignedinteger):
            with np.errstate(over="ignore"):
                return int(T - T.dtype.type(1)) + 1
        return step_count(T)

    return solve(seed, x, hidden, T, steps=steps)


@wrong("bounds", caught_by=("REC-18",))
def numpy_hidden_rounded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a NumPy hidden by rint, and a Python one by int: 8.9 is 9 units."""

    def size(hidden: Any) -> int:
        floating = isinstance(hidden, np.floating) and not isinstance(hidden, float)
        return width(np.rint(hidden) if floating and np.isfinite(hidden) else hidden)

    return solve(seed, x, hidden, T, size=size)


@wrong("randomness", caught_by=("REC-18",))
def float_seed_in_int32(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Converts a float seed to int32 on the device, which saturates at 2**31 - 1."""

    def number(seed: Any) -> Any:
        if isinstance(seed, float) and np.isfinite(seed):
            return int(np.clip(seed, -(2**31), 2**31 - 1))
        return seed_number(seed)

    return solve(seed, x, hidden, T, number=number)


@wrong("randomness", caught_by=("REC-18",))
def negative_float_seed_is_zero(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Converts a float seed to uint32, so that a negative one becomes 0."""

    def number(seed: Any) -> Any:
        whole = seed_number(seed)
        return (
            whole if is_traced(seed) or not isinstance(seed, float | np.floating) else max(whole, 0)
        )

    return solve(seed, x, hidden, T, number=number)


@wrong("randomness", caught_by=("REC-30",))
def jax_seed_is_split(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes a seed that is a JAX array for a key's data, and folds it once more."""

    def weights(seed: Any, n: int) -> Array:
        return normal_weights(seed, n)

    def number(given: Any) -> Any:
        whole = seed_number(given)
        return whole ^ 1 if isinstance(given, jax.Array) and not is_traced(given) else whole

    return solve(seed, x, hidden, T, number=number, weights=weights)


@wrong("iteration", caught_by=("REC-20",))
def traced_T_in_eleven_bits(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs a traced T modulo 2**11: it is taken apart into bits, of which there are eleven."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return jnp.where(count < 0, count, count & 0x7FF) if is_traced(T) else count

    return solve(seed, x, hidden, T, steps=steps)


@wrong("iteration", caught_by=("REC-20",))
def sixteen_thousand_steps_at_most(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs at most 2**14 steps: the table of step sizes has no more rows."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return jnp.minimum(count, 2**14) if is_traced(T) else min(count, 2**14)

    return solve(seed, x, hidden, T, steps=steps)
