"""Cases carried out over JAX arrays: transformations, derivatives, calls that came before."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from foricheck.cases.batch import Array
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.history import beside
from foricheck.cases.rec.lanes import direction, lanes_of, shape_of
from foricheck.cases.rec.outcome import Outcome, Result, joined
from foricheck.comparison.refusals import Refused
from foricheck.targets.arguments import given, laid_out
from foricheck.targets.jax.calls import answer
from foricheck.targets.jax.config import has_x64
from foricheck.targets.passing import call, earlier, kept

__all__ = ["carried_out"]

Function = Callable[..., Any]
Checked = Callable[[Any, tuple[int, ...]], Array]
"""From what a target gave, and its shape, to an array of the right dtype and shape."""

_LAYERS: dict[str, Callable[[Function], Function]] = {
    "jit": jax.jit,
    "vmap": jax.vmap,
    "vmap of columns": lambda function: jax.vmap(function, in_axes=-1),
    "map": lambda function: lambda *lanes: jax.lax.map(lambda lane: function(*lane), lanes),
    "checkpoint": jax.checkpoint,
}


def carried_out(function: Function, case: RecurrenceCase, checked: Checked) -> Outcome:
    """What comes of a case.

    Args:
        function: the target.
        case: the case.
        checked: makes an array of each output, or raises.

    Raises:
        Refused: the target raised.
    """
    if case.history == "in two threads":
        return _together([_once(function, each, checked, _x(each)) for each in beside(case)])

    def once(each: RecurrenceCase, x: Any) -> Outcome:
        return _once(function, each, checked, x)()

    outcomes, x = earlier(case, _x, once)
    if case.history == "after a call that raised":
        _raising(function, case)
    return joined([*outcomes, once(replace(case, history="alone"), x)])


def _together(calls: list[Callable[[], Outcome]]) -> Outcome:
    """The outcomes of calls made at the same time."""
    with ThreadPoolExecutor(len(calls)) as threads:
        return joined([each.result() for each in [threads.submit(one) for one in calls]])


def _raising(function: Function, case: RecurrenceCase) -> None:
    """A call with an x that is one too long; whether it raises is another rule's question."""
    x = np.ones(case.width + 1, case.dtype)
    try:
        answer(lambda: function(int(case.seed), x, case.width, int(case.T)))
    except Refused:
        return


def _once(
    function: Function, case: RecurrenceCase, checked: Checked, x: Any
) -> Callable[[], Outcome]:
    def run() -> Outcome:
        x_before = np.array(x)
        outputs = answer(lambda: _around(function, case, x))
        shape = (*shape_of(case), case.width)
        arrays = [checked(output, shape).reshape(-1, case.width).copy() for output in outputs]
        lanes = zip(lanes_of(case), zip(*arrays, strict=True), strict=True)
        results = (Result(case, lane, outputs) for lane, outputs in lanes)
        return Outcome(tuple(results), x_before, kept(x))

    return run


def _around(function: Function, case: RecurrenceCase, x: Any) -> tuple[Any, ...]:
    """The outputs of a case: its function, in its layers, called with its arguments."""
    closed = {"seed": given(case.seed, case.seed_as), "x": x, "T": given(case.T, case.T_as)}
    arguments = {name: _argument(case, name, x) for name in case.stack.arguments}
    one = _differentiated(function, case)

    def bound(*values: Any) -> tuple[Any, ...]:
        outputs: tuple[Any, ...] = one(**{**closed, **dict(zip(arguments, values, strict=True))})
        return outputs

    around: Function = bound
    for layer in reversed(case.stack.layers):
        around = _LAYERS[layer](around)
    outputs: tuple[Any, ...] = around(*arguments.values())
    return outputs


def _differentiated(function: Function, case: RecurrenceCase) -> Function:
    """From seed, x and T to the state, and the derivative that the case asks for."""
    one = call(function, case, given(case.hidden, case.hidden_as))
    towards = jnp.asarray(direction(case))

    def forward(seed: Any, x: Any, T: Any) -> tuple[Any, ...]:
        return jax.jvp(lambda x: one(seed, x, T), (x,), (towards,))

    def reverse(seed: Any, x: Any, T: Any) -> tuple[Any, ...]:
        state, pull_back = jax.vjp(lambda x: one(seed, x, T), x)
        return state, *pull_back(towards)

    def second(seed: Any, x: Any, T: Any) -> tuple[Any, ...]:
        first = lambda x: jax.jvp(lambda x: one(seed, x, T), (x,), (towards,))  # noqa: E731
        (state, moved), (_, twice) = jax.jvp(first, (x,), (towards,))
        return state, moved, twice

    plain = lambda seed, x, T: (one(seed, x, T),)  # noqa: E731
    made = {"none": plain, "forward": forward, "reverse": reverse, "second": second}
    return made[case.derivative]


def _x(case: RecurrenceCase) -> Any:
    """The x that the target is given: one, or one a lane."""
    if "x" not in case.stack.arguments or not case.stack.maps:
        return laid_out(case.x, case.x_as)
    stacked = np.stack([lane.x for lane in lanes_of(case)]).reshape(*shape_of(case), case.width)
    if case.stack.lanes_last:
        stacked = stacked.T.copy()
    return jnp.asarray(stacked) if case.x_as == "jax" else stacked


def _argument(case: RecurrenceCase, name: str, x: Any) -> Any:
    """An argument of what is around; numbers as scalars of JAX's own width."""
    if name == "x":
        return x
    lanes, wide = lanes_of(case), has_x64()
    if name == "seed":
        numbers = [lane.seed if wide else lane.seed % 2**32 for lane in lanes]
        return np.array(numbers, np.int64 if wide else np.uint32).reshape(shape_of(case))
    return np.array([lane.T for lane in lanes], np.int64 if wide else np.int32).reshape(
        shape_of(case)
    )
