"""Wrong solutions of the recurrence exercise."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .bound_arithmetic import choose, is_traced
from .exercise import (
    first_key,
    normal_weights,
    seed_number,
    solve,
    step_count,
    tanh_step,
    vector,
    whole,
    width,
)
from .member import wrong

Array = jax.Array


def _floating(value: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(value), jnp.floating))


# The number of steps.


@wrong(caught_by=("REC-05",))
def one_step_short(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs T - 1 steps: fori_loop(1, T), counting from one."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) - 1)


@wrong(caught_by=("REC-05", "REC-03"))
def one_step_more(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs T + 1 steps: the first state was meant to be the result of a step."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) + 1)


@wrong(caught_by=("REC-03",))
def zero_steps_is_one(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs one step for T = 0: the body is called before the loop, to fix the state's type."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(T) + (step_count(T) == 0))


@wrong(caught_by=("REC-04",))
def absolute_T(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs |T| steps, at most 1,000 of them, for a negative T."""

    def steps(T: Any) -> Any:
        count = step_count(T)
        return choose(count < 0, -choose(count < -1000, -1000, count), count)

    return solve(seed, x, hidden, T, steps=steps)


@wrong(caught_by=("REC-04",))
def negative_T_refused(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Raises for a negative T, where no iteration and the initial state are documented."""
    if not is_traced(T) and step_count(T) < 0:
        raise ValueError(f"T must not be negative, got {T}")
    return solve(seed, x, hidden, T)


@wrong(caught_by=("REC-04",))
def negative_T_gives_zeros(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Returns zeros for a negative T: the output buffer of an empty loop is never written."""
    state = solve(seed, x, hidden, T)
    return jnp.where(step_count(T) < 0, jnp.zeros_like(state), state)


@wrong(caught_by=("REC-07",))
def T_rounded_up(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a fractional T up, where int() truncates."""
    return solve(seed, x, hidden, T, steps=lambda T: step_count(jnp.ceil(T) if _floating(T) else T))


@wrong(caught_by=("REC-14",))
def nan_T_is_zero(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes a T that is not a number for 0: nan_to_num instead of an error."""
    missing = not is_traced(T) and math.isnan(T)
    return solve(seed, x, hidden, 0 if missing else T)


@wrong(caught_by=("REC-11",))
def traced_T_stops_at_4(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs at most 4 steps when T is traced: unrolled and masked, with room for 4."""
    return solve(seed, x, hidden, jnp.minimum(T, 4) if is_traced(T) else T)


@wrong(caught_by=("REC-02",))
def stops_when_settled(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops when a step moves the state by less than 1e-3, taking that for the fixed point."""

    def step(state: Array, W: Array, x: Array) -> Array:
        new = tanh_step(state, W, x)
        return jnp.where(jnp.max(jnp.abs(new - state)) < 1e-3, state, new)

    return solve(seed, x, hidden, T, step=step)


@wrong(caught_by=("REC-02",))
def stops_at_512_steps(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Runs at most 512 steps, since by then the state was always settled in the author's tests."""
    return solve(
        seed, x, hidden, T, steps=lambda T: choose(step_count(T) > 512, 512, step_count(T))
    )


# The state and the step.


@wrong(caught_by=("REC-03", "REC-01"))
def starts_from_zeros(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Starts from zeros, as recurrent networks mostly do, and not from x."""
    return solve(seed, x, hidden, T, start=jnp.zeros_like)


@wrong(caught_by=("REC-01",))
def x_not_added(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Leaves x out of the step and uses it as the initial state only."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(state @ W))


@wrong(caught_by=("REC-01",))
def x_inside_product(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh((state + x) @ W): the brackets are in the wrong place."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh((state + x) @ W))


@wrong(caught_by=("REC-01",))
def x_outside_tanh(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh(state @ W) + x: the brackets are in the wrong place."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(state @ W) + x)


@wrong(caught_by=("REC-01",))
def product_from_left(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes W @ state, the column convention, in place of state @ W."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(W @ state + x))


@wrong(caught_by=("REC-10", "REC-02"))
def tiny_bias(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Adds a bias of 1e-7, an epsilon against division by zero that is not needed here."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: jnp.tanh(state @ W + x + 1e-7))


@wrong(caught_by=("REC-02",))
def product_in_bfloat16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies in bfloat16, which an accelerator's default precision may do."""

    def step(state: Array, W: Array, x: Array) -> Array:
        product = state.astype(jnp.bfloat16) @ W.astype(jnp.bfloat16)
        return jnp.tanh(product.astype(x.dtype) + x)

    return solve(seed, x, hidden, T, step=step)


@wrong(caught_by=("REC-02",))
def last_block_dropped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies in blocks of 128 and drops the last, partial block when there is a full one."""

    def step(state: Array, W: Array, x: Array) -> Array:
        whole_blocks = state.size // 128 * 128 or state.size
        return jnp.tanh(state[:whole_blocks] @ W[:whole_blocks] + x)

    return solve(seed, x, hidden, T, step=step)


@wrong(caught_by=("REC-02",))
def state_in_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stores each new state in float16 to save memory, and returns float32."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(state, W, x).astype(jnp.float16).astype(x.dtype)

    return solve(seed, x, hidden, T, step=step)


@wrong(caught_by=("REC-02",))
def tanh_off_by_1e4(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Has a relative error of 1e-4 in tanh, as a table with interpolation has."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: tanh_step(state, W, x) * (1 - 1e-4))


@wrong(caught_by=("REC-02",))
def tanh_pade(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Replaces tanh(y) by y (27 + y^2) / (27 + 9 y^2), clipped at |y| = 3, a fast Pade form."""

    def step(state: Array, W: Array, x: Array) -> Array:
        y = jnp.clip(state @ W + x, -3, 3)
        return y * (27 + y * y) / (27 + 9 * y * y)

    return solve(seed, x, hidden, T, step=step)


@wrong(caught_by=("REC-02", "REC-10"))
def tanh_by_sigmoid(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Computes tanh(y) as 2 sigmoid(2 y) - 1, which cancels for small y and is not odd."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return 2 / (1 + jnp.exp(-2 * (state @ W + x))) - 1

    return solve(seed, x, hidden, T, step=step)


# The weights and the seed.


@wrong(caught_by=("REC-01",))
def weights_not_scaled(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Forgets the factor 0.1."""
    return solve(seed, x, hidden, T, weights=lambda seed, n: _draw(first_key(seed), n))


@wrong(caught_by=("REC-01",))
def weights_scaled_by_fan_in(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Scales the weights by 1 / sqrt(hidden), as initialisers do, which is 0.1 for 100 only."""
    return solve(
        seed, x, hidden, T, weights=lambda seed, n: _draw(first_key(seed), n) / math.sqrt(n)
    )


@wrong(caught_by=("REC-01",))
def weights_transposed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Fills W by columns: the draws were read back in Fortran order."""
    return solve(seed, x, hidden, T, weights=lambda seed, n: normal_weights(seed, n).T)


@wrong(caught_by=("REC-01",))
def weights_uniform(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws W uniformly from [-1, 1) in place of the normal distribution."""
    return solve(
        seed,
        x,
        hidden,
        T,
        weights=lambda seed, n: 0.1 * jax.random.uniform(first_key(seed), (n, n), minval=-1.0),
    )


@wrong(caught_by=("REC-06", "REC-01"))
def key_not_folded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws W from key(seed) itself, without the fold_in by which nnx.Rngs makes a stream."""
    return solve(seed, x, hidden, T, weights=lambda seed, n: 0.1 * _draw(jax.random.key(seed), n))


@wrong(caught_by=("REC-06", "REC-01"))
def second_key_of_stream(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws W from the stream's second key: another layer was made from the same Rngs before."""
    return solve(
        seed,
        x,
        hidden,
        T,
        weights=lambda seed, n: 0.1 * _draw(jax.random.fold_in(jax.random.key(seed), 1), n),
    )


def _draw(key: Array, n: int) -> Array:
    return jax.random.normal(key, (n, n))


@wrong(caught_by=("REC-06",))
def seed_mod_31_bits(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Keeps 31 bits of the seed, so that 2**31 + 1 gives the weights of 1."""
    return solve(seed, x, hidden, T, number=lambda seed: seed_number(seed) & 0x7FFFFFFF)


@wrong(caught_by=("REC-06",))
def seed_sign_lost(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes the absolute value of the seed, so that -1 gives the weights of 1."""
    return solve(seed, x, hidden, T, number=lambda seed: abs(seed_number(seed)))


@wrong(caught_by=("REC-06",))
def seed_as_float32(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Passes the seed through float32, which has no 2**31 - 1."""

    def number(seed: Any) -> Any:
        if is_traced(seed):
            return seed_number(seed.astype(jnp.float32))
        return int(np.float32(seed_number(seed)))

    return solve(seed, x, hidden, T, number=number)


@wrong(caught_by=("REC-07",))
def seed_rounded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a fractional seed to the nearest integer, where int() truncates."""
    return solve(
        seed,
        x,
        hidden,
        T,
        number=lambda seed: seed_number(jnp.round(seed) if is_traced(seed) else _up(seed)),
    )


def _up(seed: Any) -> Any:
    return math.floor(seed + 0.5) if math.isfinite(seed) else seed


@wrong(caught_by=("REC-07",))
def hidden_rounded_up(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds a fractional hidden up, and so refuses an x of the right length."""
    return solve(seed, x, hidden, T, size=lambda n: width(math.ceil(n) if math.isfinite(n) else n))


@wrong(caught_by=("REC-14",))
def infinite_seed_is_zero(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes seed 0 where the seed is not finite, in place of an error."""
    missing = not is_traced(seed) and not math.isfinite(seed)
    return solve(0 if missing else seed, x, hidden, T)


_first_seed: dict[int, Any] = {}


@wrong(caught_by=("REC-06",))
def weights_cached_by_size(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Uses the first weights of each size again: the model is cached without its seed."""
    number = whole("seed", seed)
    if not is_traced(number):
        number = _first_seed.setdefault(width(hidden), number)
    return solve(number, x, hidden, T)


_drawn: dict[Any, int] = {}


@wrong(caught_by=("REC-09",))
def next_weights_each_call(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Draws other weights at each call: one Rngs is kept for each seed and goes on counting."""

    def weights(seed: Any, n: int) -> Array:
        number = None if is_traced(seed) else seed
        count = _drawn[number] = _drawn.get(number, -1) + 1
        return 0.1 * _draw(jax.random.fold_in(jax.random.key(seed), count), n)

    return solve(seed, x, hidden, T, weights=weights)


_last_state: dict[int, Array] = {}


@wrong(caught_by=("REC-09",))
def starts_from_last_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Starts from the state that the last call left, as a stateful cell does."""
    units = width(hidden)
    state = solve(seed, x, hidden, T, start=lambda x: _last_state.get(units, x).astype(x.dtype))
    if not is_traced(state):
        _last_state[units] = state
    return state


_noise = np.random.default_rng(0)


@wrong(caught_by=("REC-09",))
def noise_each_call(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Multiplies the result by 1 + 1e-6 of new noise: training-time regularisation stayed on."""
    factor = 1 + 1e-6 * _noise.uniform(0.5, 1.0)
    return jnp.multiply(solve(seed, x, hidden, T), jnp.float32(factor))


# The result and its gradient.


@wrong(caught_by=("REC-08",))
def result_is_a_row(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Returns shape (1, hidden): the batch axis is not removed."""
    return solve(seed, x, hidden, T)[None]


@wrong(caught_by=("REC-08",))
def result_in_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Returns float16 for float32 x: mixed precision was left on."""
    return solve(seed, x, hidden, T).astype(jnp.float16)


@wrong(caught_by=("REC-03", "REC-01"))
def result_through_float16(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Rounds the result to float16 and returns it in float32: sent over a narrow wire."""
    state = solve(seed, x, hidden, T)
    return state.astype(jnp.float16).astype(state.dtype)


@wrong(caught_by=("REC-12",))
def gradient_skips_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops the gradient through the state, so that only the last step's x has one."""
    return solve(
        seed,
        x,
        hidden,
        T,
        step=lambda state, W, x: tanh_step(jax.lax.stop_gradient(state), W, x),
    )


@wrong(caught_by=("REC-12",))
def gradient_skips_initial_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops the gradient through the initial state, which is x as well."""
    return solve(seed, x, hidden, T, start=jax.lax.stop_gradient)


@wrong(caught_by=("REC-12",))
def gradient_of_tanh_not_squared(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Takes 1 - tanh for the derivative of tanh, the square having been forgotten."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: _tanh(state @ W + x))


@jax.custom_jvp
def _tanh(y: Array) -> Array:
    return jnp.tanh(y)


@_tanh.defjvp
def _tanh_jvp(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    out = jnp.tanh(primals[0])
    return out, (1 - out) * tangents[0]


# The argument x and other bad input.


@wrong(caught_by=("REC-13",))
def short_x_padded(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Pads an x that is too short with zeros."""

    def read(x: Any, size: int) -> Array:
        missing = size - np.size(x) if np.ndim(x) == 1 else 0
        return vector(jnp.pad(jnp.asarray(x), (0, missing)) if missing > 0 else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong(caught_by=("REC-13",))
def long_x_cut(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Cuts an x that is too long, by a slice meant to be harmless."""

    def read(x: Any, size: int) -> Array:
        return vector(jnp.asarray(x)[:size] if np.ndim(x) == 1 else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong(caught_by=("REC-13",))
def x_broadcast(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Broadcasts an x of length 1 to the hidden size, by the addition in the step."""

    def read(x: Any, size: int) -> Array:
        return vector(jnp.broadcast_to(x, (size,)) if np.size(x) == 1 else x, size)

    return solve(seed, x, hidden, T, read=read)


@wrong(caught_by=("REC-03",))
def x_clipped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Clips x to [-100, 100] against overflow, which T = 0 shows."""
    return solve(seed, x, hidden, T, read=lambda x, n: jnp.clip(vector(x, n), -100, 100))


@wrong(caught_by=("REC-03",))
def negative_zero_of_x_lost(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Turns -0.0 in x into 0.0 by adding it to a buffer of zeros."""
    return solve(seed, x, hidden, T, start=lambda x: jnp.where(x == 0, jnp.abs(x), x))


@wrong(caught_by=("REC-14",))
def x_of_strings_parsed(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Parses an x of strings, since NumPy's conversion to float does."""

    def read(x: Any, size: int) -> Array:
        number = jnp.result_type(float)
        return vector(x if isinstance(x, jax.Array) else np.asarray(x, number), size)

    return solve(seed, x, hidden, T, read=read)
