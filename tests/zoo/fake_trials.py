"""Trials that never ran, to make reports of."""

from __future__ import annotations

from typing import Any

from foricheck.judging.events import Environment
from foricheck.zoo.matrix import KillMatrix
from foricheck.zoo.trials import Cell, Trial, TrialResult

ENVIRONMENT = Environment(versions={"jax": "0.12.0"}, platform="Linux x86_64", device="cpu")


def trial(name: str = "one_trip_short", **changes: Any) -> Trial:
    fields: dict[str, Any] = {
        "path": f"zoo.iteration:{name}",
        "kind": "loop",
        "group": "iteration",
        "story": "Stops before upper - 1.",
        "expected": "caught",
        "rules": ("ITER-01",),
        "declared": ("ITER-01",),
    }
    return Trial(name=name, **(fields | changes))


def cell(rule: str = "ITER-01", caught: int = 1, runs: int = 1, **changes: Any) -> Cell:
    fields: dict[str, Any] = {"passed": runs - caught, "cases": 12, "seconds": 0.5}
    return Cell(rule=rule, runs=runs, caught=caught, **(fields | changes))


def row(*cells: Cell, lost: str = "", **changes: Any) -> TrialResult:
    return TrialResult(trial=trial(**changes), cells=cells, seconds=1.5, lost=lost)


def right(*cells: Cell, name: str = "while_loop", lost: str = "") -> TrialResult:
    return row(*cells, name=name, group="right", expected="passes", declared=(), lost=lost)


def mutant(*cells: Cell, name: str = "loop__lt_to_lte", **changes: Any) -> TrialResult:
    return row(*cells, name=name, group="mutant of loop", declared=(), any_rule=True, **changes)


def matrix(*rows: TrialResult, **changes: Any) -> KillMatrix:
    fields: dict[str, Any] = {
        "rules": ("ITER-01", "CARRY-01", "REC-01"),
        "is_whole": False,
        "environment": ENVIRONMENT,
        "seeds": (0,),
        "seconds": 12.5,
    }
    return KillMatrix(rows=rows, **(fields | changes))
