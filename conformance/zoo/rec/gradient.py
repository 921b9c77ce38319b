"""Recurrences whose values are right and whose gradients are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from ..member import wrong
from ..support.exercise import Array, solve, tanh_step


@wrong("derivative", caught_by=("REC-12",))
def gradient_skips_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops the gradient through the state: truncated backpropagation, with a window of one."""
    return solve(
        seed,
        x,
        hidden,
        T,
        step=lambda state, W, x: tanh_step(jax.lax.stop_gradient(state), W, x),
    )


@wrong("derivative", caught_by=("REC-12",))
def gradient_skips_initial_state(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops the gradient through the initial state, as if it were constant; it is x as well."""
    return solve(seed, x, hidden, T, start=jax.lax.stop_gradient)


@wrong("derivative", caught_by=("REC-12",))
def gradient_of_tanh_not_squared(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Uses 1 - tanh as the derivative of tanh, without the square."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: _tanh(state @ W + x))


def _tanh_with(slope: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return tanh whose derivative is this function of its result."""
    tanh = jax.custom_jvp(jnp.tanh)

    @tanh.defjvp
    def push(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
        out = tanh(*primals)
        return out, slope(out) * tangents[0]

    return tanh


_tanh = _tanh_with(lambda out: 1 - out)


@wrong("derivative", caught_by=("REC-12",))
def gradient_clipped(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Clips the gradient through each step to 0.1: a fix for exploding gradients was left on."""

    def step(state: Array, W: Array, x: Array) -> Array:
        return tanh_step(_with_small_gradient(state), W, x)

    return solve(seed, x, hidden, T, step=step)


@jax.custom_vjp
def _with_small_gradient(state: Array) -> Array:
    return state


_with_small_gradient.defvjp(
    lambda state: (state, None), lambda _, cotangent: (jnp.clip(cotangent, -0.1, 0.1),)
)


@wrong("derivative", caught_by=("REC-22",))
def slope_is_a_constant(seed: Any, x: Any, hidden: Any, T: Any) -> Array:
    """Stops the gradient of the slope of tanh, a residual: second derivatives lack a term."""
    return solve(seed, x, hidden, T, step=lambda state, W, x: _with_fixed_slope(state @ W + x))


_with_fixed_slope = _tanh_with(lambda out: 1 - jax.lax.stop_gradient(out) ** 2)
