"""A case put to a target over JAX arrays: what came back, for each call that it makes."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foricheck.cases.containers import NODES, build
from foricheck.cases.loop_case import LoopCase
from foricheck.oracle.cases.bodies import Event
from foricheck.oracle.cases.inputs import bound_array, closure_array, leaf_array, mapping
from foricheck.programs.typed.callables import Calls, callable_of
from foricheck.programs.typed.lowering import Given
from foricheck.targets.jax.around import around

__all__ = ["Outcome", "Program"]

Inputs = dict[str, Any]
Loop = Callable[..., Any]


@dataclass(frozen=True)
class Outcome:
    """What one call gave.

    Attributes:
        output: nested dicts and lists of the leaves, a carry in its container.
        events: what the callbacks were given, in order.
        traces: how often Python called the body.
        changed: what the caller gave and finds changed, or ``""``.
    """

    output: Any
    events: list[Event] = field(default_factory=list)
    traces: int = 0
    changed: str = ""


class Program:
    """A case as a function of its inputs, made once and called as often as one likes.

    Args:
        case: the case.
        loop: the target.
    """

    def __init__(self, case: LoopCase, loop: Loop) -> None:
        register()
        self._case, self._loop, self._calls = case, loop, Calls()
        make: Callable[[int], Callable[[Inputs], Any]] = self._innermost
        for each in reversed(case.around):
            make = around(each, make)
        self._function = make(case.body.constant)
        self._static: dict[str, Any] = {}

    def call(self, trips: int, salt: int = 0) -> Outcome:
        """Call it with one of its trip counts; another salt gives other values."""
        self._calls.events.clear()
        self._calls.traces = 0
        inputs = self._inputs(trips, salt)
        before = _fingerprints(inputs)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            output = jax.block_until_ready(self._function(inputs))
            jax.effects_barrier()
        events = self._calls.events + _printed(printed.getvalue())
        return Outcome(output, events, self._calls.traces, _difference(before, inputs))

    def _innermost(self, m: int) -> Callable[[Inputs], Any]:
        return lambda inputs: {"carry": self._looped(m, inputs)}

    def _looped(self, m: int, inputs: Inputs) -> Any:
        case, carry = self._case, inputs["carry"]
        given = Given(case.body, self._loop, inputs["closure"], jax.tree.leaves(carry))
        body = callable_of(given, m, self._calls)
        lower, upper = (inputs.get(name, self._static.get(name)) for name in ("lower", "upper"))
        keywords = {} if case.unroll == "absent" else {"unroll": case.unroll}
        if case.style == "keywords":
            return self._loop(init_val=carry, body_fun=body, upper=upper, lower=lower, **keywords)
        return self._loop(lower, upper, body, carry, **keywords)

    def _inputs(self, trips: int, salt: int) -> Inputs:
        case = self._case
        inputs: Inputs = {
            "carry": _carry(case, salt),
            "closure": jnp.asarray(closure_array(case, salt)).astype(case.body.closure),
        }
        if lanes := mapping(case, "spare"):
            inputs["spare"] = jnp.zeros([len(each.lanes) for each in lanes])
        for name in ("lower", "upper"):
            value = bound_array(case, name, trips)
            if name in case.bounds.traced:
                inputs[name] = value
            else:
                self._static[name] = _static_bound(case, name, int(value))
        return inputs


def _static_bound(case: LoopCase, name: str, value: int) -> Any:
    dtype = np.dtype(case.bounds.dtype)
    match case.bounds.given:
        case "python":
            return value
        case "python lower" if name == "lower":
            return value
        case "0-d":
            return np.array(value, dtype)
        case "array":
            return jnp.asarray(value, dtype)
        case _:
            return dtype.type(value)


def _carry(case: LoopCase, salt: int) -> Any:
    made: dict[Any, Any] = {}
    leaves = []
    for place, leaf in enumerate(case.carry.leaves):
        key = leaf if case.carry.shared else place
        if key not in made:
            values = leaf_array(case, place, salt)
            given = leaf.given if not mapping(case, "carry") or leaf.given != "python" else "numpy"
            made[key] = _as_given(given, leaf.dtype, values)
        leaves.append(made[key])
    return build(case.carry.container, leaves)


def _as_given(given: str, dtype: str, values: Any) -> Any:
    if dtype == "key":
        return jax.random.wrap_key_data(jnp.asarray(values))
    if dtype != values.dtype.name:
        return jnp.asarray(values).astype(dtype)
    match given:
        case "python" if not values.ndim:
            return values.item()
        case "array":
            return jnp.asarray(values)
        case "strided" if values.ndim:
            return np.repeat(values, 2, axis=0)[::2]
        case "fortran" if values.ndim:
            return np.asfortranarray(values)
        case "read-only" if values.ndim:
            values = values.copy()
            values.flags.writeable = False
            return values
        case _:
            return values.copy() if values.ndim else values[()]


def _fingerprints(inputs: Inputs) -> list[tuple[Any, bytes]]:
    leaves = jax.tree.leaves(inputs["carry"])
    return [(leaf, leaf.tobytes()) for leaf in leaves if isinstance(leaf, np.ndarray)]


def _difference(before: list[tuple[Any, bytes]], inputs: Inputs) -> str:
    if any(leaf.tobytes() != was for leaf, was in before):
        return "an array of the caller is changed"
    leaves = [leaf for leaf in jax.tree.leaves(inputs["carry"]) if isinstance(leaf, jax.Array)]
    return "an array of the caller is deleted" if any(leaf.is_deleted() for leaf in leaves) else ""


def _printed(text: str) -> list[Event]:
    lines = [line.split()[1:] for line in text.splitlines() if line.startswith("event ")]
    return [(int(first), *(float(word) for word in rest)) for first, *rest in lines]


@lru_cache(maxsize=1)
def register() -> None:
    """Make JAX know the nodes of our own."""
    tagged, checked = NODES
    jax.tree_util.register_pytree_with_keys(
        tagged,
        lambda node: (
            ((jax.tree_util.GetAttrKey("u"), node.u), (jax.tree_util.GetAttrKey("v"), node.v)),
            node.tag,
        ),
        lambda tag, leaves: tagged(*leaves, tag),
    )
    jax.tree_util.register_pytree_node(
        checked, lambda node: ((node.leaf,), None), lambda _, leaves: checked(leaves[0])
    )
