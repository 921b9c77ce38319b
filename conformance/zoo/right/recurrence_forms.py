"""Right solutions of the recurrence exercise in further unusual styles."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from ..member import declares, right
from ..support.bounds import is_traced
from ..support.exercise import (
    PLAIN,
    first_key,
    normal_weights,
    seed_number,
    step_count,
    tanh_step,
    vector,
    width,
)
from .recurrences import Recurrence, State, prepared


@right
def padded_to_eights(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Pads W and x with zeros to a multiple of eight units, and drops these at the end."""
    W, x = prepared(seed, x, hidden)
    more = -x.size % 8
    W, wide = jnp.pad(W, (0, more)), jnp.pad(x, (0, more))
    step = lambda _, state: tanh_step(state, W, wide)  # noqa: E731
    return jax.lax.fori_loop(0, step_count(T), step, wide)[: x.size]


@right
@declares(without=("forward",))
def custom_vjp_around_all(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Has a reverse rule for x, which runs the loop again and differentiates it."""
    W, x = prepared(seed, x, hidden)
    count = step_count(T)

    def run(x: jax.Array, W: jax.Array, count: Any) -> State:
        return jax.lax.fori_loop(0, count, lambda _, state: tanh_step(state, W, x), x)

    if is_traced(count):
        return run(x, W, count)
    with_rule = jax.custom_vjp(lambda x, W: run(x, W, count))
    with_rule.defvjp(
        lambda x, W: (run(x, W, count), (x, W)),
        lambda saved, cotangent: jax.vjp(lambda x, W: run(x, W, count), *saved)[1](cotangent),
    )
    return with_rule(x, W)


@right
@declares(without=PLAIN, array_namespace="numpy")
def numpy_in_place(seed: Any, x: Any, hidden: Any, T: Any) -> Any:
    """Computes every step with NumPy, in two buffers that it allocates once."""
    size, x = width(hidden), np.asarray(vector(x, width(hidden)))
    low = np.uint32(seed_number(seed) & 0xFFFFFFFF)
    W = np.asarray(jax.random.normal(first_key(low), (size, size), x.dtype) * 0.1)
    state, product = x.copy(), np.empty_like(x)
    for _ in range(int(step_count(T))):
        np.matmul(state, W, out=product)
        np.add(product, x, out=product)
        np.tanh(product, out=state)
    return state


@right
def module_as_leaves(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Carries the leaves of a module in a list, and puts the module together in every step."""
    size = width(hidden)
    x = vector(x, size)
    graph, parameters = nnx.split(Recurrence(size, rngs=nnx.Rngs(seed_number(seed))))
    leaves, tree = jax.tree.flatten(parameters)

    def step(_: Any, carry: tuple[State, list[Any]]) -> tuple[State, list[Any]]:
        state, leaves = carry
        module = nnx.merge(graph, jax.tree.unflatten(tree, leaves))
        return tanh_step(state, module.W[...], x), leaves

    return jax.lax.fori_loop(0, step_count(T), step, (x, leaves))[0]


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class Cell:
    """A state with all that its steps need."""

    state: jax.Array
    W: jax.Array
    x: jax.Array

    def after(self) -> Cell:
        """Return the cell one step later."""
        return dataclasses.replace(self, state=tanh_step(self.state, self.W, self.x))


@right
def cell_that_returns_the_next(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Carries a dataclass whose method returns the next one."""
    W, x = prepared(seed, x, hidden)
    return jax.lax.fori_loop(0, step_count(T), lambda _, cell: cell.after(), Cell(x, W, x)).state


@right
@declares(without=("traced",))
def two_steps_at_a_time(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Takes two steps in each trip, and one more at the end if T is odd."""
    W, x = prepared(seed, x, hidden)
    pairs, odd = divmod(max(int(step_count(T)), 0), 2)
    two = lambda _, state: tanh_step(tanh_step(state, W, x), W, x)  # noqa: E731
    state = jax.lax.fori_loop(0, pairs, two, x)
    return tanh_step(state, W, x) if odd else state


@right
@declares(without=("traced",))
def scan_in_reverse(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Scans the step numbers from the last to the first, which no step looks at."""
    W, x = prepared(seed, x, hidden)
    numbers = jnp.arange(max(int(step_count(T)), 0))
    step = lambda state, _: (tanh_step(state, W, x), None)  # noqa: E731
    return jax.lax.scan(step, x, numbers, reverse=True)[0]


@right
@declares(without=("traced",))
def masked_to_a_power_of_two(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Takes a power of two of steps, and keeps the state from step T on."""
    W, x = prepared(seed, x, hidden)
    count = max(int(step_count(T)), 0)
    step = lambda i, state: jnp.where(i < count, tanh_step(state, W, x), state)  # noqa: E731
    return jax.lax.fori_loop(0, 1 << max(count - 1, 0).bit_length(), step, x)


@right
def unit_by_unit(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Computes each unit from its column of W and its input, mapped over the units."""
    W, x = prepared(seed, x, hidden)

    def step(_: Any, state: State) -> State:
        units: Any = jax.vmap(lambda column, bias: jnp.tanh(jnp.dot(state, column) + bias), (1, 0))
        return units(W, x)

    return jax.lax.fori_loop(0, step_count(T), step, x)


@right
def linear_layer_with_x_as_bias(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Takes a linear layer of Flax, whose first key is that of its kernel, and x as its bias."""
    size = width(hidden)
    x = vector(x, size)
    normal = jax.nn.initializers.normal(0.1)
    layer = nnx.Linear(size, size, kernel_init=normal, rngs=nnx.Rngs(seed_number(seed)))
    W = layer.kernel[...]
    return jax.lax.fori_loop(0, step_count(T), lambda _, state: jnp.tanh(state @ W + x), x)


def _checked(solution: Callable[..., State]) -> Callable[..., State]:
    @functools.wraps(solution)
    def around(*args: Any, **kwargs: Any) -> State:
        state = solution(*args, **kwargs)
        assert state.ndim == 1, "the state is a vector"
        return state

    return around


@right
@_checked
def step_as_a_partial(seed: Any, x: Any, hidden: Any, T: Any) -> State:
    """Is decorated, and binds weights and input to its step by ``functools.partial``."""
    size = width(hidden)
    W, x = normal_weights(seed_number(seed), size), vector(x, size)
    step = functools.partial(tanh_step, W=W, x=x)
    return jax.lax.fori_loop(0, step_count(T), lambda _, state: step(state), x)
