"""Body programs: loop bodies as data.

A program works on ``ROWS`` registers, each a row of ``WIDTH`` int32; arithmetic is modulo 2**32.
It is a list of instructions ``(op, dst, a, b, k)``, executed in order every iteration:

- ``dst`` is a register;
- ``a`` and ``b`` are operands: a register, ``INDEX`` (the loop index, wrapped to int32 and
  broadcast along the row) or ``CONST`` (the instruction's constant ``k``, broadcast likewise);
- ``op`` is one of `OPS`.

====== ==========================================================================
nop    nothing
copy   ``dst ← a``
add    ``dst ← a + b``
sub    ``dst ← a − b``
mul    ``dst ← a · b``
and    ``dst ← a & b``
or     ``dst ← a | b``
xor    ``dst ← a ^ b``
min    ``dst ← min(a, b)``
max    ``dst ← max(a, b)``
put    ``dst[a[0] mod WIDTH] ← b[0]``
get    ``dst ← a[b[0] mod WIDTH]``, broadcast along the row
roll   ``dst[j] ← a[(j − b[0]) mod WIDTH]``
scan   ``dst[j] ← a[0] + … + a[j]``
swap   exchange ``dst`` and register ``a mod ROWS``
====== ==========================================================================

Everything is exact, so values are compared bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foricheck.cases.batch import Array

__all__ = [
    "CONST",
    "INDEX",
    "OPS",
    "ROWS",
    "SLOTS",
    "WIDTH",
    "climber",
    "encode",
    "recorder",
    "show",
]

OPS = (
    "nop",
    "copy",
    "add",
    "sub",
    "mul",
    "and",
    "or",
    "xor",
    "min",
    "max",
    "put",
    "get",
    "roll",
    "scan",
    "swap",
)

ROWS = 4
WIDTH = 8
SLOTS = 4
INDEX = ROWS
CONST = ROWS + 1

Instruction = tuple[str, int, int, int, int]

_UNARY = {"copy", "scan", "swap"}


def encode(program: Sequence[Instruction]) -> Array:
    """The program as int32 of shape ``(SLOTS, 5)``, padded with ``nop``.

    Raises:
        ValueError: the program has more than ``SLOTS`` instructions.
    """
    if len(program) > SLOTS:
        raise ValueError(f"a program has at most {SLOTS} instructions, not {len(program)}")
    code = np.zeros((SLOTS, 5), np.int32)
    for slot, (op, *operands) in enumerate(program):
        code[slot] = (OPS.index(op), *operands)
    return code


def recorder() -> Array:
    """The index recorder: its carry records which indices the body received.

    Register 0 is a ring buffer of the last ``WIDTH`` indices, register 1 their number, and
    register 2 a polynomial hash of all of them in order.
    """
    return encode(
        [
            ("put", 0, 1, INDEX, 0),
            ("add", 1, 1, CONST, 1),
            ("mul", 2, 2, CONST, 1_000_003),
            ("add", 2, 2, INDEX, 0),
        ]
    )


def climber() -> Array:
    """The body that sets register 0 to the maximum of itself and the index."""
    return encode([("max", 0, 0, INDEX, 0)])


def show(code: Array) -> str:
    """The program as text, one instruction per line, except idle ones."""
    lines = [_show_instruction(*map(int, row)) for row in code if row[0] != 0]
    return "\n".join(lines) or "the identity"


def _operand(which: int, constant: int) -> str:
    """An operand as text: ``r2``, ``i`` or the constant."""
    if which < ROWS:
        return f"r{which}"
    return "i" if which == INDEX else str(constant)


def _show_instruction(op: int, dst: int, a: int, b: int, k: int) -> str:
    name = OPS[op]
    operands = [a] if name in _UNARY else [a, b]
    return f"r{dst} ← {name} " + ", ".join(_operand(which, k) for which in operands)
