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
    V,
    W,
    X,
    calling,
    module,
    pair,
    recurrence,
)

__all__ = ["calls", "carried", "closures", "compiled", "composed", "differentiated", "functional"]
__all__ += ["static_and_traced", "tied", "trained", "with_warnings_as_errors"]

_TIE = "model.second.W = model.first.W\n"
_OF_U = RUN.format(W="U")


def calls(_: LoopLimits) -> Iterator[Expression]:
    """Three, five, one, zero and a negative number of trips."""
    yield from (calling(recurrence(), FROM_X, trips=trips) for trips in (3, 5, 1, 0, -2))


def closures(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that close over the Variable or the module, or are a method of the module."""
    yield from (calling(recurrence(form), FROM_X) for form in (VARIABLE, ITSELF))
    step = "step(self, i, state)", "return state @ self.W[...] + 1"
    by_method = recurrence("return fori_loop(0, T, self.step, x)", step)
    yield calling(by_method, FROM_X.replace("+ x", "+ 1"))


def functional(_: LoopLimits) -> Iterator[Expression]:
    """A module split and merged again, around the loop and inside its body."""
    split = recurrence(after="graphdef, state = nnx.split(model)")
    for state, expected in (
        ("state", FROM_X),
        ("jax.tree.map(lambda leaf: leaf - 1, state)", RUN.format(W="W - 1")),
    ):
        yield calling(split, expected, call=f"nnx.merge(graphdef, {state})(x, T)")
    merged = ITSELF.replace("self", "nnx.merge(graphdef, params)")
    yield calling(recurrence(f"graphdef, params = nnx.split(self)\n{merged}"), FROM_X)


def compiled(_: LoopLimits) -> Iterator[Expression]:
    """A method under ``nnx.jit``, called with several T, and its number of traces."""
    for form in (PLUCKED, ITSELF):
        run = "traces, run = [], nnx.jit(Recurrence.__call__)"
        yield calling(
            recurrence(f"traces.append(1)\n{form}", after=run),
            f"([{FROM_X} for T in (3, 0, -2, 6, 1)], xp.int32(1))",
            call="([run(model, x, T) for T in (3, 0, -2, 6, 1)], xp.int32(len(traces)))",
            trips=None,
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
        yield calling(
            recurrence(form, after="loss = nnx.value_and_grad(lambda model: model(x, T) @ v)"),
            f"[{FROM_X} @ v, {gradient}]",
            call="jax.tree.leaves(loss(model))",
            trips=trips,
            values=W + X + V,
        )


def composed(_: LoopLimits) -> Iterator[Expression]:
    """Two modules in one loop, tied or not; two loops of one module; two modules of a class."""
    locally = "first, second = self.first, self.second\n"
    layers = locally + ITSELF.replace("state @ self.W[...]", "second(first(state))")
    two, values = f"{pair(layers)}model = Two(W, U)\n", W + U + X
    yield calling(two, RUN.format(W="W @ U"), trips=2, values=values)
    yield calling(two + _TIE, RUN.format(W="W @ W"), trips=2, values=values)
    yield calling(
        recurrence(after="other = Recurrence(U)"),
        f"[{FROM_X}, {_OF_U}, (lambda x: {FROM_X})({FROM_X})]",
        call="[model(x, T), other(x, T), model(model(x, T), T)]",
        trips=2,
        values=values,
    )


def tied(_: LoopLimits) -> Iterator[Expression]:
    """The gradient of a Param shared by two layers, and the sum of those of two equal Params."""
    plucked = "W, U = self.first.W[...], self.second.W[...]\n" + ITSELF.replace(
        "self.W[...]", "W @ U"
    )
    made = "model, apart, slopes = Two(W, W), Two(W, W), nnx.grad(lambda model: model(x, T) @ v)\n"
    yield calling(
        pair(plucked) + made + _TIE,
        call="(jax.tree.leaves(slopes(model)), [sum(jax.tree.leaves(slopes(apart)))])",
        trips=2,
        values=W + X + V,
    )


def static_and_traced(_: LoopLimits) -> Iterator[Expression]:
    """Two lists: the results for each static T, and for each traced T."""
    yield calling(
        recurrence(after="traced = jax.jit(lambda T: model(x, T))"),
        call="([model(x, T) for T in range(-1, 6)], [traced(T) for T in range(-1, 6)])",
        trips=None,
    )


def with_warnings_as_errors(_: LoopLimits) -> Iterator[Expression]:
    """Calls with warnings turned into errors."""
    strictly = """\
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("error")
    state = model(x, T)"""
    for form in (PLUCKED, ITSELF):
        yield calling(recurrence(form, after=strictly), FROM_X, call="state")


def trained(_: LoopLimits) -> Iterator[Expression]:
    """Gradient descent on the Params of a nested module, with a nested dict as the carry."""
    layer = module("Layer", ", W", "self.W = nnx.Param(W)")
    made = "self.layer, self.b = Layer(W), nnx.Param(b)"
    called = "__call__(self, x)", "return x @ self.layer.W[...] + self.b[...]"
    setup = f"""\
from flax import nnx
{layer}{module("Model", ", W, b", made, called)}
def loss(params):
    return ((nnx.merge(graphdef, params)(x) - y) ** 2).sum() / 4
def step(i, params):
    return jax.tree.map(lambda leaf, slope: leaf - slope, params, jax.grad(loss)(params))
graphdef, state = nnx.split(Model(W, b))
params = nnx.to_pure_dict(state)"""
    # By hand: the gradient of b is half the error, that of W the outer product of x and half the
    # error.
    error = "(x @ c['layer']['W'] + c['b'] - y) / 2"
    step = f"{{'layer': {{'W': c['layer']['W'] - xp.outer(x, {error})}}, 'b': c['b'] - {error}}}"
    yield calling(
        setup,
        f"fori_loop(0, T, lambda i, c: {step}, {{'layer': {{'W': W}}, 'b': b}})",
        call="fori_loop(0, T, step, params)",
        values=f"{W}{X}b = xp.array([1, -1], xp.float32)\ny = xp.array([3, 0], xp.float32)",
    )


def carried(_: LoopLimits) -> Iterator[Expression]:
    """Two modules of one class as the carry, which the body counts up in other ways."""
    made = "self.count, self.scale = nnx.Variable(count), nnx.Param(W)"
    setup = f"""\
from flax import nnx
{module("Counter", ", count", made)}
def step(i, both):
    first, second = both
    first.count[...] = first.count[...] + 1
    second.count[...] = second.count[...] * 2 + i
    return first, second
def counted(T):
    both = fori_loop(0, T, step, (Counter(zero), Counter(five)))
    return [(module.count[...], module.scale[...]) for module in both]"""
    loop = "fori_loop(0, T, lambda i, c: (c[0] + 1, c[1] * 2 + i), (zero, five))"
    for trips in (3, 0, 1):
        yield calling(
            setup,
            f"[(count, W) for count in {loop}]",
            call="counted(T)",
            trips=trips,
            values=f"{W}zero = xp.array(0, xp.int32)\nfive = xp.array(5, xp.int32)",
        )
