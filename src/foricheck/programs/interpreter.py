"""Run body programs as traced data: one compiled interpreter runs them all.

The program is an argument of the compiled call, so a new program needs no compilation.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax

from foricheck.programs.program import OPS, ROWS, WIDTH

__all__ = ["body_of", "selecting_body_of"]

Body = Callable[[jax.Array, jax.Array], jax.Array]


def body_of(code: jax.Array) -> Body:
    """The body that ``code`` describes.

    Args:
        code: int32 of shape ``(P, 5)``, traced or not.

    Returns:
        A function of the index (any integer dtype) and the registers, int32 of shape
        ``(ROWS, WIDTH)``.
    """

    def body(i: jax.Array, registers: jax.Array) -> jax.Array:
        index = jnp.asarray(i).astype(jnp.int32)
        for slot in range(code.shape[0]):
            registers = _step(code[slot], index, registers)
        return registers

    return body


def selecting_body_of(code: jax.Array) -> Body:
    """As `body_of`, but each instruction computes every operation and selects one result.

    ``vmap`` turns a branch into a selection: this is for targets that do not support branches.
    """

    def once(code: jax.Array, i: jax.Array, registers: jax.Array) -> jax.Array:
        return body_of(code)(i, registers)

    def body(i: jax.Array, registers: jax.Array) -> jax.Array:
        return jax.vmap(once)(code[None], jnp.asarray(i)[None], registers[None])[0]

    return body


def _step(instruction: jax.Array, index: jax.Array, registers: jax.Array) -> jax.Array:
    op, dst, a, b, k = instruction
    operands = jnp.concatenate([registers, _row(index)[None], _row(k)[None]])
    after: jax.Array = lax.switch(op, _BRANCHES, registers, dst, operands[a], operands[b], a % ROWS)
    return after


def _row(scalar: jax.Array) -> jax.Array:
    return jnp.broadcast_to(scalar, (WIDTH,))


def _writes(
    operation: Callable[[jax.Array, jax.Array, jax.Array], jax.Array],
) -> Callable[..., jax.Array]:
    def branch(
        registers: jax.Array, dst: jax.Array, a: jax.Array, b: jax.Array, _: jax.Array
    ) -> jax.Array:
        return registers.at[dst].set(operation(registers[dst], a, b))

    return branch


def _swap(
    registers: jax.Array, dst: jax.Array, _: jax.Array, __: jax.Array, other: jax.Array
) -> jax.Array:
    return registers.at[dst].set(registers[other]).at[other].set(registers[dst])


_WRITES: dict[str, Callable[[jax.Array, jax.Array, jax.Array], jax.Array]] = {
    "copy": lambda _, a, __: a,
    "add": lambda _, a, b: a + b,
    "sub": lambda _, a, b: a - b,
    "mul": lambda _, a, b: a * b,
    "and": lambda _, a, b: a & b,
    "or": lambda _, a, b: a | b,
    "xor": lambda _, a, b: a ^ b,
    "min": lambda _, a, b: jnp.minimum(a, b),
    "max": lambda _, a, b: jnp.maximum(a, b),
    "put": lambda old, a, b: old.at[a[0] % WIDTH].set(b[0]),
    "get": lambda _, a, b: _row(a[b[0] % WIDTH]),
    "roll": lambda _, a, b: a[(jnp.arange(WIDTH) - b[0] % WIDTH) % WIDTH],
    "scan": lambda _, a, __: jnp.cumsum(a, dtype=jnp.int32),
}

_BRANCHES: list[Callable[..., jax.Array]] = [
    lambda registers, *_: registers,
    *(_writes(_WRITES[name]) for name in OPS[1:-1]),
    _swap,
]
