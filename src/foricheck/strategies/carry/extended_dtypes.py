"""Carries of dtypes that NumPy lacks: narrow numbers and random keys.

Each call returns the result of the loop and that of its body called in Python.
"""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.loop_text import CALL, numbered

__all__ = ["of_every_dtype"]

_IN_PYTHON = "body(2, body(1, body(0, c)))"


def of_every_dtype(_: LoopLimits) -> Iterator[Expression]:
    """Numbers of 16 bits and fewer, and arrays of keys of each PRNG implementation.

    The integers wrap at their own width, and the body multiplies by the item size of each dtype. No
    float is rounded: each is a power of two. Another body returns the limits of each float dtype
    unchanged.
    """
    yield Expression(
        given="""\
def body(i, c):
    sizes = [xp.asarray(leaf.dtype.itemsize, leaf.dtype) for leaf in c]
    return [xp.maximum(leaf * leaf * size, leaf) for leaf, size in zip(c, sizes)]
""",
        bounds=numbered(0, 3),
        values="""\
c = [xp.array([1, 3, 5], kind) for kind in ("int4", "uint4")]
c += [xp.array([1, -2, 0.5], kind) for kind in ("bfloat16", "float8_e4m3fn", "float8_e5m2")]""",
        call=f"({CALL}, {_IN_PYTHON})",
    )
    yield Expression(
        given="def body(i, c):\n    return c\n",
        bounds=numbered(0, 3),
        values="""\
c = [
    xp.array([limits.min, limits.tiny, limits.max], limits.dtype)
    for limits in map(xp.finfo, ("bfloat16", "float8_e4m3fn", "float8_e5m2"))
]""",
        call=f"({CALL}, c)",
    )
    yield Expression(
        bounds=numbered(0, 3),
        values="data = xp.arange(12, dtype=xp.uint32).reshape(3, 4)",
        setup="""\
c = [jax.random.wrap_key_data(data, impl=kind) for kind in ("rbg", "unsafe_rbg")]
c += [jax.random.wrap_key_data(data[:, :2], impl="threefry2x32")]

def body(i, c):
    return [keys[::-1] for keys in c]

def bits(c_now):
    return [(now.dtype == keys.dtype, jax.random.key_data(now)) for now, keys in zip(c_now, c)]
""",
        call=f"(bits({CALL}), bits({_IN_PYTHON}))",
    )
