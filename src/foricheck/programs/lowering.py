"""Emit body programs as Python over an array namespace.

The body is compiled from the same lines that the script in a report contains, so the script runs
the body that failed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any

from foricheck.cases.batch import Array
from foricheck.programs.dialects import written
from foricheck.programs.program import CONST, INDEX, OPS, ROWS, WIDTH

__all__ = ["body_of", "family_of", "family_source", "source"]

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
    constants = [f"xp.full({WIDTH}, {int(row[4])}, xp.int32)" for row in code]
    return "\n".join(_lines(code, constants))


def family_source(code: Array) -> str:
    """The source of a function that takes constants ``k`` and returns a body closing over them."""
    constants = [f"xp.full({WIDTH}, k[{slot}], xp.int32)" for slot in range(len(code))]
    inner = "\n".join(f"    {line}" for line in _lines(code, constants))
    return f"def family(*k):\n{inner}\n    return body"


def body_of(code: Array, namespace: ModuleType) -> Callable[[Any, Any], Any]:
    """A fresh body over ``namespace`` (NumPy, ``jax.numpy`` or ``keras.ops``)."""
    body: Callable[[Any, Any], Any] = _run(source(code), namespace)["body"]
    return body


def family_of(code: Array, namespace: ModuleType) -> Callable[..., Callable[[Any, Any], Any]]:
    """A function from one constant per instruction to a body; all bodies share a code object."""
    family: Callable[..., Callable[[Any, Any], Any]] = _run(family_source(code), namespace)[
        "family"
    ]
    return family


def _run(text: str, namespace: ModuleType) -> dict[str, Any]:
    scope: dict[str, Any] = {"xp": namespace}
    exec(_compiled(written(text, namespace.__name__)), scope)  # trusted: written here
    return scope


def _lines(code: Array, constants: list[str]) -> list[str]:
    unpacked = ", ".join(f"r{row}" for row in range(ROWS))
    lines = ["def body(i, c):", f"    {unpacked} = c"]
    if (code[:, 2:4] == INDEX)[code[:, 0] != 0].any():
        lines.append(f"    i = xp.full({WIDTH}, i).astype(xp.int32)")
    for row, constant in zip(code.tolist(), constants, strict=True):
        if row[0] != 0:
            lines.append(f"    {_line(*row[:4], constant=constant)}")
    return [*lines, f"    return xp.stack([{unpacked}])"]


@lru_cache(maxsize=1024)
def _compiled(text: str) -> CodeType:
    return compile(text, "<body program>", "exec")


def _line(op: int, dst: int, a: int, b: int, *, constant: str) -> str:
    left, right = _operand(a, constant), _operand(b, constant)
    return _LINES[OPS[op]].format(dst=dst, a=left, b=right, other=a % ROWS, width=WIDTH)


def _operand(which: int, constant: str) -> str:
    return {INDEX: "i", CONST: constant}.get(which, f"r{which}")
