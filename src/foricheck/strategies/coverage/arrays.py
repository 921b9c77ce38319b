"""Make rows: neutral except for one value, and covering arrays by the library covertable."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
    names = list(model.dimensions)
    positions = {name: list(range(len(model.dimensions[name]))) for name in names}
    rows = make(
        positions,
        strength=strength,
        sorter=sorters.hash,
        salt=str(seed),
        constraints=[_condition(model, constraint) for constraint in model.constraints],
    )
    return [{name: model.dimensions[name][row[name]] for name in names} for row in rows]


def _condition(model: Model, constraint: Constraint) -> dict[str, Any]:
    """A constraint in covertable's form, where a value is its position in the dimension."""
    judge: Callable[[Row], bool] = partial(_holds, model, constraint)
    return {"operator": "fn", "requires": list(constraint.dimensions), "evaluate": judge}


def _holds(model: Model, constraint: Constraint, positions: Row) -> bool:
    values = {name: model.dimensions[name][positions[name]] for name in constraint.dimensions}
    return constraint.holds(values)
