"""Derivatives of a function of inputs: forward along a pattern, and reverse from the Jacobian."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foricheck.oracle.cases.jets import Jet, wide
from foricheck.oracle.cases.levels import pulled_back, seeded, tangent, without
from foricheck.oracle.cases.values import is_float, rounded

if TYPE_CHECKING:
    from foricheck.cases.loop_case import Around

__all__ = ["pattern", "pulled", "pushed"]

Array = NDArray[Any]
Inputs = Mapping[str, Any]
Function = Callable[[Inputs], Any]

_HALF = ("float16", "bfloat16")
_LARGEST = {"float16": 2.0**11, "bfloat16": 2.0**8}
"""Up to which number every whole number is one of the dtype."""


def pattern(shape: tuple[int, ...], dtype: str, largest: float) -> Array:
    """The tangents and cotangents of a leaf: 1, -2 and the largest, and again from the start.

    In half precision the third is 0.5.
    """
    size = int(np.prod(shape, dtype=np.int64))
    third = 0.5 if dtype in _HALF else largest
    return np.resize(np.array([1.0, -2.0, third]), size).reshape(shape)


def pushed(around: Around, level: int, function: Function, inputs: Inputs) -> Any:
    """The value and the derivative along the pattern: a list, a leaf for each that is a float."""
    along = partial(_along_pattern, level=level, largest=around.largest)
    seeds = {name: _map(along, inputs[name]) for name in around.over}
    output = function({**inputs, **seeds})
    return {
        "value": _map(lambda jet: without(jet, level), output),
        "tangent": [tangent(jet, level) for jet in floats(output)],
    }


def pulled(around: Around, level: int, function: Function, inputs: Inputs) -> Any:
    """The value and the pattern pulled back to each input: a list of leaves for each."""
    over = around.over
    sought = [(name, jet) for name in sorted(over) for jet in floats(inputs[name])]
    sizes = [jet.value.size for _, jet in sought]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    places = iter([(int(starts[n]), int(starts[-1])) for n in range(len(sizes))])
    seeds = {
        name: _map(lambda jet: _all_directions(jet, level, places), inputs[name])
        for name in sorted(over)
    }
    output = function({**inputs, **seeds})
    leaves = [(jet, pattern(jet.shape, jet.dtype, around.largest)) for jet in floats(output)]
    sums = _sum_of(pulled_back(jet, level, cotangent) for jet, cotangent in leaves)
    inexact = any(
        jet.rounded_derivative or _rounds(jet, level, cotangent) for jet, cotangent in leaves
    )
    cotangents: dict[str, list[Jet]] = {name: [] for name in over}
    for (name, jet), start in zip(sought, starts, strict=False):
        cotangents[name].append(_cotangent(jet, sums, int(start), inexact))
    value = _map(lambda jet: without(jet, level), output)
    return {"value": value, "cotangent": cotangents}


def _rounds(jet: Jet, level: int, cotangent: Array) -> bool:
    """Whether reverse mode may round the share of a leaf in half precision, summed up in it.

    A partial sum is exact while it is a number of units that the significand can hold.
    """
    if jet.dtype not in _LARGEST:
        return False
    for levels, term in jet.terms.items():
        if level in levels:
            product = np.abs(term * cotangent)
            total = product.sum(axis=tuple(range(len(levels), product.ndim)))
            if bool((total > _LARGEST[jet.dtype] * _unit(product)).any()):
                return True
    return False


def _unit(values: Array) -> float:
    """The largest power of two, at most 1, that divides all values; 0 if there is none."""
    units = (2.0**-power for power in range(24))
    return next((each for each in units if bool((values % each == 0).all())), 0.0)


def floats(output: Any) -> Iterator[Jet]:
    """The leaves through which derivatives flow, in the order in which JAX flattens them."""
    match output:
        case dict():
            for key in sorted(output):
                yield from floats(output[key])
        case list():
            for part in output:
                yield from floats(part)
        case Jet() if is_float(output.dtype):
            yield output


def _map(f: Callable[[Jet], Jet], output: Any) -> Any:
    match output:
        case dict():
            return {key: _map(f, output[key]) for key in sorted(output)}
        case list():
            return [_map(f, part) for part in output]
        case _:
            return f(output)


def _along_pattern(jet: Jet, *, level: int, largest: float) -> Jet:
    if not is_float(jet.dtype):
        return jet
    return seeded(jet, level, pattern(jet.shape, jet.dtype, largest)[None])


def _all_directions(jet: Jet, level: int, places: Iterator[tuple[int, int]]) -> Jet:
    if not is_float(jet.dtype):
        return jet
    start, total = next(places)
    size = jet.value.size
    directions = np.zeros((total, size))
    directions[start : start + size] = np.eye(size)
    return seeded(jet, level, directions.reshape(total, *jet.shape))


def _sum_of(parts: Iterator[dict[Any, Array]]) -> dict[Any, Array]:
    sums: dict[Any, Array] = {}
    for part in parts:
        for levels, term in part.items():
            sums[levels] = sums[levels] + term if levels in sums else term
    return sums


def _cotangent(jet: Jet, sums: dict[Any, Array], start: int, inexact: bool) -> Jet:
    terms: dict[Any, Array] = {(): np.zeros(jet.shape)}
    for levels, term in sums.items():
        mine = term[..., start : start + jet.value.size]
        terms[levels] = wide(mine.reshape(mine.shape[:-1] + jet.shape), jet.dtype)
    kept = {each: wide(rounded(term, jet.dtype), jet.dtype) for each, term in terms.items()}
    inexact = inexact or any(bool((kept[each] != terms[each]).any()) for each in kept)
    return Jet(jet.dtype, kept, inexact)
