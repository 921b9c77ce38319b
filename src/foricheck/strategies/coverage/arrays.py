"""Make rows: neutral except for one value, and covering arrays by the library covertable."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

from covertable import make, sorters

from foricheck.strategies.coverage.model import Constraint, Model, Row

__all__ = ["base_choice", "covering_array"]


def base_choice(model: Model) -> list[Row]:
    """The neutral row, and one row per other value that is neutral except for that value.

    If a constraint forbids this row, the other dimensions are as neutral as possible. A value that
    no row may contain is omitted.
    """
    rows = [model.neutral]
    for name, values in model.dimensions.items():
        found = (model.completed({name: value}) for value in values[1:])
        rows += [row for row in found if row]
    return rows


def covering_array(model: Model, *, strength: int = 2, seed: int = 0) -> list[Row]:
    """Rows that contain every allowed combination of values of ``strength`` dimensions.

    Args:
        model: dimensions and constraints.
        strength: 2 for pairs, 3 for triples.
        seed: varies which values are combined in one row.
    """
    varied = {name: values for name, values in model.dimensions.items() if len(values) > 1}
    conditions = (_condition(model, constraint) for constraint in model.constraints)
    rows = make(
        {name: list(range(len(values))) for name, values in varied.items()},
        strength=strength,
        sorter=sorters.hash,
        salt=str(seed),
        constraints=[condition for condition in conditions if condition],
    )
    return [model.neutral | {name: varied[name][row[name]] for name in varied} for row in rows]


def _condition(model: Model, constraint: Constraint) -> dict[str, Any] | None:
    """A constraint as covertable takes it, or None where it forbids nothing.

    Values are places in their dimension there; a dimension of one value is none.
    """
    names = constraint.dimensions
    sides = [range(len(model.dimensions[name])) for name in names]
    allowed = {places for places in product(*sides) if _holds(model, constraint, places)}
    if len(allowed) == prod(map(len, sides)):
        return None
    varied = [name for name, side in zip(names, sides, strict=True) if len(side) > 1]

    def judge(row: Row) -> bool:
        return tuple(row.get(name, 0) for name in names) in allowed

    return {"operator": "fn", "requires": varied, "evaluate": judge}


def _holds(model: Model, constraint: Constraint, places: tuple[int, ...]) -> bool:
    named = zip(constraint.dimensions, places, strict=True)
    return constraint.holds({name: model.dimensions[name][place] for name, place in named})
