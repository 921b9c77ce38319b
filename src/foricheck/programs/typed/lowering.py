"""The instructions of a body over JAX arrays; `foricheck.programs.typed.instructions` has them all.

Constants are made in the dtype of the leaf, so that no promotion depends on how they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foricheck.cases.loop_case import Body, Step
from foricheck.oracle.cases.constants import HALF, TABLE, Q, matrix, turning
from foricheck.programs.typed.leaves import (
    KEY_KIND,
    as_array,
    bump,
    double,
    is_a,
    key_of,
    negate,
    number_like,
    square,
)

__all__ = ["Given", "changed", "drawn", "mixed"]

_WORD = np.uint32(2654435761)
_HALF = np.array(HALF, jnp.bfloat16)
_TABLE = np.array(TABLE, np.int32)

Loop = Callable[..., Any]


@dataclass(frozen=True)
class Given:
    """What a body sees beside its arguments.

    Attributes:
        body: its instructions.
        loop: the target, for loops in loops.
        closure: the array of three.
        initial: the leaves that the loop starts with.
    """

    body: Body
    loop: Loop
    closure: Any
    initial: Sequence[Any]


def changed(step: Step, given: Given, m: int, i: Any, x: Any, place: int) -> Any:
    """A leaf after one step."""
    if step.op == "tripled":
        return x * 3
    i, x, m = as_array(i), as_array(x), m + place % 4
    j = i.astype(jnp.int32)
    match step.op:
        case "pyramid":
            return _pyramid(given.loop, i, x)
        case "nested" | "twice nested" | "triangle":
            return _looped(step, given, m, i, x)
        case "initial":
            return (
                x
                if is_a(x, "key") or is_a(x, "bool")
                else x + as_array(given.initial[place]).astype(x.dtype)
            )
        case "random":
            return _with_random(i, x)
        case _:
            return _CHANGES[step.op](x, j, step.number, given.closure, i, m)


def mixed(x: Any, other: Any) -> Any:
    """The instruction ``mix``, of two leaves of one dtype and shape."""
    x, other = as_array(x), as_array(other)
    if is_a(x, "key"):
        return x
    return x ^ other if is_a(x, "bool") else x + other


def drawn(x: Any, key: Any) -> Any:
    """The instruction ``draw``, of a leaf and a key."""
    x = as_array(x)
    if not is_a(x, "integer"):
        return x
    return x * number_like(31, x) + jax.random.bits(key, (), jnp.uint32).astype(x.dtype)


def _at(closure: Any, j: Any, x: Any) -> Any:
    return closure[j % 3].astype(x.dtype)


def _affine(x: Any, j: Any, _: int, closure: Any, i: Any, m: int) -> Any:
    if is_a(x, "key"):
        words = jax.random.key_data(x) * _WORD + (j + np.int32(m)).astype(jnp.uint32)
        return key_of(words)
    if is_a(x, "bool"):
        return x ^ ((j + np.int32(m)) % 2 == 1)
    if is_a(x, "integer"):
        return x * number_like(3, x) + i.astype(x.dtype) + number_like(m, x)
    added = ((j % 8).astype(jnp.float32) * np.float32(Q) + np.float32(m / 2)).astype(x.dtype)
    k = _at(closure, j, x)
    return k - x + added if is_a(x, "complex") else x * k + added


def _where(i: Any, n: int, new: Any, x: Any) -> Any:
    return x if is_a(x, "key") else jnp.where(i == jnp.asarray(n, i.dtype), new, x)


def _gathered(x: Any, j: Any) -> Any:
    if is_a(x, "key") or not x.ndim or not x.shape[0]:
        return x
    n = x.shape[0]
    return x.at[j % n].set(x[(j + 1) % n])


def _windowed(x: Any, j: Any) -> Any:
    if is_a(x, "key") or not x.ndim or x.shape[0] < 2:
        return x
    window = jax.lax.dynamic_slice_in_dim(x, j % 8, 2)
    return jax.lax.dynamic_update_slice_in_dim(x, window, 0, 0)


def _transposed(x: Any) -> Any:
    return bump(x if is_a(x, "key") or len(set(x.shape)) != 1 else x.T)


def _turned(x: Any) -> Any:
    if not is_a(x, "float") or not x.ndim or not x.size:
        return x
    return x @ jnp.asarray(turning(x.shape[-1])).astype(x.dtype)


def _matrix(x: Any) -> Any:
    if not is_a(x, "integer") or not x.ndim or not x.size:
        return x
    return x + x @ jnp.asarray(matrix(x.shape[-1]).astype(np.int32)).astype(x.dtype)


def _added(x: Any, number: Any) -> Any:
    if is_a(x, "key") or is_a(x, "bool"):
        return x
    if is_a(x, "float"):
        return x + number.astype(x.dtype)
    return x + number.astype(jnp.int32).astype(x.dtype)


def _filled(x: Any, number: Any) -> Any:
    if is_a(x, "key"):
        return x
    return jnp.full(x.shape, number % 2 == 1 if is_a(x, "bool") else number.astype(x.dtype))


def _reduced(x: Any) -> Any:
    if not is_a(x, "integer") or not x.size:
        return x
    return x + jnp.sum(x, dtype=x.dtype)


def _with_random(i: Any, x: Any) -> Any:
    if not is_a(x, "integer"):
        return x
    key = jax.random.fold_in(jax.random.key(5, impl=KEY_KIND), i)
    return x + (jax.random.bits(key, (), jnp.uint32) % np.uint32(16)).astype(x.dtype)


def _cond(x: Any, j: Any) -> Any:
    return jax.lax.cond(j % 3 == 0, lambda leaf: leaf, bump, x)


def _cond_square(x: Any, n: int, i: Any) -> Any:
    if not is_a(x, "float"):
        return x
    return jax.lax.cond(i == jnp.asarray(n, i.dtype), square, lambda leaf: leaf, x)


def _guarded(x: Any, n: int, i: Any) -> Any:
    if not is_a(x, "real"):
        return x
    return jax.lax.cond(i == jnp.asarray(n, i.dtype), jnp.sqrt, double, x)


def _switch(x: Any, j: Any) -> Any:
    return jax.lax.switch(j % 3, [lambda leaf: leaf, bump, lambda leaf: bump(bump(leaf))], x)


def _while(x: Any, j: Any) -> Any:
    counted = lambda state: (state[0] + np.int32(1), bump(state[1]))  # noqa: E731
    return jax.lax.while_loop(lambda state: state[0] < j % 8, counted, (jnp.int32(0), x))[1]


def _scan(x: Any) -> Any:
    return jax.lax.scan(lambda leaf, _: (bump(leaf), None), x, None, length=3)[0]


def _custom(x: Any) -> Any:
    if not is_a(x, "float"):
        return x
    negated = jax.custom_jvp(lambda leaf: -leaf)
    negated.defjvp(lambda primals, tangents: (negated(*primals), *tangents))
    return negated(x)


def _stopped(x: Any) -> Any:
    return x + jax.lax.stop_gradient(x) if is_a(x, "float") else x


def _looped(step: Step, given: Given, m: int, i: Any, x: Any) -> Any:
    def inner(index: Any, leaf: Any) -> Any:
        index = as_array(index)
        return _affine(leaf, index.astype(jnp.int32), 0, given.closure, index, m)

    match step.op:
        case "triangle":
            return given.loop(i, i + jnp.asarray(3, i.dtype), inner, x)
        case "twice nested":
            return given.loop(0, 3, inner, given.loop(0, 3, inner, x))
        case _:
            return _deep(step.number, given.loop, inner, x)


def _pyramid(loop: Loop, i: Any, x: Any) -> Any:
    if not is_a(x, "integer"):
        return x

    def middle(j: Any, z: Any) -> Any:
        def inner(k: Any, y: Any) -> Any:
            k, outer = (as_array(number).astype(x.dtype) for number in (k, i * 9 + j))
            return y * number_like(5, x) + (x - z) * k + outer

        return loop(j, i, inner, z)

    return loop(jnp.zeros_like(i), i, middle, x)


def _deep(depth: int, loop: Loop, inner: Any, x: Any) -> Any:
    if depth <= 1:
        return loop(0, 3, inner, x)
    return loop(0, 2, lambda _, leaf: _deep(depth - 1, loop, inner, leaf), x)


_CHANGES: dict[str, Callable[..., Any]] = {
    "affine": _affine,
    "double": lambda x, *_: double(x),
    "bump": lambda x, *_: bump(x),
    "negate": lambda x, *_: negate(x),
    "scaled": lambda x, j, _n, k, *_: x * _at(k, j, x) if is_a(x, "real") else x,
    "square at": lambda x, _j, n, _k, i, _m: _where(i, n, square(x), x),
    "double at": lambda x, _j, n, _k, i, _m: _where(i, n, double(x), x),
    "cond": lambda x, j, *_: _cond(x, j),
    "cond square": lambda x, _j, n, _k, i, _m: _cond_square(x, n, i),
    "guarded": lambda x, _j, n, _k, i, _m: _guarded(x, n, i),
    "switch": lambda x, j, *_: _switch(x, j),
    "while": lambda x, j, *_: _while(x, j),
    "scan": lambda x, *_: _scan(x),
    "gather": lambda x, j, *_: _gathered(x, j),
    "reverse": lambda x, *_: x[::-1] if x.ndim and not is_a(x, "key") else x,
    "window": lambda x, j, *_: _windowed(x, j),
    "transpose": lambda x, *_: _transposed(x),
    "turned": lambda x, *_: _turned(x),
    "matrix": lambda x, *_: _matrix(x),
    "reduce": lambda x, *_: _reduced(x),
    "half": lambda x, j, *_: _added(x, jnp.asarray(_HALF)[j % 3].astype(jnp.float32)),
    "table": lambda x, j, *_: _added(x, jnp.asarray(_TABLE)[j % 7].astype(jnp.float32)),
    "custom": lambda x, *_: _custom(x),
    "stopped": lambda x, *_: _stopped(x),
    "constant": lambda x, j, *_: _filled(x, j % 8),
    "split": lambda x, *_: jax.random.split(x)[0] if is_a(x, "key") and not x.ndim else x,
    "fold": lambda x, _j, _n, _k, i, _m: (
        jax.random.fold_in(x, i) if is_a(x, "key") and not x.ndim else x
    ),
    "index": lambda x, _j, _n, _k, i, _m: _filled(x, i),
    "one": lambda x, *_: x if is_a(x, "key") else np.full(x.shape, 1, x.dtype)[()],
    "tenth": lambda x, *_: x + number_like(np.float32(0.1), x) if is_a(x, "real") else x,
    "grown": lambda x, *_: x * number_like(np.float32(1.1), x) if is_a(x, "real") else x,
    "broadcast": lambda x, *_: (
        jnp.broadcast_to(x[0], x.shape) if x.ndim and x.size and not is_a(x, "key") else x
    ),
    "narrow": lambda x, *_: x.astype(jnp.bfloat16).astype(x.dtype) if is_a(x, "real") else x,
}
