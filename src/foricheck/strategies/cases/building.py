"""From a row, a value of every dimension, to the case that it describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from foricheck.cases.containers import size_of
from foricheck.cases.loop_case import Around, Body, Bounds, Carry, Leaf, LoopCase, Step, Unroll
from foricheck.strategies.cases.dimensions import (
    CONTROLS,
    DTYPES,
    EFFECTS,
    INSIDE,
    OUTSIDE,
    SHAPES,
    STEPS,
    TRANSFORMED,
    UNROLLS,
)

__all__ = ["around_of", "case_of"]

Row = dict[str, Any]


def case_of(row: Row) -> LoopCase:
    """The case of a row."""
    bounds, carry = _bounds(row), _carry(row)
    return LoopCase(
        bounds=bounds,
        carry=carry,
        body=_body(row, bounds, carry.leaves),
        unroll=_unroll(row),
        around=around_of(row),
        history=row["history"],
        style=row["style"],
        context=row["context"],
    )


def around_of(row: Row) -> tuple[Around, ...]:
    """What is around the loop of a row, the outermost first."""
    jit, where = (Around("jit"),), row["jit"]
    return (
        *(jit if where in ("outside", "both") else ()),
        *OUTSIDE[row["outside"]],
        *TRANSFORMED[row["transformed"]],
        *(jit if where in ("inside", "both") else ()),
        *INSIDE[row["inside"]],
    )


def _bounds(row: Row) -> Bounds:
    trips, dtype = row["trips"], row["bound"]
    info = np.iinfo(dtype)
    low, high = int(info.min), int(info.max)
    named = {"zero": 0, "one": 1, "minus one": -1, "minus five": -5, "seven": 7}
    lower = {"highest": high - max(trips, 0), "lowest": low, **named}[row["lower"]]
    again = (
        (trips, 0, trips + 1)
        if row["given"].startswith("traced") and lower + trips < high
        else (trips,)
    )
    return Bounds(dtype, lower, again, row["given"])


def _carry(row: Row) -> Carry:
    count = size_of(row["container"], row["leaves"])
    dtypes, shapes = DTYPES[row["dtypes"]], SHAPES[row["shape"]]
    leaves = tuple(
        Leaf(dtypes[n % len(dtypes)], shapes[n % len(shapes)], row["values"], _given(row, n))
        for n in range(count)
    )
    return Carry(row["container"], leaves, row["sharing"] == "one object")


def _given(row: Row, n: int) -> str:
    given: str = row["leaf given"]
    return "numpy" if given in ("strided", "fortran") and n % 2 else given


def _unroll(row: Row) -> Unroll:
    return max(row["trips"], 1) if row["unroll"] == "trips" else UNROLLS[row["unroll"]]


def _body(row: Row, bounds: Bounds, leaves: Sequence[Leaf]) -> Body:
    steps = STEPS[row["step"]]
    if row["step"].startswith("every other"):
        steps = tuple(replace(steps[1 - n % 2], leaf=n) for n in range(len(leaves)))
    steps += CONTROLS[row["control"]]
    last = bounds.lower + max(bounds.trips[0], 1) - 1
    second = min(bounds.lower + 1, int(np.iinfo(bounds.dtype).max))
    numbers = {"double at": last, "square at": second, "cond square": second}
    steps = tuple(replace(step, number=numbers.get(step.op, step.number)) for step in steps)
    if row["moves"] == "mix":
        steps += tuple(Step("mix", n, m) for n, m in enumerate(_mates(leaves)) if m != n)
    return Body(
        steps=steps,
        moves=_moves(row["moves"], leaves),
        effects=EFFECTS[row["effect"]],
        form=row["form"],
        closure="float16" if row["transformed"] == "vjp half closure" else row["closure"],
    )


def _mates(leaves: Sequence[Leaf]) -> list[int]:
    """For each leaf the next one of its dtype and shape, around."""
    alike = [
        [m for m, b in enumerate(leaves) if (b.dtype, b.shape) == (a.dtype, a.shape)]
        for a in leaves
    ]
    return [group[(group.index(n) + 1) % len(group)] for n, group in enumerate(alike)]


def _mate_before(leaves: Sequence[Leaf], place: int) -> int | None:
    """The last leaf before another that has its dtype and shape, or None."""
    kind = (leaves[place].dtype, leaves[place].shape)
    return next((n for n in range(place)[::-1] if (leaves[n].dtype, leaves[n].shape) == kind), None)


def _moves(name: str, leaves: Sequence[Leaf]) -> tuple[int, ...]:
    mates, places = _mates(leaves), range(len(leaves))
    match name:
        case "rotate":
            return tuple(mates)
        case "rotate old":
            return tuple(-1 - mate for mate in mates)
        case "all old":
            return tuple(-1 - n for n in places)
        case "every other old":
            return tuple(n if n % 2 else -1 - n for n in places)
        case "duplicate":
            return tuple(
                min(n, mate) if mate != n else n for n, mate in zip(places, mates, strict=True)
            )
        case "shift old":
            earlier = [_mate_before(leaves, n) for n in places]
            return tuple(n if m is None else -1 - m for n, m in zip(places, earlier, strict=True))
        case "swap with old":
            return tuple(
                mate if n % 2 else -1 - mate for n, mate in zip(places, mates, strict=True)
            )
        case _:
            return ()
