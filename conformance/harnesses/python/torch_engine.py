"""Engines over torch for harness.py: a Python loop, and torch.while_loop.

Run as ``foricheck run "exec:python harness.py torch_engine.py"``, and with
``torch_engine.py:WhileLoop``. Python is that of an environment with torch and NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch


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


class WhileLoop(Engine):
    """torch.while_loop, which traces the body.

    Attributes:
        max_trips: a program is traced, and compiled, for each case.
    """

    name = "torch.while_loop"
    max_cases = 16
    max_trips = 2_000

    def fori_loop(self, lower: Any, upper: Any, body: Any, carry: Any) -> Any:
        """The loop; a body may not return what it was given, so that leaves are copied."""

        def more(i: Any, *carry: Any) -> Any:
            return i < upper

        def step(i: Any, *carry: Any) -> Any:
            return i + 1, *(leaf.clone() for leaf in body(i, carry))

        _, *after = torch.while_loop(more, step, (lower, *carry))
        return tuple(after)
