"""Expressions in which a loop could change the module around it: it must not, or be refused."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.module.text import FROM_X, ITSELF, PLUCKED, RUN, U, W, X, recurrence

__all__ = [
    "advances",
    "assignments",
    "assignments_refused",
    "draws",
    "replacements",
    "trace_errors",
    "unchanged_modules",
    "updated",
    "updates",
]


_WATCHED = "model = Recurrence(W)\nparam, graphdef = model.W, nnx.graphdef(model)\n"
_UNCHANGED = "(model.W is param, nnx.graphdef(model) == graphdef, model.W[...])"


def trace_errors() -> tuple[type[Exception], ...]:
    """The error that Flax raises for a change from inside another trace."""
    from flax.errors import TraceContextError

    return (TraceContextError,)


def unchanged_modules(_: LoopLimits) -> Iterator[Expression]:
    """Whether a call leaves the module unchanged, and its weight afterwards."""
    for form in (PLUCKED, ITSELF):
        yield Expression(
            bounds="T = 3",
            values=W + X,
            setup=f"{recurrence(form)}{_WATCHED}model(x, T)",
            call=_UNCHANGED,
            expected="(True, True, W)",
        )


def _body(change: str) -> str:
    """The lines of a ``__call__`` whose loop body first executes ``change``."""
    lines = ("def body(i, state):", f"    {change}", "    return state @ self.W[...] + x", "")
    return "\n".join([*lines, "return fori_loop(0, T, body, x)"])


_ASSIGNMENT = _body("self.W[...] = self.W[...] + 1")
_REPLACEMENTS = (_body("self.W = nnx.Param(self.W[...] + 1)"), _body("self.last = state"))
_UPDATE = _body("nnx.update(self, jax.tree.map(lambda W: W + 1, nnx.state(self)))")


def assignments(_: LoopLimits) -> Iterator[Expression]:
    """A body that assigns to the Param in place, with and without trips."""
    yield _changing(_ASSIGNMENT)
    yield _changing(_ASSIGNMENT, trips=0)


def replacements(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that replace a Param, or set a new attribute."""
    yield from map(_changing, _REPLACEMENTS)


def updates(_: LoopLimits) -> Iterator[Expression]:
    """A body that changes the module's state by ``nnx.update``."""
    yield _changing(_UPDATE)


def _changing(call: str, *, trips: int = 2) -> Expression:
    """A call of a module whose body changes the module."""
    return Expression(
        bounds=f"T = {trips}",
        values=W + X,
        setup=f"{recurrence(call)}model = Recurrence(W)",
        call="model(x, T)",
    )


def assignments_refused(_: LoopLimits) -> Iterator[Expression]:
    """Whether a refused assignment leaves the module unchanged, as in `unchanged_modules`."""
    for assignment in (_ASSIGNMENT, *_REPLACEMENTS, _UPDATE):
        attempt = "try:\n    model(x, T)\nexcept errors.TraceContextError:\n    pass\n"
        yield Expression(
            bounds="T = 2",
            values=W + X,
            setup=f"from flax import errors\n{recurrence(assignment)}{_WATCHED}{attempt}",
            call=_UNCHANGED,
            expected="(True, True, W)",
        )


def advances(_: LoopLimits) -> Iterator[Expression]:
    """A body that advances a counter of the module."""
    counter = "self.count = nnx.Variable(xp.int32(0))"
    counted = (
        "def body(i, state):\n    self.count[...] = self.count[...] + 1\n    return state + 1\n"
    )
    yield _advancing(counter, counted)


def draws(_: LoopLimits) -> Iterator[Expression]:
    """A body that draws a key from the module's random stream."""
    stream = "self.rngs = nnx.Rngs(noise=0)"
    noisy = (
        "def body(i, state):\n"
        "    return state + jax.random.uniform(self.rngs.noise(), state.shape)\n"
    )
    yield _advancing(stream, noisy)


def _advancing(state: str, body: str) -> Expression:
    return Expression(
        bounds="T = 2",
        values=X,
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


def updated(_: LoopLimits) -> Iterator[Expression]:
    """The same call before and after the Param is assigned, also under ``nnx.jit``."""
    directly = "run = lambda model: model(x, T)"
    compiled = "run = nnx.jit(lambda model: model(x, T))"
    for form, run in ((PLUCKED, directly), (ITSELF, directly), (PLUCKED, compiled)):
        yield Expression(
            bounds="T = 3",
            values=W + U + X,
            setup=(
                f"{recurrence(form)}{run}\nmodel = Recurrence(W)\n"
                "before = run(model)\nmodel.W[...] = U"
            ),
            call="[before, run(model)]",
            expected=f"[{FROM_X}, {RUN.format(W='U')}]",
        )
