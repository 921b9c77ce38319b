"""Bodies as callables over JAX arrays: the iteration, its callbacks, and its form."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import io_callback

from foricheck.cases.loop_case import Effect, Step
from foricheck.oracle.cases.bodies import Event
from foricheck.programs.typed.leaves import as_array
from foricheck.programs.typed.lowering import Given, changed, drawn, mixed
from foricheck.programs.typed.written_out import counted

__all__ = ["Calls", "callable_of"]

Core = Callable[[int, Any, Any], Any]


class Calls:
    """What the calls of a body leave behind.

    Attributes:
        events: what its callbacks were given, in order.
        traces: how often it was called by Python.

    Args:
        most: how often it may be called; a loop unrolled in Python would take too long.
    """

    def __init__(self, most: float = math.inf) -> None:
        self.events: list[Event] = []
        self.traces = 0
        self._most = most

    def count(self) -> None:
        """Note one more call by Python.

        Raises:
            RuntimeError: it is one too many.
        """
        self.traces += 1
        if self.traces > self._most:
            raise RuntimeError("the body is traced again and again")

    def reset(self) -> None:
        """Forget what there is."""
        self.events, self.traces = [], 0


def callable_of(given: Given, m: int, calls: Calls) -> Callable[..., Any]:
    """The body as its case wants it made.

    Args:
        given: what it sees.
        m: its constant.
        calls: where its calls are noted.
    """
    if [step.op for step in given.body.steps] == ["counted"]:
        return counted(given.body.form, m)
    core = functools.partial(_iterate, given, calls)
    return _form(given.body.form, core, m)


def _iterate(given: Given, calls: Calls, m: int, i: Any, carry: Any) -> Any:
    calls.count()
    body = given.body
    leaves, structure = jax.tree.flatten(carry)
    new = list(leaves)
    for step in body.steps:
        for place in range(len(new)) if step.leaf < 0 else [step.leaf]:
            new[place] = _stepped(step, given, m, i, new, place)
    for n, effect in enumerate(body.effects):
        _called_back(n, effect, calls, i, new)
    moved = [new[source] if source >= 0 else leaves[-1 - source] for source in body.moves] or new
    return jax.tree.unflatten(structure, moved)


def _stepped(step: Step, given: Given, m: int, i: Any, new: list[Any], place: int) -> Any:
    if step.op == "mix":
        return mixed(new[place], new[step.number])
    if step.op == "draw":
        return drawn(new[place], new[step.number])
    return changed(step, given, m, i, new[place], place)


def _called_back(n: int, effect: Effect, calls: Calls, i: Any, new: list[Any]) -> None:
    def note(*operands: Any) -> None:
        calls.events.append((n, *(np.asarray(operand).item() for operand in operands)))

    operands = {"none": (), "index": (i,)}.get(effect.operands, (i, _shown(new)))
    match effect.kind:
        case "ordered" | "unordered":
            io_callback(note, None, *operands, ordered=effect.kind == "ordered")
        case "debug" | "debug ordered":
            jax.debug.callback(note, *operands, ordered=effect.kind == "debug ordered")
        case _:
            line = " ".join(["event", str(n), *("{}" for _ in operands)])
            jax.debug.print(line, *operands, ordered=True)


def _shown(new: list[Any]) -> Any:
    leaf = as_array(new[0]) if new else jnp.float32(0)
    if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        leaf = jax.random.key_data(leaf)
    return jnp.real(leaf.reshape(-1)[0]).astype(jnp.float32) if leaf.size else jnp.float32(0)


class _Holder:
    """An object whose method, or which itself, is a body."""

    def __init__(self, core: Core, m: int) -> None:
        self.core, self.m = core, m

    def step(self, i: Any, carry: Any) -> Any:
        """The body as a method."""
        return self.core(self.m, i, carry)

    def __call__(self, i: Any, carry: Any) -> Any:
        return self.core(self.m, i, carry)


def _form(form: str, core: Core, m: int) -> Callable[..., Any]:
    match form:
        case "default":
            return _with_default(core, m)
        case "keyword default":
            return _with_keyword_default(core, m)
        case "partial":
            return functools.partial(core, m)
        case "partial keyword":
            return functools.partial(_keyword, core=core, m=m)
        case "method":
            return _Holder(core, m).step
        case "object":
            return _Holder(core, m)
        case "arguments":
            return lambda *arguments: core(m, *arguments)
        case "jit":
            return jax.jit(lambda i, carry: core(m, i, carry))
        case "checkpoint":
            return jax.checkpoint(lambda i, carry: core(m, i, carry))
        case "wraps":
            return _wrapping(core, m)
        case "class method":
            return _class_method(core, m)
        case _:
            return lambda i, carry: core(m, i, carry)


def _with_default(core: Core, m: int) -> Callable[..., Any]:
    def body(i: Any, carry: Any, m: int = m, core: Core = core) -> Any:
        return core(m, i, carry)

    return body


def _with_keyword_default(core: Core, m: int) -> Callable[..., Any]:
    def body(i: Any, carry: Any, *, m: int = m, core: Core = core) -> Any:
        return core(m, i, carry)

    return body


def _keyword(i: Any, carry: Any, *, core: Core, m: int) -> Any:
    return core(m, i, carry)


def _original(i: Any, carry: Any) -> Any:
    return carry


def _wrapping(core: Core, m: int) -> Callable[..., Any]:
    @functools.wraps(_original)
    def body(i: Any, carry: Any) -> Any:
        return core(m, i, carry)

    return body


def _class_method(core: Core, m: int) -> Callable[..., Any]:
    class Bodies:
        @classmethod
        def step(cls, i: Any, carry: Any) -> Any:
            return core(m, i, carry)

    return Bodies.step
