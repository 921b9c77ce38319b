"""Modules of Flax NNX that hold a weight and loop over it, as expressions.

Weights and states are small integers, or halves, that bfloat16 and TF32 hold too: an accelerator
may round what enters a product to these, and values are compared bit for bit.
"""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from foricheck.cases import Expression
from foricheck.ways import STATIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foricheck.targets.loop import LoopSubject

__all__ = [
    "advances",
    "assignments",
    "assignments_refused",
    "calls",
    "closures",
    "compiled",
    "composed",
    "differentiated",
    "functional",
    "static_and_traced",
    "tied",
    "trace_errors",
    "trained",
    "updated",
    "watched",
    "with_warnings_as_errors",
]

_W = "W = xp.array([[0, 1], [2, -1]], xp.float32)\n"
_U = "U = xp.array([[1, 1], [0, -1]], xp.float32)\n"
_X = "x = xp.array([1, 2], xp.float32)\n"

_PLUCKED = "W = self.W[...]\nreturn fori_loop(0, T, lambda i, state: state @ W + x, x)"
_VARIABLE = "W = self.W\nreturn fori_loop(0, T, lambda i, state: state @ W[...] + x, x)"
_ITSELF = "return fori_loop(0, T, lambda i, state: state @ self.W[...] + x, x)"

_RUN = "fori_loop(0, T, lambda i, state: state @ ({W}) + x, x)"
_FROM_X = "fori_loop(0, T, lambda i, state: state @ W + x, x)"


def trace_errors() -> tuple[type[Exception], ...]:
    """The error by which Flax refuses a change from inside another trace."""
    from flax.errors import TraceContextError

    return (TraceContextError,)


def _recurrence(call: str = _PLUCKED, *, decorator: str = "") -> str:
    """The module whose ``__call__(x, T)`` has these lines."""
    above = f"    @{decorator}\n" if decorator else ""
    return f"""\
from flax import nnx

class Recurrence(nnx.Module):
    def __init__(self, W):
        self.W = nnx.Param(W)

{above}    def __call__(self, x, T):
{indent(call, "        ")}

"""


def _pair(call: str) -> str:
    """The module of two layers, each with its own weight, whose ``__call__(x, T)`` is given."""
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


def _body(change: str) -> str:
    """Lines of a call whose body first does something else."""
    lines = ("def body(i, state):", f"    {change}", "    return state @ self.W[...] + x", "")
    return "\n".join([*lines, "return fori_loop(0, T, body, x)"])


_ASSIGNMENTS = (
    _body("self.W[...] = self.W[...] + 1"),
    _body("self.W = nnx.Param(self.W[...] + 1)"),
    _body("self.last = state"),
)


def calls(_: LoopSubject) -> Iterator[Expression]:
    """Three trips; then more, one, none and fewer than none, in one call."""
    setup = f"{_recurrence()}model = Recurrence(W)"
    yield Expression(
        bounds="T = 3", values=_W + _X, setup=setup, call="model(x, T)", expected=_FROM_X
    )
    yield Expression(
        bounds="five = 5\none = 1\nnone = 0\nless = -2",
        values=_W + _X,
        setup=setup,
        call="[model(x, T) for T in (five, one, none, less)]",
        expected=f"[{_FROM_X} for T in (five, one, none, less)]",
    )


def watched(_: LoopSubject) -> Iterator[Expression]:
    """What a call leaves of the module: whether it is the same, and its weight."""
    for form in (_PLUCKED, _ITSELF):
        yield Expression(
            bounds="T = 3",
            values=_W + _X,
            setup=f"{_recurrence(form)}{_WATCHED}model(x, T)",
            call=_UNCHANGED,
            expected="(True, True, W)",
        )


_WATCHED = "model = Recurrence(W)\nparam, graphdef = model.W, nnx.graphdef(model)\n"
_UNCHANGED = "(model.W is param, nnx.graphdef(model) == graphdef, model.W[...])"


def assignments(_: LoopSubject) -> Iterator[Expression]:
    """Bodies that assign to the Param, in place or anew, or to an attribute; with no trips too."""
    cases = [(assignment, 2) for assignment in _ASSIGNMENTS]
    for assignment, trips in [*cases, (_ASSIGNMENTS[0], 0)]:
        yield Expression(
            bounds=f"T = {trips}",
            values=_W + _X,
            setup=f"{_recurrence(assignment)}model = Recurrence(W)",
            call="model(x, T)",
        )


