"""Expressions in which a loop could change the module around it: it must not, or be refused."""

from __future__ import annotations

from collections.abc import Iterator

from foricheck.cases.loop import Expression
from foricheck.strategies.limits import LoopLimits
from foricheck.strategies.module.text import (
    FROM_X,
    ITSELF,
    PLUCKED,
    RUN,
    U,
    W,
    X,
    calling,
    module,
    recurrence,
)

__all__ = ["advances", "assignments", "assignments_refused", "draws", "replacements"]
__all__ += ["trace_errors", "unchanged_modules", "updated", "updates"]

_WATCHED = "param, graphdef = model.W, nnx.graphdef(model)\n"
_UNCHANGED = "(model.W is param, nnx.graphdef(model) == graphdef, model.W[...])"
_ATTEMPT = """\
from flax import errors
try:
    model(x, T)
except errors.TraceContextError:
    pass"""


def trace_errors() -> tuple[type[Exception], ...]:
    """The error that Flax raises for a change from inside another trace."""
    from flax.errors import TraceContextError

    return (TraceContextError,)


def unchanged_modules(_: LoopLimits) -> Iterator[Expression]:
    """Whether a call leaves the module unchanged, and its weight afterwards."""
    for form in (PLUCKED, ITSELF):
        setup = recurrence(form, after=f"{_WATCHED}model(x, T)")
        yield calling(setup, "(True, True, W)", call=_UNCHANGED)


def _body(change: str, result: str = "state @ self.W[...] + x") -> str:
    """The lines of a ``__call__`` whose loop body first executes ``change``."""
    return (
        f"def body(i, state):\n    {change}\n    return {result}\nreturn fori_loop(0, T, body, x)"
    )


_ASSIGNMENT = _body("self.W[...] = self.W[...] + 1")
_REPLACEMENTS = (_body("self.W = nnx.Param(self.W[...] + 1)"), _body("self.last = state"))
_UPDATE = _body("nnx.update(self, jax.tree.map(lambda W: W + 1, nnx.state(self)))")


def assignments(_: LoopLimits) -> Iterator[Expression]:
    """A body that assigns to the Param in place, with and without trips."""
    yield from (calling(recurrence(_ASSIGNMENT), trips=trips) for trips in (2, 0))


def replacements(_: LoopLimits) -> Iterator[Expression]:
    """Bodies that replace a Param, or set a new attribute."""
    yield from (calling(recurrence(each), trips=2) for each in _REPLACEMENTS)


def updates(_: LoopLimits) -> Iterator[Expression]:
    """A body that changes the module's state by ``nnx.update``."""
    yield calling(recurrence(_UPDATE), trips=2)


def assignments_refused(_: LoopLimits) -> Iterator[Expression]:
    """Whether a refused assignment leaves the module unchanged, as in `unchanged_modules`."""
    for change in (_ASSIGNMENT, *_REPLACEMENTS, _UPDATE):
        setup = recurrence(change, after=_WATCHED + _ATTEMPT)
        yield calling(setup, "(True, True, W)", call=_UNCHANGED, trips=2)


def advances(_: LoopLimits) -> Iterator[Expression]:
    """A body that advances a counter of the module."""
    counted = _body("self.count[...] = self.count[...] + 1", "state + 1")
    yield _stateful("self.count = nnx.Variable(xp.int32(0))", counted)


def draws(_: LoopLimits) -> Iterator[Expression]:
    """A body that draws a key from the module's random stream."""
    noisy = _body("noise = self.rngs.noise()", "state + jax.random.uniform(noise, state.shape)")
    yield _stateful("self.rngs = nnx.Rngs(noise=0)", noisy)


def _stateful(state: str, call: str) -> Expression:
    text = module("Stateful", "", state, ("__call__(self, x, T)", call))
    setup = f"from flax import nnx\n{text}model = Stateful()"
    return calling(setup, trips=2, values=X)


def updated(_: LoopLimits) -> Iterator[Expression]:
    """The same call before and after the Param is assigned, also under ``nnx.jit``."""
    directly = "lambda model: model(x, T)"
    for form, run in ((PLUCKED, directly), (ITSELF, directly), (PLUCKED, f"nnx.jit({directly})")):
        after = f"run = {run}\nbefore = run(model)\nmodel.W[...] = U"
        expected = f"[{FROM_X}, {RUN.format(W='U')}]"
        setup = recurrence(form, after=after)
        yield calling(setup, expected, call="[before, run(model)]", values=W + U + X)
