"""Body programs written out as Python over an array namespace.

The lines are what a person pastes to see a failure, and they are what runs: the body is compiled
from them, so the script in a report is the body that failed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any

from foricheck.cases import Array
from foricheck.programs.program import CONST, INDEX, OPS, ROWS, WIDTH

__all__ = ["body_of", "source"]

_LINES = {
    "copy": "r{dst} = {a}",
    "add": "r{dst} = {a} + {b}",
    "sub": "r{dst} = {a} - {b}",
    "mul": "r{dst} = {a} * {b}",
    "and": "r{dst} = {a} & {b}",
    "or": "r{dst} = {a} | {b}",
    "xor": "r{dst} = {a} ^ {b}",
    "min": "r{dst} = xp.minimum({a}, {b})",
    "max": "r{dst} = xp.maximum({a}, {b})",
    "put": "r{dst} = xp.where(xp.arange({width}) == {a}[0] % {width}, {b}[0], r{dst})",
    "get": "r{dst} = xp.full({width}, {a}[{b}[0] % {width}])",
    "roll": "r{dst} = {a}[(xp.arange({width}) - {b}[0]) % {width}]",
    "scan": "r{dst} = xp.cumsum({a}, dtype=xp.int32)",
    "swap": "r{dst}, r{other} = r{other}, r{dst}",
}


def source(code: Array) -> str:
    """The Python source of the body: a function of ``i`` and the registers ``c``."""
    unpacked = ", ".join(f"r{row}" for row in range(ROWS))
    lines = [f"def body(i, c):", f"    {unpacked} = c"]
    if (code[:, 2:4] == INDEX)[code[:, 0] != 0].any():
        lines.append(f"    i = xp.full({WIDTH}, i).astype(xp.int32)")
    lines += [f"    {_line(*map(int, row))}" for row in code if row[0] != 0]
    lines.append(f"    return xp.stack([{unpacked}])")
    return "\n".join(lines)


def body_of(code: Array, namespace: ModuleType) -> Callable[[Any, Any], Any]:
    """A fresh body over ``namespace`` (NumPy, or ``jax.numpy``)."""
    scope: dict[str, Any] = {"xp": namespace}
    exec(_compiled(source(code)), scope)  # our own lines: see `source`
    body: Callable[[Any, Any], Any] = scope["body"]
    return body


@lru_cache(maxsize=1024)
def _compiled(text: str) -> CodeType:
    return compile(text, "<body program>", "exec")


def _line(op: int, dst: int, a: int, b: int, k: int) -> str:
    left, right = _operand(a, k), _operand(b, k)
    return _LINES[OPS[op]].format(dst=dst, a=left, b=right, other=a % ROWS, width=WIDTH)


def _operand(which: int, constant: int) -> str:
    match which:
        case _ if which == INDEX:
            return "i"
        case _ if which == CONST:
            return f"xp.full({WIDTH}, {constant}, xp.int32)"
        case _:
            return f"r{which}"