def assignments_refused(_: LoopSubject) -> Iterator[Expression]:
    """What an assignment that was refused leaves of the module, as in `watched`."""
    for assignment in _ASSIGNMENTS:
        attempt = "try:\n    model(x, T)\nexcept errors.TraceContextError:\n    pass\n"
        yield Expression(
            bounds="T = 2",
            values=_W + _X,
            setup=f"from flax import errors\n{_recurrence(assignment)}{_WATCHED}{attempt}",
            call=_UNCHANGED,
            expected="(True, True, W)",
        )


def advances(_: LoopSubject) -> Iterator[Expression]:
    """Bodies that advance a counter of the module, or its stream of random keys."""
    counter = "self.count = nnx.Variable(xp.int32(0))"
    counted = (
        "def body(i, state):\n    self.count[...] = self.count[...] + 1\n    return state + 1\n"
    )
    stream = "self.rngs = nnx.Rngs(noise=0)"
    noisy = (
        "def body(i, state):\n"
        "    return state + jax.random.uniform(self.rngs.noise(), state.shape)\n"
    )
    for state, body in ((counter, counted), (stream, noisy)):
        yield Expression(
            bounds="T = 2",
            values=_X,
            setup=_stateful(state, f"{body}\nreturn fori_loop(0, T, body, x)"),
            call="Stateful()(x, T)",
        )


def _stateful(state: str, call: str) -> str:
    return f"""\
from flax import nnx

class Stateful(nnx.Module):
    def __init__(self):
        {state}

    def __call__(self, x, T):
{indent(call, "        ")}

"""


def closures(_: LoopSubject) -> Iterator[Expression]:
    """Bodies that close over the Variable, over the module, or are a method of it."""
    method = """\
    def step(self, i, state):
        return state @ self.W[...] + 1

"""
    for module, x in (
        (_recurrence(_VARIABLE), "x"),
        (_recurrence(_ITSELF), "x"),
        (_recurrence("return fori_loop(0, T, self.step, x)").rstrip() + f"\n\n{method}", "1"),
    ):
        yield Expression(
            bounds="T = 3",
            values=_W + _X,
            setup=f"{module}model = Recurrence(W)",
            call="model(x, T)",
            expected=f"fori_loop(0, T, lambda i, state: state @ W + {x}, x)",
        )


def functional(_: LoopSubject) -> Iterator[Expression]:
    """A module taken apart and put together again: around the loop, and inside its body."""
    around = f"{_recurrence()}graphdef, state = nnx.split(Recurrence(W))"
    merged = "nnx.merge(graphdef, {state})(x, T)"
    other = "jax.tree.map(lambda leaf: leaf - 1, state)"
    yield Expression(
        bounds="T = 3",
        values=_W + _X,
        setup=around,
        call=f"[{merged.format(state='state')}, {merged.format(state=other)}]",
        expected=f"[{_FROM_X}, {_RUN.format(W='W - 1')}]",
    )
    inside = (
        "graphdef, params = nnx.split(self)\n"
        "body = lambda i, state: state @ nnx.merge(graphdef, params).W[...] + x\n"
        "return fori_loop(0, T, body, x)"
    )
    yield Expression(
        bounds="T = 3",
        values=_W + _X,
        setup=_recurrence(inside),
        call="Recurrence(W)(x, T)",
        expected=_FROM_X,
    )


def compiled(_: LoopSubject) -> Iterator[Expression]:
    """A method under ``nnx.jit``, called with several T, and how often it was traced."""
    for form in (_PLUCKED, _ITSELF):
        module = _recurrence(f"traces.append(1)\n{form}", decorator="nnx.jit")
        yield Expression(
            values=_W + _X,
            setup=f"traces = []\n{module}model = Recurrence(W)",
            call="([model(x, T) for T in (3, 0, -2, 6, 1)], xp.int32(len(traces)))",
            expected=f"([{_FROM_X} for T in (3, 0, -2, 6, 1)], xp.int32(1))",
        )


def differentiated(loop: LoopSubject) -> Iterator[Expression]:
    """The value and the gradient of v · state after T trips, with respect to the Params.

    state is x (1 + W + … + Wᵀ), so that trip t adds the outer product of the state before it and
    of v carried back through the T − 1 − t trips after it. Only the first outside a compiled call.
    """
    state = _FROM_X.replace("T", "t", 1)
    back = "xp.linalg.matrix_power(W, T - 1 - t) @ v"
    gradient = f"sum((xp.outer({state}, {back}) for t in range(T)), xp.zeros((2, 2), xp.float32))"
    cases = ((_PLUCKED, 4), (_PLUCKED, 0), (_ITSELF, 3))
    for form, trips in cases[:1] if loop.way == STATIC else cases:
        yield Expression(
            bounds=f"T = {trips}",
            values=f"{_W}{_X}v = xp.array([1, 3], xp.float32)",
            setup=f"{_recurrence(form)}loss = nnx.value_and_grad(lambda model: model(x, T) @ v)",
            call="jax.tree.leaves(loss(Recurrence(W)))",
            expected=f"[{_FROM_X} @ v, {gradient}]",
        )


