"""Expressions that use modules with a loop inside."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.cases.variants import STATIC
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.module.text import (
    FROM_X,
    ITSELF,
    PLUCKED,
    RUN,
    VARIABLE,
    U,
    W,
    X,
    pair,
    recurrence,
)

__all__ = [
    "calls",
    "carried",
    "closures",
    "compiled",
    "composed",
    "differentiated",
    "functional",
    "static_and_traced",
    "tied",
    "trained",
    "with_warnings_as_errors",
]


def calls(_: LoopLimits) -> Iterator[Expression]:
    """Three trips; then five, one, zero and a negative number in one expression."""
    setup = f"{recurrence()}model = Recurrence(W)"
    yield Expression(bounds="T = 3", values=W + X, setup=setup, call="model(x, T)", expected=FROM_X)
    yield Expression(
        bounds="five = 5\none = 1\nnone = 0\nless = -2",
        values=W + X,
        setup=setup,
        call="[model(x, T) for T in (five, one, none, less)]",
        expected=f"[{FROM_X} for T in (five, one, none, less)]",
    )


def closures(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that close over the Variable or the module, or are a method of the module."""
    method = """\
    def step(self, i, state):
        return state @ self.W[...] + 1

"""
    for module, x in (
        (recurrence(VARIABLE), "x"),
        (recurrence(ITSELF), "x"),
        (recurrence("return fori_loop(0, T, self.step, x)").rstrip() + f"\n\n{method}", "1"),
    ):
        yield Expression(
            bounds="T = 3",
            values=W + X,
            setup=f"{module}model = Recurrence(W)",
            call="model(x, T)",
            expected=f"fori_loop(0, T, lambda i, state: state @ W + {x}, x)",
        )


def functional(_: LoopLimits) -> Iterator[Expression]:
    """A module split and merged again, around the loop and inside its body."""
    around = f"{recurrence()}graphdef, state = nnx.split(Recurrence(W))"
    merged = "nnx.merge(graphdef, {state})(x, T)"
    other = "jax.tree.map(lambda leaf: leaf - 1, state)"
    yield Expression(
        bounds="T = 3",
        values=W + X,
        setup=around,
        call=f"[{merged.format(state='state')}, {merged.format(state=other)}]",
        expected=f"[{FROM_X}, {RUN.format(W='W - 1')}]",
    )
    inside = (
        "graphdef, params = nnx.split(self)\n"
        "body = lambda i, state: state @ nnx.merge(graphdef, params).W[...] + x\n"
        "return fori_loop(0, T, body, x)"
    )
    yield Expression(
        bounds="T = 3",
        values=W + X,
        setup=recurrence(inside),
        call="Recurrence(W)(x, T)",
        expected=FROM_X,
    )


def compiled(_: LoopLimits) -> Iterator[Expression]:
    """A method under ``nnx.jit``, called with several T, and its number of traces."""
    for form in (PLUCKED, ITSELF):
        module = recurrence(f"traces.append(1)\n{form}", decorator="nnx.jit")
        yield Expression(
            values=W + X,
            setup=f"traces = []\n{module}model = Recurrence(W)",
            call="([model(x, T) for T in (3, 0, -2, 6, 1)], xp.int32(len(traces)))",
            expected=f"([{FROM_X} for T in (3, 0, -2, 6, 1)], xp.int32(1))",
        )


def differentiated(loop: LoopLimits) -> Iterator[Expression]:
    """The value of v · state after T trips, and its gradient with respect to the Params.

    The gradient is a sum over the trips: the outer product of the state before trip t and of v
    pulled back through the remaining T − 1 − t trips. Without jit, only the first case.
    """
    state = FROM_X.replace("T", "t", 1)
    back = "xp.linalg.matrix_power(W, T - 1 - t) @ v"
    gradient = f"sum((xp.outer({state}, {back}) for t in range(T)), xp.zeros((2, 2), xp.float32))"
    cases = ((PLUCKED, 4), (PLUCKED, 0), (ITSELF, 3))
    for form, trips in cases[:1] if loop.variant == STATIC else cases:
        yield Expression(
            bounds=f"T = {trips}",
            values=f"{W}{X}v = xp.array([1, 3], xp.float32)",
            setup=f"{recurrence(form)}loss = nnx.value_and_grad(lambda model: model(x, T) @ v)",
            call="jax.tree.leaves(loss(Recurrence(W)))",
            expected=f"[{FROM_X} @ v, {gradient}]",
        )


_TIE = "model.second.W = model.first.W"


