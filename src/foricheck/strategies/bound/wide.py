"""Loops under a context in which JAX has 64-bit types."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits

__all__ = ["wide"]

_WIDE = """\
def wide(call):
    is_new = hasattr(jax, "enable_x64")
    with (jax.enable_x64 if is_new else jax.experimental.enable_x64)(True):
        return np.asarray(call())
"""
_CASES = (
    ("2**40, 2**40 + 3, lambda i, c: c * 3 + i", "np.int64(1)"),
    ("np.int64(-2**35), np.int64(-2**35 + 4), lambda i, c: c * 3 + i", "np.int64(1)"),
    ("0, 3, lambda i, c: c * 2**33 + i", "np.int64(1)"),
    ("0, 5, lambda i, c: c * 0.1", "np.float64(1)"),
)
_TRACED = "jax.jit(lambda n: fori_loop(2**40, n, lambda i, c: c * 3 + i, np.int64(1)))(2**40 + 3)"


def wide(_: LoopLimits) -> Iterator[Expression]:
    """Ranges and carries that need 64 bits, with static bounds and with a traced one."""
    for arguments, init in _CASES:
        call = f"fori_loop({arguments}, {init})"
        yield _case(call, call)
    yield _case(_TRACED, "fori_loop(2**40, 2**40 + 3, lambda i, c: c * 3 + i, np.int64(1))")


def _case(call: str, expected: str) -> Expression:
    return Expression(given="", setup=_WIDE, call=f"wide(lambda: {call})", expected=expected)
