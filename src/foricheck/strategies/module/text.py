"""The text of Flax NNX modules with a weight and a loop, and of expressions that call them.

Weights and states are small integers or halves, which are exact in bfloat16 and TF32: accelerators
may round the factors of a product to these formats, and results are compared bit for bit.
"""

from __future__ import annotations

from textwrap import indent

from foricheck.cases.loop import Expression

__all__ = [
    "FROM_X",
    "ITSELF",
    "PLUCKED",
    "RUN",
    "VARIABLE",
    "U",
    "V",
    "W",
    "X",
    "calling",
    "module",
]
__all__ += ["pair", "recurrence"]

W = "W = xp.array([[0, 1], [2, -1]], xp.float32)\n"
U = "U = xp.array([[1, 1], [0, -1]], xp.float32)\n"
X = "x = xp.array([1, 2], xp.float32)\n"
V = "v = xp.array([1, 3], xp.float32)"

_RETURNED = "return fori_loop(0, T, lambda i, state: state @ {W} + x, x)"
PLUCKED = f"W = self.W[...]\n{_RETURNED.format(W='W')}"
VARIABLE = f"W = self.W\n{_RETURNED.format(W='W[...]')}"
ITSELF = _RETURNED.format(W="self.W[...]")

RUN = _RETURNED.removeprefix("return ").replace("{W}", "({W})")
FROM_X = RUN.format(W="W").replace("(W)", "W")
_PARAM = "self.W = nnx.Param(W)"


def module(name: str, given: str, made: str, *methods: tuple[str, str]) -> str:
    """A class whose ``__init__`` and methods have these lines."""
    defined = ((f"__init__(self{given})", made), *methods)
    lines = "".join(f"def {head}:\n{indent(text, '    ')}\n" for head, text in defined)
    return f"class {name}(nnx.Module):\n{indent(lines, '    ')}"


def recurrence(call: str = PLUCKED, *methods: tuple[str, str], after: str = "") -> str:
    """A module whose ``__call__(x, T)`` has these lines, and an instance: the model."""
    text = module("Recurrence", ", W", _PARAM, ("__call__(self, x, T)", call), *methods)
    return f"from flax import nnx\n{text}model = Recurrence(W)\n{after}"


def pair(call: str) -> str:
    """A module of two layers with separate weights, whose ``__call__(x, T)`` has these lines."""
    layer = module("Layer", ", W", _PARAM, ("__call__(self, state)", "return state @ self.W[...]"))
    layers = "self.first, self.second = Layer(W), Layer(U)"
    two = module("Two", ", W, U", layers, ("__call__(self, x, T)", call))
    return f"from flax import nnx\n{layer}{two}"


def calling(
    setup: str,
    expected: str = "",
    *,
    call: str = "model(x, T)",
    trips: int | None = 3,
    values: str = W + X,
) -> Expression:
    """A call of a module, where T is a number of trips."""
    bounds = "" if trips is None else f"T = {trips}"
    return Expression(bounds=bounds, values=values, setup=setup, call=call, expected=expected)