def composed(_: LoopLimits) -> Iterator[Expression]:
    """Two modules in one loop, tied or not; two loops of one module; two modules of a class."""
    layers = (
        "first, second = self.first, self.second\n"
        "return fori_loop(0, T, lambda i, state: second(first(state)) + x, x)"
    )
    model = f"{pair(layers)}model = Two(W, U)\n"
    for setup, call, expected in (
        (model, "model(x, T)", RUN.format(W="W @ U")),
        (f"{model}{_TIE}", "model(x, T)", RUN.format(W="W @ W")),
        (
            f"{recurrence()}model, other = Recurrence(W), Recurrence(U)",
            "[model(x, T), other(x, T), model(model(x, T), T)]",
            f"[{FROM_X}, {RUN.format(W='U')}, {_again(FROM_X)}]",
        ),
    ):
        yield Expression(
            bounds="T = 2", values=W + U + X, setup=setup, call=call, expected=expected
        )


def _again(once: str) -> str:
    """The loop applied to its own result as x."""
    return f"(lambda x: {once})({once})"


def tied(_: LoopLimits) -> Iterator[Expression]:
    """The gradient of a Param shared by two layers, and the sum of those of two equal Params."""
    plucked = (
        "W, U = self.first.W[...], self.second.W[...]\n"
        "return fori_loop(0, T, lambda i, state: state @ W @ U + x, x)"
    )
    yield Expression(
        bounds="T = 2",
        values=f"{W}{X}v = xp.array([1, 3], xp.float32)",
        setup=(
            f"{pair(plucked)}model, apart = Two(W, W), Two(W, W)\n{_TIE}\n"
            "slopes = nnx.grad(lambda model: model(x, T) @ v)"
        ),
        call="(jax.tree.leaves(slopes(model)), [sum(jax.tree.leaves(slopes(apart)))])",
    )


def static_and_traced(_: LoopLimits) -> Iterator[Expression]:
    """Two lists: the results for each static T, and for each traced T."""
    trips = "range(-1, 6)"
    yield Expression(
        values=W + X,
        setup=f"{recurrence()}model = Recurrence(W)\ntraced = jax.jit(lambda T: model(x, T))",
        call=f"([model(x, T) for T in {trips}], [traced(T) for T in {trips}])",
    )


def with_warnings_as_errors(_: LoopLimits) -> Iterator[Expression]:
    """Calls with warnings turned into errors."""
    for form in (PLUCKED, ITSELF):
        yield Expression(
            bounds="T = 3",
            values=W + X,
            setup=f"""\
import warnings
{recurrence(form)}model = Recurrence(W)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    state = model(x, T)
""",
            call="state",
            expected=FROM_X,
        )


def trained(_: LoopLimits) -> Iterator[Expression]:
    """Gradient descent on the Params of a nested module, with a nested dict as the carry."""
    setup = """\
from flax import nnx

class Layer(nnx.Module):
    def __init__(self, W):
        self.W = nnx.Param(W)

class Model(nnx.Module):
    def __init__(self, W, b):
        self.layer, self.b = Layer(W), nnx.Param(b)

    def __call__(self, x):
        return x @ self.layer.W[...] + self.b[...]

def loss(params):
    return ((nnx.merge(graphdef, params)(x) - y) ** 2).sum() / 4

def step(i, params):
    return jax.tree.map(lambda leaf, slope: leaf - slope, params, jax.grad(loss)(params))

graphdef, state = nnx.split(Model(W, b))
params = nnx.to_pure_dict(state)
"""
    # By hand: the gradient of b is half the error, that of W the outer product of x and half the
    # error.
    error = "(x @ c['layer']['W'] + c['b'] - y) / 2"
    step = f"{{'layer': {{'W': c['layer']['W'] - xp.outer(x, {error})}}, 'b': c['b'] - {error}}}"
    yield Expression(
        bounds="T = 3",
        values=f"{W}{X}b = xp.array([1, -1], xp.float32)\ny = xp.array([3, 0], xp.float32)",
        setup=setup,
        call="fori_loop(0, T, step, params)",
        expected=f"fori_loop(0, T, lambda i, c: {step}, {{'layer': {{'W': W}}, 'b': b}})",
    )


def carried(_: LoopLimits) -> Iterator[Expression]:
    """Two modules of one class as the carry, which the body counts up in other ways."""
    setup = """\
from flax import nnx

class Counter(nnx.Module):
    def __init__(self, count):
        self.count, self.scale = nnx.Variable(count), nnx.Param(W)

def step(i, both):
    first, second = both
    first.count[...] = first.count[...] + 1
    second.count[...] = second.count[...] * 2 + i
    return first, second

def counted(T):
    both = fori_loop(0, T, step, (Counter(xp.array(0, xp.int32)), Counter(xp.array(5, xp.int32))))
    return [(module.count[...], module.scale[...]) for module in both]
"""
    pair = "(xp.array(0, xp.int32), xp.array(5, xp.int32))"
    loop = f"fori_loop(0, T, lambda i, c: (c[0] + 1, c[1] * 2 + i), {pair})"
    for trips in (3, 0, 1):
        yield Expression(
            bounds=f"T = {trips}",
            values=W,
            setup=setup,
            call="counted(T)",
            expected=f"[(count, W) for count in {loop}]",
        )
