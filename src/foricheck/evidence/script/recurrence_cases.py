"""A case of a recurrence as lines to paste: its arguments, what is around, what came before."""

from __future__ import annotations

from collections.abc import Sequence

from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.history import before, beside, writes_to_x
from foricheck.cases.rec.lanes import direction, lanes_of, shape_of
from foricheck.cases.rec.layouts import LAYOUTS, OTHER_DTYPES
from foricheck.cases.rec.numbers import written
from foricheck.evidence.script.values import vector

__all__ = ["describe", "lines"]

_PASSING = {
    "T by keyword": "{seed}, x, {hidden}, T={T}",
    "by keyword": "seed={seed}, x=x, hidden={hidden}, T={T}",
    "by keyword in reverse": "T={T}, hidden={hidden}, x=x, seed={seed}",
}
_LAYERS = {
    "jit": "jax.jit({})",
    "vmap": "jax.vmap({})",
    "vmap of columns": "jax.vmap({}, in_axes=-1)",
    "map": "(lambda *lanes: jax.lax.map(lambda lane: ({})(*lane), lanes))",
    "checkpoint": "jax.checkpoint({})",
}
_RAISING = """\
try:
    fori_loop_recurrence({seed}, np.ones({more}, np.{dtype}), {hidden}, {T})
except Exception as error:
    print(type(error).__name__)"""
_THREADS = """\
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(2) as threads:
    calls = [threads.submit(lambda seed=seed: {call}) for seed in ({seeds})]
for call in calls:
    print(call.result())"""


def lines(case: RecurrenceCase) -> list[str]:
    """The lines that make the calls and print what comes back, a block a call."""
    if case.history == "in two threads":
        return [_threads(case)]
    earlier = [_printed(each) for each in before(case)]
    if case.history == "after a call that raised":
        earlier.append(_raising(case))
    if writes_to_x(case):
        return [*earlier, f"x[:] = {vector(case.x)}\nprint({_called(case)})"]
    return [*earlier, _printed(case)]


def describe(case: RecurrenceCase) -> str:
    """A case in words: its arguments, and what is not neutral about it."""
    numbers = {
        name: written(getattr(case, name), getattr(case, f"{name}_as"))
        for name in ("seed", "hidden", "T")
    }
    arguments = ", ".join(f"{name} = {number}" for name, number in numbers.items())
    x = f"x = {vector(case.x)}" if case.width <= 8 else f"x = {case.values}"
    unusual = [
        case.x_as if case.x_as not in ("jax", "numpy") else "",
        case.passing if case.passing != "by position" else "",
        case.around if case.around != "nothing" else "",
        f"{case.derivative} derivative" if case.derivative != "none" else "",
        case.history if case.history != "alone" else "",
    ]
    return ", ".join([arguments, x, *filter(None, unusual)])


def _printed(case: RecurrenceCase) -> str:
    made = [*_arguments(case), f"print({_called(case)})"]
    return "\n".join(made if case.stack.arguments else [*made, "print(x)"])


def _arguments(case: RecurrenceCase) -> list[str]:
    """Assignments of what is around the call is given, and of x."""
    mapped = case.stack.arguments
    lanes, shape = lanes_of(case), shape_of(case)
    wide = case.dtype == "float64"  # x64 is on, and numbers have 64 bits
    made = []
    if "x" in mapped and shape:
        rows = ", ".join(vector(lane.x) for lane in lanes)
        columns = ".T" if case.stack.lanes_last else ""
        made += [f"x = np.stack([{rows}]).reshape({(*shape, case.width)}){columns}"]
    else:
        made += [f"x = {vector(case.x)}", (LAYOUTS | OTHER_DTYPES)[case.x_as]]
    if "seed" in mapped:
        seeds = [lane.seed if wide else lane.seed % 2**32 for lane in lanes]
        made += [f"seed = {_array(seeds, shape, 'int64' if wide else 'uint32')}"]
    if "T" in mapped:
        made += [f"T = {_array([lane.T for lane in lanes], shape, 'int64' if wide else 'int32')}"]
    return [line for line in made if line]


def _array(numbers: Sequence[int], shape: tuple[int, ...], dtype: str) -> str:
    return (
        f"np.{dtype}({numbers[0]})"
        if not shape
        else f"np.array({numbers}, np.{dtype}).reshape({shape})"
    )


def _called(case: RecurrenceCase) -> str:
    function, arguments = _differentiated(case), case.stack.arguments
    if not case.stack.layers:
        return function
    around = f"lambda {', '.join(arguments)}: {function}"
    for layer in reversed(case.stack.layers):
        around = _LAYERS[layer].format(around)
    return f"{around}({', '.join(arguments)})"


def _differentiated(case: RecurrenceCase) -> str:
    call, towards = _call(case), vector(direction(case))
    match case.derivative:
        case "forward":
            return f"jax.jvp(lambda x: {call}, (x,), ({towards},))"
        case "second":
            first = f"jax.jvp(lambda x: {call}, (x,), ({towards},))"
            return f"jax.jvp(lambda x: {first}, (x,), ({towards},))[1]"
        case "reverse":
            return f"jax.vjp(lambda x: {call}, x)[1]({towards})"
        case _:
            return call


def _call(case: RecurrenceCase) -> str:
    mapped = case.stack.arguments
    given = {
        name: name if name in mapped else written(getattr(case, name), getattr(case, f"{name}_as"))
        for name in ("seed", "hidden", "T")
    }
    passed = _PASSING.get(case.passing, "{seed}, x, {hidden}, {T}").format(**given)
    return f"fori_loop_recurrence({passed})"


def _raising(case: RecurrenceCase) -> str:
    numbers = {"seed": int(case.seed), "hidden": case.width, "T": int(case.T)}
    return _RAISING.format(more=case.width + 1, dtype=case.dtype, **numbers)


def _threads(case: RecurrenceCase) -> str:
    seeds = ", ".join(written(each.seed, each.seed_as) for each in beside(case))
    call = _call(case).replace(f"({written(case.seed, case.seed_as)},", "(seed,", 1)
    return "\n".join([*_arguments(case), _THREADS.format(call=call, seeds=seeds)])
