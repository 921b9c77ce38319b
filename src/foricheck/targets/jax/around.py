"""What is around a loop, made of JAX's transformations: functions of named inputs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import export

from foricheck.cases.loop_case import Around
from foricheck.oracle.cases.derivatives import pattern
from foricheck.programs.typed.leaves import key_of

__all__ = ["TRANSFORMATIONS", "around"]

Inputs = Mapping[str, Any]
Function = Callable[[Any], Any]
Make = Callable[[int], Function]


def around(each: Around, make: Make) -> Make:
    """A function of a constant and inputs, with one thing more around it."""
    match each.name:
        case "together":
            return lambda m: (
                lambda inputs: {"first": make(m)(inputs), "second": make(m + 1)(inputs)}
            )
        case "chained":
            return lambda m: lambda inputs: make(m + 1)({**inputs, **make(m)(inputs)})
        case _:
            return lambda m: TRANSFORMATIONS[each.name](each, make(m))


def _jitted(each: Around, function: Function) -> Function:
    """With all inputs as arguments, or those that it names: the others are constants."""
    if not each.over:
        return jax.jit(function)

    def jitted(inputs: Inputs) -> Any:
        rest, named = _split(inputs, each.over)
        return jax.jit(lambda named: function({**rest, **named}))(named)

    return jitted


def _mapped(each: Around, function: Function, **keywords: Any) -> Function:
    def mapped(inputs: Inputs) -> Any:
        axes = {name: 0 if name in each.over else None for name in inputs}
        return jax.vmap(function, in_axes=(axes,), **keywords)(inputs)

    return mapped


def _scanned(each: Around, function: Function) -> Function:
    def scanned(inputs: Inputs) -> Any:
        rest, lanes = _split(inputs, each.over)
        return jax.lax.scan(lambda _, lane: (None, function({**rest, **lane})), None, lanes)[1]

    return scanned


def _lax_mapped(each: Around, function: Function) -> Function:
    def mapped(inputs: Inputs) -> Any:
        rest, lanes = _split(inputs, each.over)
        return jax.lax.map(lambda lane: function({**rest, **lane}), lanes)

    return mapped


def _split(inputs: Inputs, over: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    rest = {name: part for name, part in inputs.items() if name not in over}
    return rest, {name: part for name, part in inputs.items() if name in over}


def _is_float(leaf: Any) -> bool:
    return bool(
        jnp.issubdtype(
            jax.dtypes.result_type(leaf) if not hasattr(leaf, "dtype") else leaf.dtype, jnp.inexact
        )
    )


def _of_floats(
    each: Around, function: Function, inputs: Inputs
) -> tuple[Function, dict[str, list[Any]]]:
    """A function of the leaves that are floats, and those leaves, by name of the input."""
    flat = {name: jax.tree.flatten(inputs[name]) for name in each.over}
    places = {
        n: [p for p, leaf in enumerate(leaves) if _is_float(leaf)]
        for n, (leaves, _) in flat.items()
    }

    def of_floats(floats: dict[str, list[Any]]) -> Any:
        joined = dict(inputs)
        for name, (leaves, structure) in flat.items():
            new = list(leaves)
            for place, leaf in zip(places[name], floats[name], strict=True):
                new[place] = leaf
            joined[name] = jax.tree.unflatten(structure, new)
        return function(joined)

    chosen = {n: [jnp.asarray(flat[n][0][p]) for p in places[n]] for n in flat}
    return of_floats, chosen


def _pushed(each: Around, function: Function) -> Function:
    def pushed(inputs: Inputs) -> Any:
        of_floats, floats = _of_floats(each, function, inputs)
        tangents = _patterns(floats, each)
        value, tangent = jax.jvp(of_floats, (floats,), (tangents,))
        return {"value": value, "tangent": _float_leaves(tangent, value)}

    return pushed


def _linearized(each: Around, function: Function) -> Function:
    def linearized(inputs: Inputs) -> Any:
        of_floats, floats = _of_floats(each, function, inputs)
        value, linear = jax.linearize(of_floats, floats)
        return {
            "value": value,
            "tangent": _float_leaves(linear(_patterns(floats, each)), value),
        }

    return linearized


def _pulled(each: Around, function: Function) -> Function:
    def pulled(inputs: Inputs) -> Any:
        of_floats, floats = _of_floats(each, function, inputs)
        value, pull = jax.vjp(of_floats, floats)
        return {
            "value": value,
            "cotangent": pull(jax.tree.map(partial(_cotangent_of, largest=each.largest), value))[0],
        }

    return pulled


def _patterns(floats: dict[str, list[Any]], each: Around) -> Any:
    return jax.tree.map(partial(_pattern_of, largest=each.largest), floats)


def _pattern_of(leaf: Any, largest: float) -> Any:
    return pattern(jnp.shape(leaf), jnp.dtype(leaf.dtype).name, largest).astype(leaf.dtype)


def _cotangent_of(leaf: Any, largest: float) -> Any:
    if _is_float(leaf):
        return _pattern_of(leaf, largest)
    return np.zeros(jnp.shape(leaf), jax.dtypes.float0)


def _float_leaves(tangent: Any, value: Any) -> list[Any]:
    pairs = zip(jax.tree.leaves(tangent), jax.tree.leaves(value), strict=True)
    return [one for one, leaf in pairs if _is_float(leaf)]


def _in_cond(_: Around, function: Function) -> Function:
    def branched(inputs: Inputs) -> Any:
        return jax.lax.cond(np.True_, lambda: function(inputs), _zeros(function, inputs))

    return branched


def _in_switch(_: Around, function: Function) -> Function:
    def branched(inputs: Inputs) -> Any:
        zeros = _zeros(function, inputs)
        return jax.lax.switch(np.int32(1), [zeros, lambda: function(inputs), zeros])

    return branched


def _in_while(_: Around, function: Function) -> Function:
    """In one iteration of a while_loop, whose state is the carry."""

    def once(inputs: Inputs) -> Any:
        step = lambda state: (~state[0], function({**inputs, **state[1]}))  # noqa: E731
        start = (np.True_, {"carry": inputs["carry"]})
        return jax.lax.while_loop(lambda state: state[0], step, start)[1]

    return once


def _of_last_axis(each: Around, function: Function) -> Function:
    """A vmap over the last axis of each leaf, to which the lanes are moved and back."""

    def mapped(inputs: Inputs) -> Any:
        moved = {
            name: jax.tree.map(lambda leaf: jnp.moveaxis(leaf, 0, -1), part)
            if name in each.over
            else part
            for name, part in inputs.items()
        }
        axes = {name: -1 if name in each.over else None for name in inputs}
        output = jax.vmap(function, in_axes=(axes,), out_axes=-1)(moved)
        return jax.tree.map(lambda leaf: jnp.moveaxis(leaf, -1, 0), output)

    return mapped


def _zeros(function: Function, inputs: Inputs) -> Callable[[], Any]:
    """A branch that is not taken: zeros of the shapes that the function gives."""
    shapes = jax.eval_shape(function, inputs)
    return lambda: jax.tree.map(_zeros_of, shapes)


def _zeros_of(shape: Any) -> Any:
    if jnp.issubdtype(shape.dtype, jax.dtypes.prng_key):
        return key_of(jnp.zeros((*shape.shape, 2), jnp.uint32))
    return jnp.zeros(shape.shape, shape.dtype)


def _compiled_ahead(_: Around, function: Function) -> Function:
    return lambda inputs: jax.jit(function).lower(inputs).compile()(inputs)


def _abstract(each: Around, function: Function) -> Function:
    """Zeros of the shapes that are found without running: twice, by either function of JAX."""

    def abstract(inputs: Inputs) -> Any:
        rest, named = _split(inputs, each.over)
        of_named = lambda named: function({**rest, **named})  # noqa: E731
        traced = jax.make_jaxpr(of_named, return_shape=True)(named)[1]
        shapes = (jax.eval_shape(of_named, named), traced)
        return dict(zip(("first", "second"), jax.tree.map(_zeros_of, shapes), strict=True))

    return abstract


def _exported(_: Around, function: Function, *, any_size: bool = False) -> Function:
    """The function exported at its first call: for its shapes, or leaves of any first axis."""
    programs: list[Any] = []

    def exported(inputs: Inputs) -> Any:
        if not programs:
            specs = {**inputs, "carry": jax.tree.map(_of_any_size, inputs["carry"])}
            programs.append(export.export(jax.jit(function))(specs if any_size else inputs))
        return programs[0].call(inputs)

    return exported


def _of_any_size(leaf: Any) -> Any:
    size = export.symbolic_shape("n")[0] if leaf.ndim else None
    return jax.ShapeDtypeStruct((size, *leaf.shape[1:]) if leaf.ndim else (), leaf.dtype)


def _donated(_: Around, function: Function) -> Function:
    def donated(inputs: Inputs) -> Any:
        copies = jax.tree.map(lambda leaf: jnp.array(leaf, copy=True), inputs["carry"])
        rest = {name: part for name, part in inputs.items() if name != "carry"}
        call = lambda carry, rest: function({**rest, "carry": carry})  # noqa: E731
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Some donated buffers were not usable")
            return jax.jit(call, donate_argnums=0)(copies, rest)

    return donated


TRANSFORMATIONS: dict[str, Callable[[Around, Function], Function]] = {
    "jit": _jitted,
    "vmap": _mapped,
    "vmap last": _of_last_axis,
    "vmap out none": lambda each, function: _mapped(each, function, out_axes=None),
    "scan": _scanned,
    "map": _lax_mapped,
    "jvp": _pushed,
    "linearize": _linearized,
    "vjp": _pulled,
    "checkpoint": lambda _, function: jax.checkpoint(function),
    "cond": _in_cond,
    "switch": _in_switch,
    "while": _in_while,
    "ahead": _compiled_ahead,
    "donate": _donated,
    "abstract": _abstract,
    "export": _exported,
    "export any size": partial(_exported, any_size=True),
    "disable_jit": lambda _, function: _without_jit(function),
}
"""From what is around to how; the outermost is applied last."""


def _without_jit(function: Function) -> Function:
    def eager(inputs: Inputs) -> Any:
        with jax.disable_jit():
            return function(inputs)

    return eager
