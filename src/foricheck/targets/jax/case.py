"""A case put to a target over JAX arrays: what came back, for each call that it makes."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foricheck.cases.containers import Checked, Tagged, build
from foricheck.cases.loop_case import LoopCase
from foricheck.comparison.outcomes import KeyWords, Outcome
from foricheck.oracle.cases.bodies import Event
from foricheck.oracle.cases.inputs import bound_array, closure_array, leaf_array, mapping
from foricheck.programs.typed.callables import Calls, callable_of
from foricheck.programs.typed.leaves import key_of
from foricheck.programs.typed.lowering import Given
from foricheck.strategies.cases.histories import Call, calls
from foricheck.targets.jax.around import around
from foricheck.targets.jax.config import has_x64
from foricheck.targets.jax.contexts import CONTEXTS

__all__ = ["Bodies", "Program", "outcomes"]

Inputs = dict[str, Any]
Loop = Callable[..., Any]


class _Raised(Exception):
    """What the body of an earlier call raises."""


def outcomes(case: LoopCase, loop: Loop) -> list[Outcome]:
    """What the calls of a case give, but for those that raise on purpose.

    Raises:
        Exception: whatever the target raises.
    """
    with CONTEXTS[case.context]():
        return _outcomes(case, loop)


def _outcomes(case: LoopCase, loop: Loop) -> list[Outcome]:
    programs: dict[LoopCase, Program] = {}
    made, bodies = calls(case), Bodies()
    for call in made:
        shared = Bodies() if case.history == "two threads" else bodies
        programs.setdefault(call.case, Program(call.case, loop, shared))
    if case.history in ("thread", "two threads"):
        jobs = [partial(programs[call.case].call, call.trips, call.salt) for call in made]
        return _in_threads(jobs, at_once=case.history == "two threads")
    return [outcome for call in made if (outcome := _called(call, programs[call.case], loop))]


def _called(call: Call, program: Program, loop: Loop) -> Outcome | None:
    if not call.raises:
        return program.call(call.trips, call.salt)

    def body(i: Any, carry: Any) -> Any:
        raise _Raised

    with contextlib.suppress(_Raised):
        loop(0, 3, body, jnp.zeros(3))
    return None


def _in_threads(jobs: Sequence[Callable[[], Outcome]], *, at_once: bool) -> list[Outcome]:
    """The outcomes of calls in another thread, or in one each."""
    with ThreadPoolExecutor(max_workers=len(jobs) if at_once else 1) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]


class Bodies:
    """The bodies of the calls of a case: an equal body is the same object.

    Attributes:
        calls: what the bodies note.

    Args:
        most_traces: how often Python may call them.
    """

    def __init__(self, most_traces: float = math.inf) -> None:
        self.calls = Calls(most_traces)
        self._made: dict[Any, Callable[..., Any]] = {}

    def of(self, given: Given, m: int) -> Callable[..., Any]:
        """The body with a constant; a new one where it closes over what may not outlive a call."""
        if isinstance(given.closure, jax.core.Tracer) or given.body.reads_initial:
            return callable_of(given, m, self.calls)
        key = given.body, m, np.asarray(given.closure).tobytes()
        return self._made.setdefault(key, callable_of(given, m, self.calls))


class Program:
    """A case as a function of its inputs, made once and called as often as one likes.

    Args:
        case: the case.
        loop: the target.
        bodies: where its bodies are kept.
    """

    def __init__(self, case: LoopCase, loop: Loop, bodies: Bodies) -> None:
        register()
        self._case, self._loop, self._bodies = case, loop, bodies
        self._calls, self._carry = bodies.calls, None
        make: Callable[[int], Callable[[Inputs], Any]] = self._innermost
        for each in reversed(case.around):
            make = around(each, make)
        self.function = make(case.body.constant)
        self._static: dict[str, Any] = {}

    def call(self, trips: int, salt: int = 0) -> Outcome:
        """Call it with one of its trip counts; another salt gives other values."""
        self._calls.reset()
        inputs = self.inputs(trips, salt)
        before, held = _fingerprints(inputs), jax.tree.leaves(inputs["carry"])
        with _printing(self._case) as printed:
            output = jax.block_until_ready(self.function(inputs))
            jax.effects_barrier()
        events = self._calls.events + _printed(printed.getvalue())
        changed = _difference(before, held, inputs)
        output = jax.tree.map(_plain, output)
        if self._is_written_to:
            output = jax.tree.map(np.array, output)  # which no later write changes
        return Outcome(output, events, self._calls.traces, changed)

    def _innermost(self, m: int) -> Callable[[Inputs], Any]:
        return lambda inputs: {"carry": self._looped(m, inputs)}

    def _looped(self, m: int, inputs: Inputs) -> Any:
        case, carry = self._case, inputs["carry"]
        given = Given(case.body, self._loop, inputs["closure"], jax.tree.leaves(carry))
        body = self._bodies.of(given, m)
        lower, upper = (inputs.get(name, self._static.get(name)) for name in ("lower", "upper"))
        keywords = {} if case.unroll == "absent" else {"unroll": case.unroll}
        if case.style == "keywords":
            return self._loop(init_val=carry, body_fun=body, upper=upper, lower=lower, **keywords)
        return self._loop(lower, upper, body, carry, **keywords)

    @property
    def _is_written_to(self) -> bool:
        return self._case.history == "written to"

    def _next_carry(self, salt: int) -> Any:
        """The carry of a call; or that of the call before, with other values in its arrays."""
        new = _carry(self._case, salt)
        if not self._is_written_to or self._carry is None:
            self._carry = new
            return new
        arrays = jax.tree.leaves(self._carry)
        if not all(isinstance(array, np.ndarray) for array in arrays):
            return new  # no array of JAX is written to
        for array, leaf in zip(arrays, jax.tree.leaves(new), strict=True):
            array[...] = leaf
        return self._carry

    def inputs(self, trips: int, salt: int = 0) -> Inputs:
        """What the function is given for one of its trip counts; static bounds are kept."""
        case = self._case
        inputs: Inputs = {
            "carry": self._next_carry(salt),
            "closure": _on_device(closure_array(case, salt), case.body.closure),
        }
        if lanes := mapping(case, "spare"):
            inputs["spare"] = np.zeros([len(each.lanes) for each in lanes], np.float32)
        for name in ("lower", "upper"):
            value = bound_array(case, name, trips)
            if name in case.bounds.traced:
                inputs[name] = int(value) if case.bounds.given == "traced python" else value
            else:
                self._static[name] = _static_bound(case, name, int(value))
        return inputs


def _printing(case: LoopCase) -> contextlib.AbstractContextManager[io.StringIO]:
    """What is printed, where the body prints; other threads print elsewhere."""
    prints = any(effect.kind == "print" for effect in case.body.effects)
    text = io.StringIO()
    return contextlib.redirect_stdout(text) if prints else contextlib.nullcontext(text)


def _plain(leaf: Any) -> Any:
    if isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
        return KeyWords(np.asarray(jax.random.key_data(leaf)))
    if isinstance(leaf, np.ndarray | np.generic) and leaf.dtype.name in _WIDE.values():
        # The target forwarded it; CARRY-14 judges its type.
        return np.asarray(leaf).astype(jax.dtypes.canonicalize_dtype(leaf.dtype))
    return leaf


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


_WIDE = {"int32": "int64", "uint32": "uint64", "float32": "float64", "complex64": "complex128"}
"""What NumPy computes in by default, of which JAX makes 32 bits."""


def _as_given(given: str, dtype: str, values: Any) -> Any:
    if dtype == "key":
        return key_of(jnp.asarray(values))
    if dtype != values.dtype.name:
        return _on_device(values, dtype)
    match given:
        case "python" if not values.ndim and not has_x64():  # which makes it 64 bits wide
            return values.item()
        case "array":
            return jnp.asarray(values)
        case "wide" if values.dtype.name in _WIDE and not has_x64():
            return values.astype(_WIDE[values.dtype.name])[()]
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


def _on_device(values: Any, dtype: str) -> jax.Array:
    """An array of JAX, of a dtype that NumPy may lack; converted without a program of its own."""
    return jnp.asarray(values.astype(jnp.dtype(dtype)))


def _fingerprints(inputs: Inputs) -> list[tuple[Any, Any]]:
    leaves = jax.tree.leaves(inputs["carry"])
    return [(leaf, _fingerprint(leaf)) for leaf in leaves if isinstance(leaf, np.ndarray)]


def _fingerprint(leaf: Any) -> Any:
    return leaf.tobytes(), leaf.flags.writeable


def _difference(before: list[tuple[Any, Any]], held: list[Any], inputs: Inputs) -> str:
    now = jax.tree.leaves(inputs["carry"])
    if len(now) != len(held) or any(a is not b for a, b in zip(held, now, strict=True)):
        return "the caller's container holds other leaves"
    if any(_fingerprint(leaf) != was for leaf, was in before):
        return "an array of the caller is changed"
    leaves = [leaf for leaf in now if isinstance(leaf, jax.Array)]
    return "an array of the caller is deleted" if any(leaf.is_deleted() for leaf in leaves) else ""


def _printed(text: str) -> list[Event]:
    lines = [line.split()[1:] for line in text.splitlines() if line.startswith("event ")]
    return [(int(first), *(float(word) for word in rest)) for first, *rest in lines]


@lru_cache(maxsize=1)
def register() -> None:
    """Make JAX know the nodes of our own."""
    jax.tree_util.register_pytree_with_keys(
        Tagged,
        lambda node: (((_key("u"), node.u), (_key("v"), node.v)), node.tag),
        lambda tag, leaves: Tagged(*leaves, tag=tag),  # type: ignore[misc]  # two leaves
    )
    jax.tree_util.register_pytree_node(
        Checked, lambda node: ((node.leaf,), None), lambda _, leaves: Checked(*tuple(leaves))
    )


def _key(name: str) -> jax.tree_util.GetAttrKey:
    return jax.tree_util.GetAttrKey(name)
