"""Emit structured programs as Python over an array namespace.

The body is compiled from the same lines that the script in a report contains. Over JAX an in-place
update is ``x.at[…].set(…)`` and a branch is ``lax.cond``; over NumPy, helper functions do both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from foricheck.cases.loop import StructuredBatch
from foricheck.programs.structured import DTYPES, FLOATS, INTEGERS, OPS, SHAPES, SIZE

__all__ = ["body", "body_of", "carry", "carry_of"]

_LINES = {
    "copy": "{y}",
    "add": "{x} + {y}",
    "sub": "{x} - {y}",
    "mul": "{x} * {y}",
    "xor": "{x} ^ {y}",
    "min": "xp.minimum({x}, {y})",
    "max": "xp.maximum({x}, {y})",
    "index": "{y} + xp.asarray(i).astype({dtype})",
    "scale": "{y} * {k} + 1",
    "divide": "{y} // {k1}",
    "remainder": "{y} % {k1}",
    "left": "{y} << {k}",
    "right": "{y} >> {k}",
    "flip_bits": "~{y}",
    "cumsum": "xp.cumsum({y}, {axis}, {dtype})",
    "cumprod": "xp.cumprod({y}, {axis}, {dtype})",
    "suffix": "xp.flip(xp.cumsum(xp.flip({y}, {axis}), {axis}, {dtype}), {axis})",
    "roll": "xp.roll({y}, {k}, {axis})",
    "roll_by_i": "xp.roll({y}, i % {m}, {axis})",
    "flip": "xp.flip({y}, {axis})",
    "shift_left": "xp.concatenate([{y}{tail}, {x}{first}], {axis})",
    "interleave": "xp.concatenate([{y_flat}[::2], {x_flat}[1::2]]){from_flat}",
    "transpose": "{y_square}.T{from_square}",
    "tril": "xp.tril({y_square}){from_square}",
    "matmul": "({x_square} @ {y_square}){from_square}",
    "sort": "xp.sort({y}, {axis})",
    "sum": "{x} + xp.sum({y}, {axis}, {dtype}, keepdims=True)",
    "total": "{x} + xp.sum({y}, dtype={dtype})",
    "sub_max": "{x} - xp.max({y}, {axis}, keepdims=True)",
    "argmax": "{x} + xp.argmax({y}, {axis}, keepdims=True).astype({dtype})",
    "pick": "{x} + {y}{at}{new}",
    "lookup": "{y_flat}[{x_flat} % 16]{from_flat}",
    "where": "xp.where({x} > {y}, {x} - {y}, {y})",
    "mask": "xp.where(xp.arange({last}) == i % {m_last}, {x}, {y})",
    "loop": "fori_loop(0, {k}, lambda j, z: 3 * z + {y} + xp.asarray(j).astype({dtype}), {x})",
    "roll_loop": "fori_loop(i * 0, i % 3, lambda j, z: xp.roll(z, 1, {axis}) + {y}, {x})",
    "plus": "{y} + {k0}",
    "negate": "-{y}",
    "abs": "xp.abs({y})",
    "keep": "xp.where({y} >= 0, {x}, {y})",
    "gate": "{x} * ({y} > 0)",
}

_JAX_LINES = {
    "put": "{x}.at{at}.set({y}{other})",
    "add_at": "{x}.at{at}.add({y}{other})",
    "set_one": "{x_flat}.at[i % 15].set({y_flat}[(i % 15 + {k}) % 16]){from_flat}",
    "scatter": "{x_flat}.at[{y_flat} % 16].add({y_flat}){from_flat}",
    "window": "xp.concatenate([jax.lax.dynamic_slice_in_dim({y}, i % {m}, {h}, {axis}), {x}{end}],"
    " {axis})",
    "set_window": "jax.lax.dynamic_update_slice_in_dim({x}, {y}{half}, i % {m}, {axis})",
    "shift_right": "{x}.at{tail}.set({y}{head})",
    "choose": "jax.lax.cond(i % 3 == 0, lambda: {x} + {y}, lambda: xp.flip({x}, {axis}))",
    "branch": "jax.lax.cond({x_flat}[i % 15] % 2 == 0, lambda: {x} - {y},"
    " lambda: xp.roll({y}, 1, {axis}))",
}

_NUMPY_LINES = {
    "put": "put({x}, np.s_{at}, {y}{other})",
    "add_at": "put({x}, np.s_{at}, {x}{at} + {y}{other})",
    "set_one": "put({x_flat}, i % 15, {y_flat}[(i % 15 + {k}) % 16]){from_flat}",
    "scatter": "scatter({x_flat}, {y_flat} % 16, {y_flat}){from_flat}",
    "window": "xp.concatenate([xp.take({y}, window(i % {m}, {n}), {axis}), {x}{end}], {axis})",
    "set_window": "put({x}, {before}window(i % {m}, {n}){after}, {y}{half})",
    "shift_right": "put({x}, np.s_{tail}, {y}{head})",
    "choose": "{x} + {y} if i % 3 == 0 else xp.flip({x}, {axis})",
    "branch": "{x} - {y} if {x_flat}[i % 15] % 2 == 0 else xp.roll({y}, 1, {axis})",
}

_NUMPY_HELPERS = {
    "put": """\
def put(x, where, value):
    x = x.copy()
    x[where] = value
    return x
""",
    "scatter": """\
def scatter(x, where, value):
    x = x.copy()
    np.add.at(x, where, value)
    return x
""",
    "window": """\
