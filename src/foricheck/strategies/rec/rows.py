"""The cases that the rules are judged on: neutral but for one value, and a covering array.

Each row belongs to exactly one rule, by what is most unusual in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain

from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.rec.inputs import SPECIAL
from foricheck.cases.rec.numbers import ARRAYS
from foricheck.strategies.coverage import Coverage, Model, base_choice, coverage, covering_array
from foricheck.strategies.limits import RecurrenceLimits
from foricheck.strategies.rec.dimensions import (
    case_of,
    combined,
    full_model,
    model_of,
    paired,
    remembered,
)

__all__ = ["TOPICS", "coverage_of", "rows_about", "simpler", "topic"]

TOPICS = (
    "arrays as numbers",
    "threads",
    "history",
    "traced derivative",
    "derivative",
    "vmap",
    "special values",
    "layout",
    "keywords",
    "numbers",
)
"""What a row can be about, the most unusual first."""


def topic(case: RecurrenceCase) -> str:
    """What a row is about, one of `TOPICS`."""
    stack = case.stack
    numbers = {case.seed_as, case.hidden_as, case.T_as}
    about = {
        "arrays as numbers": bool(numbers & {*ARRAYS}),
        "threads": case.history == "in two threads",
        "history": case.history != "alone",
        "traced derivative": case.derivative != "none" and "T" in stack.arguments,
        "derivative": case.derivative != "none",
        "vmap": stack.maps > 0,
        "special values": case.values in SPECIAL,
        "layout": case.x_as not in ("jax", "numpy"),
        "keywords": case.passing != "by position",
        "numbers": True,
    }
    return next(name for name in TOPICS if about[name])


def rows_about(name: str) -> Callable[[RecurrenceLimits], Iterator[RecurrenceCase]]:
    """From a subject to its rows about a topic."""

    def rows(rec: RecurrenceLimits) -> Iterator[RecurrenceCase]:
        yield from (case for case in _all(rec) if topic(case) == name)

    return rows


def simpler(case: RecurrenceCase) -> Iterable[RecurrenceCase]:
    """The case with some dimensions reset to neutral, as far as it stays about the same."""
    model = _everything(case.dtype)
    row = {name: value for name, value in case.row().items() if name in model.dimensions}
    found = (case_of(each, case.dtype) for each in model.simpler(row))
    return (each for each in found if topic(each) == topic(case))


def coverage_of(rec: RecurrenceLimits, strength: int = 2) -> tuple[Coverage, Coverage]:
    """The share of the possible pairs (triples) that the rows for a subject contain.

    First of the arguments and what is around, then of the calls that came before.
    """
    model = model_of(rec.capabilities, rec.namespace, rec.dtype.name)
    rows = [case.row() for case in _all(rec)]
    first, second = (
        coverage(part(model), rows, strength=strength) for part in (paired, remembered)
    )
    return first, second


def _all(rec: RecurrenceLimits) -> tuple[RecurrenceCase, ...]:
    return _made(rec.capabilities, rec.namespace, rec.dtype.name)


@lru_cache(maxsize=8)
def _made(capabilities: frozenset[str], namespace: str, dtype: str) -> tuple[RecurrenceCase, ...]:
    model = model_of(capabilities, namespace, dtype)
    parts = [*combined(model), paired(model), remembered(model)]
    arrays = (covering_array(part) for part in parts)
    rows = chain(base_choice(model), *arrays)
    cases = chain(_with_unshared_seeds(model, dtype), (case_of(row, dtype) for row in rows))
    return tuple(dict.fromkeys(cases))


def _with_unshared_seeds(model: Model, dtype: str) -> Iterator[RecurrenceCase]:
    """Each history with a seed of its own, of which no other case has left anything behind."""
    for place, history in enumerate(model.dimensions["history"][1:]):
        if row := model.completed({"history": history}):
            yield case_of(row | {"seed": 7001 + 10 * place}, dtype)


@lru_cache(maxsize=2)
def _everything(dtype: str) -> Model:
    return full_model(dtype)
