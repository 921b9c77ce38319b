"""Engines over torch for harness.py: a Python loop, and torch.while_loop.

Run as ``foricheck run "exec:python harness.py torch_engine.py"``, and with
``torch_engine.py:WhileLoop``. Python is that of an environment with torch and NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from harness import OPERATIONS


class Engine:
    """A Python loop over tensors.

    Attributes:
        dtypes: those whose scalars torch adds and compares.
        max_trips: a trip takes a tenth of a millisecond.
    """

    name = "torch, a Python loop"
    version = str(torch.__version__)
    dtypes = ("int32", "int8", "int16", "int64", "uint8")
    refusals = (TypeError, ValueError)
    max_cases = 64
    max_trips = 20_000

    def array(self, values: Any) -> Any:
        """A tensor of its own memory."""
        return torch.from_numpy(np.array(values))

    def numpy(self, array: Any) -> Any:
        """The NumPy array of a tensor."""
        return array.numpy()

    def int32(self, index: Any) -> Any:
        """Modulo 2**32."""
        return index.to(torch.int32)

    def tanh(self, array: Any) -> Any:
        """The hyperbolic tangent."""
        return torch.tanh(array)

    def fori_loop(self, lower: Any, upper: Any, body: Any, carry: Any) -> Any:
        """The loop; torch has none of its own outside a compiled function."""
        i = lower
        while i < upper:
            carry = body(i, carry)
            i = i + 1
        return carry


LONGEST = 16
"""The length of a program that is interpreted as data, filled up with copies of a register."""

NAMES = [*OPERATIONS, "swap"]
SWAP = NAMES.index("swap")
NOP = [NAMES.index("copy"), 0, 0, 0, 0]


class WhileLoop(Engine):
    """torch.while_loop, which traces and compiles its body.

    Programs and recurrences go through one loop each, in which the instructions and the weights are
    data: it is compiled once. Other bodies are compiled for each case, which takes long.
    """

    name = "torch.while_loop"
    max_cases = 16
    max_trips = 2_000

    def fori_loop(self, lower: Any, upper: Any, body: Any, carry: Any) -> Any:
        """The loop."""
        instructions = getattr(body, "instructions", None)
        if instructions is not None and len(instructions) <= LONGEST:
            rows = [[NAMES.index(op), *rest] for op, *rest in instructions]
            table = torch.tensor(rows + [NOP] * (LONGEST - len(rows)))
            first = (lower, upper, table, torch.stack(carry))
            return torch.while_loop(_more, _interpret, first)[3].unbind()
        if hasattr(body, "weights"):
            first = (lower, upper, body.weights, body.x, *carry)
            return torch.while_loop(_more, _recur, first)[4:]

        def step(i: Any, upper: Any, *carry: Any) -> Any:
            return i + 1, upper.clone(), *(leaf.clone() for leaf in body(i, carry))

        return torch.while_loop(_more, step, (lower, upper, *carry))[2:]


def _more(i: Any, upper: Any, *carry: Any) -> Any:
    return i < upper


def _recur(i: Any, upper: Any, weights: Any, x: Any, state: Any) -> Any:
    after = torch.tanh(state @ weights + x)
    return i + 1, upper.clone(), weights.clone(), x.clone(), after


def _interpret(i: Any, upper: Any, table: Any, registers: Any) -> Any:
    """One iteration: each instruction is every instruction, of which one result is kept."""
    index, after = i.to(torch.int32), registers
    for n in range(LONGEST):
        after = _execute(table[n], index, after)
    return i + 1, upper.clone(), table.clone(), after


def _execute(instruction: Any, index: Any, registers: Any) -> Any:
    op, dst, a, b, k = instruction.unbind()
    j, rows = torch.arange(8, dtype=torch.int32), torch.arange(4)[:, None]
    operands = torch.stack([*registers, j * 0 + index, j * 0 + k.to(torch.int32)])
    one, other, old = (_row(operands, n) for n in (a, b, dst))
    results = torch.stack([operation(one, other, old, j) for operation in OPERATIONS.values()])
    written = torch.where(rows == dst, _row(results, op.clamp(max=SWAP - 1)), registers)
    swapped = torch.where(rows == dst, _row(operands, a % 4), registers)
    swapped = torch.where((rows == a % 4) & (a % 4 != dst), old, swapped)
    return torch.where(op == SWAP, swapped, written)


def _row(rows: Any, n: Any) -> Any:
    return rows.index_select(0, n.reshape(1))[0]
