"""The text of Flax NNX modules with a weight and a loop, and of their inputs.

Weights and states are small integers or halves, which are exact in bfloat16 and TF32: accelerators
may round the factors of a product to these formats, and results are compared bit for bit.
"""

from __future__ import annotations

from textwrap import indent

__all__ = ["FROM_X", "ITSELF", "PLUCKED", "RUN", "VARIABLE", "U", "W", "X", "pair", "recurrence"]

W = "W = xp.array([[0, 1], [2, -1]], xp.float32)\n"
U = "U = xp.array([[1, 1], [0, -1]], xp.float32)\n"
X = "x = xp.array([1, 2], xp.float32)\n"

PLUCKED = "W = self.W[...]\nreturn fori_loop(0, T, lambda i, state: state @ W + x, x)"
VARIABLE = "W = self.W\nreturn fori_loop(0, T, lambda i, state: state @ W[...] + x, x)"
ITSELF = "return fori_loop(0, T, lambda i, state: state @ self.W[...] + x, x)"

RUN = "fori_loop(0, T, lambda i, state: state @ ({W}) + x, x)"
FROM_X = "fori_loop(0, T, lambda i, state: state @ W + x, x)"


def recurrence(call: str = PLUCKED, *, decorator: str = "") -> str:
    """A module whose ``__call__(x, T)`` has these lines."""
    above = f"    @{decorator}\n" if decorator else ""
    return f"""\
from flax import nnx

class Recurrence(nnx.Module):
    def __init__(self, W):
        self.W = nnx.Param(W)

{above}    def __call__(self, x, T):
{indent(call, "        ")}

"""


def pair(call: str) -> str:
    """A module of two layers with separate weights, whose ``__call__(x, T)`` has these lines."""
    return f"""\
from flax import nnx

class Layer(nnx.Module):
    def __init__(self, W):
        self.W = nnx.Param(W)

    def __call__(self, state):
        return state @ self.W[...]

class Two(nnx.Module):
    def __init__(self, W, U):
        self.first, self.second = Layer(W), Layer(U)

    def __call__(self, x, T):
{indent(call, "        ")}

"""