def composed(_: LoopSubject) -> Iterator[Expression]:
    """Two modules in one loop, tied or not; two loops of one module; two modules of one class."""
    layers = (
        "first, second = self.first, self.second\n"
        "return fori_loop(0, T, lambda i, state: second(first(state)) + x, x)"
    )
    model = f"{_pair(layers)}model = Two(W, U)\n"
    for setup, call, expected in (
        (model, "model(x, T)", _RUN.format(W="W @ U")),
        (f"{model}{_TIE}", "model(x, T)", _RUN.format(W="W @ W")),
        (
            f"{_recurrence()}model, other = Recurrence(W), Recurrence(U)",
            "[model(x, T), other(x, T), model(model(x, T), T)]",
            f"[{_FROM_X}, {_RUN.format(W='U')}, {_again(_FROM_X)}]",
        ),
    ):
        yield Expression(
            bounds="T = 2", values=_W + _U + _X, setup=setup, call=call, expected=expected
        )


_TIE = "model.second.W = model.first.W"


def _again(once: str) -> str:
    """The loop run from its own result, which is its x too."""
    return f"(lambda x: {once})({once})"


def static_and_traced(_: LoopSubject) -> Iterator[Expression]:
    """A pair of lists: what each T gives where it is static, and where it is traced."""
    trips = "range(-1, 6)"
    yield Expression(
        values=_W + _X,
        setup=(f"{_recurrence()}model = Recurrence(W)\ntraced = jax.jit(lambda T: model(x, T))"),
        call=f"([model(x, T) for T in {trips}], [traced(T) for T in {trips}])",
    )


def with_warnings_as_errors(_: LoopSubject) -> Iterator[Expression]:
    """Calls in which every warning is an error."""
    for form in (_PLUCKED, _ITSELF):
        yield Expression(
            bounds="T = 3",
            values=_W + _X,
            setup=f"""\
import warnings
{_recurrence(form)}model = Recurrence(W)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    state = model(x, T)
""",
            call="state",
            expected=_FROM_X,
        )


def trained(_: LoopSubject) -> Iterator[Expression]:
    """Steps of gradient descent on the Params of a nested module, carried as a nested dict."""
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
    # By hand, the slope of b is half the error, and that of W the outer product of x and it.
    error = "(x @ c['layer']['W'] + c['b'] - y) / 2"
    step = f"{{'layer': {{'W': c['layer']['W'] - xp.outer(x, {error})}}, 'b': c['b'] - {error}}}"
    yield Expression(
        bounds="T = 3",
        values=f"{_W}{_X}b = xp.array([1, -1], xp.float32)\ny = xp.array([3, 0], xp.float32)",
        setup=setup,
        call="fori_loop(0, T, step, params)",
        expected=f"fori_loop(0, T, lambda i, c: {step}, {{'layer': {{'W': W}}, 'b': b}})",
    )


def tied(_: LoopSubject) -> Iterator[Expression]:
    """A pair: the gradient of a Param shared by two layers, and the sum over two equal Params."""
    plucked = (
        "W, U = self.first.W[...], self.second.W[...]\n"
        "return fori_loop(0, T, lambda i, state: state @ W @ U + x, x)"
    )
    yield Expression(
        bounds="T = 2",
        values=f"{_W}{_X}v = xp.array([1, 3], xp.float32)",
        setup=(
            f"{_pair(plucked)}model, apart = Two(W, W), Two(W, W)\n{_TIE}\n"
            "slopes = nnx.grad(lambda model: model(x, T) @ v)"
        ),
        call="(jax.tree.leaves(slopes(model)), [sum(jax.tree.leaves(slopes(apart)))])",
    )


def updated(_: LoopSubject) -> Iterator[Expression]:
    """A call, another value for the Param, and the call again: under ``nnx.jit`` too."""
    directly, compiled = (
        "run = lambda model: model(x, T)",
        "run = nnx.jit(lambda model: model(x, T))",
    )
    for form, run in ((_PLUCKED, directly), (_ITSELF, directly), (_PLUCKED, compiled)):
        yield Expression(
            bounds="T = 3",
            values=_W + _U + _X,
            setup=(
                f"{_recurrence(form)}{run}\nmodel = Recurrence(W)\n"
                "before = run(model)\nmodel.W[...] = U"
            ),
            call="[before, run(model)]",
            expected=f"[{_FROM_X}, {_RUN.format(W='U')}]",
        )