def window(start, n):
    return np.arange(n // 2) + min(start, n - n // 2)
""",
}


def body(case: StructuredBatch, namespace: str, name: str = "body") -> str:
    """The Python source of a program's body, with the helper functions it calls.

    Args:
        case: one program.
        namespace: ``jax`` or ``numpy``.
        name: the name of the body.
    """
    names = "abc"[: int(case.count[0])]
    unpacked = f"{names}," if len(names) == 1 else ", ".join(names)
    lines = [f"    {line}" for row in case.code[0] if (line := _line(case, row, namespace))]
    start, end = f"    ({unpacked}) = carry", f"    return ({unpacked})"
    if len(names) > 1:
        start, end = f"    {unpacked} = carry", f"    return {unpacked}"
    text = "\n".join([f"def {name}(i, carry):", start, *lines, end, ""])
    helpers = _NUMPY_HELPERS.items() if namespace == "numpy" else ()
    used = [source for called, source in helpers if f"{called}(" in text]
    return "\n\n".join([*used, text])


def body_of(case: StructuredBatch, namespace: ModuleType, names: dict[str, Any]) -> Any:
    """A fresh body over ``namespace``, which may also use ``names``."""
    scope = {"xp": namespace, "np": np} | names
    exec(_compiled(body(case, "numpy" if namespace is np else "jax")), scope)  # written here
    fresh: Callable[[Any, Any], Any] = scope["body"]
    return fresh


def carry(case: StructuredBatch) -> str:
    """The initial carry as an expression over ``xp``."""
    leaves = [_leaf(*map(int, leaf)) for leaf in case.leaves[0, : int(case.count[0])]]
    return f"({', '.join(leaves)}{',' * (len(leaves) == 1)})"


def carry_of(case: StructuredBatch) -> Any:
    """The initial carry as NumPy arrays."""
    return eval(carry(case), {"xp": np})


def _leaf(dtype: int, shape: int, factor: int, start: int) -> str:
    numbers = f"xp.arange({SIZE})" + (f" * {factor}" if factor != 1 else "")
    numbers += f" + {start}" if start > 0 else f" - {-start}" if start else ""
    numbers = f"({numbers})" if " " in numbers else numbers
    flat = f"{numbers}.astype(xp.{DTYPES[dtype]})"
    if DTYPES[dtype] not in INTEGERS:
        table = ", ".join(map(str, FLOATS)).replace("nan", "xp.nan")
        flat = f"xp.asarray([{table}], xp.{DTYPES[dtype]})[{numbers} % {len(FLOATS)}]"
    return f"{flat}{_reshaped((SIZE,), SHAPES[shape])}"


def _line(case: StructuredBatch, row: Any, namespace: str) -> str:
    """One instruction as an assignment, ``""`` if it is idle."""
    name, count = OPS[row[0]], int(case.count[0])
    dst, src = int(row[1]) % count, int(row[2]) % count
    if name == "nop" or (name == "swap" and dst == src):
        return ""
    x, y = _Operand.of(case, dst), _Operand.of(case, src)
    if name == "swap":
        return f"{x.name}, {y.name} = {y.to(x.dtype, x.shape)}, {x.to(y.dtype, y.shape)}"
    axis = int(row[3]) % len(x.shape)
    lines = _LINES | (_JAX_LINES if namespace == "jax" else _NUMPY_LINES)
    return f"{x.name} = {lines[name].format_map(_fields(x, y, axis, int(row[4])))}"


def _fields(x: _Operand, y: _Operand, axis: int, k: int) -> dict[str, object]:
    n, last, square = x.shape[axis], x.shape[-1], (4, 4)
    m, m_last = max(n - 1, 2), max(last - 1, 2)
    places = {
        "at": f"i % {m}",
        "other": f"(i % {m} + {k}) % {n}",
        "new": "None",
        "tail": "1:",
        "head": ":-1",
        "first": ":1",
        "half": f":{n // 2}",
        "end": f"{n // 2}:",
    }
    numbers = {"axis": axis, "k": k, "k0": k - 1, "k1": k + 1, "n": n, "m": m, "h": n // 2}
    numbers |= {"last": last, "m_last": m_last}
    return {
        "x": x.name,
        "y": y.to(x.dtype, x.shape),
        "x_flat": x.to(x.dtype, (SIZE,)),
        "y_flat": y.to(x.dtype, (SIZE,)),
        "x_square": x.to(x.dtype, square),
        "y_square": y.to(x.dtype, square),
        "from_flat": _reshaped((SIZE,), x.shape),
        "from_square": _reshaped(square, x.shape),
        "dtype": f"xp.{x.dtype}",
        **numbers,
        **{name: f"[{':, ' * axis}{place}]" for name, place in places.items()},
        "before": f"({'slice(None), ' * axis}" if axis else "",
        "after": ")" if axis else "",
    }


class _Operand:
    """A leaf: its name in the body, its dtype and its shape."""

    def __init__(self, name: str, dtype: str, shape: tuple[int, ...]) -> None:
        self.name, self.dtype, self.shape = name, dtype, shape

    @classmethod
    def of(cls, case: StructuredBatch, number: int) -> _Operand:
        dtype, shape = case.leaves[0, number, :2]
        return cls("abc"[number], DTYPES[dtype], SHAPES[shape])

    def to(self, dtype: str, shape: tuple[int, ...]) -> str:
        """The leaf converted to a dtype and a shape."""
        cast = f".astype(xp.{dtype})" if dtype != self.dtype else ""
        return f"{self.name}{_reshaped(self.shape, shape)}{cast}"


def _reshaped(before: tuple[int, ...], after: tuple[int, ...]) -> str:
    return f".reshape({', '.join(map(str, after))})" if before != after else ""


@lru_cache(maxsize=1024)
def _compiled(text: str) -> CodeType:
    return compile(text, "<structured program>", "exec")
