"""Read cases from the JSON form that ``Batch.to_json`` returns."""

from __future__ import annotations

from typing import Any

from foricheck.cases.arrays import decode
from foricheck.cases.batch import Batch
from foricheck.cases.loop import Expression, LoopBatch, PermutedBatch, Snippet, StructuredBatch
from foricheck.cases.loop_case import LoopCase
from foricheck.cases.rec.case import RecurrenceCase
from foricheck.cases.recurrence import Call, RecurrenceBatch

__all__ = ["batch_from_json"]

_TYPES: dict[str, type[Batch]] = {
    each.type: each
    for each in (
        Call,
        Expression,
        LoopBatch,
        PermutedBatch,
        RecurrenceBatch,
        RecurrenceCase,
        Snippet,
        StructuredBatch,
    )
}


def batch_from_json(value: dict[str, Any]) -> Batch:
    """The batch that ``Batch.to_json`` turned into a JSON value.

    Raises:
        ValueError: the value is not a batch.
    """
    rest = dict(value)
    sort = rest.pop("sort", None)
    if sort == LoopCase.type:
        return LoopCase.from_fields(rest)
    if sort not in _TYPES:
        raise ValueError(f"not a batch of cases: sort is {sort!r}")
    return _TYPES[sort](**{name: _value(field) for name, field in rest.items()})


def _value(value: Any) -> Any:
    match value:
        case {"hex": _}:
            return decode(value)
        case list():
            return tuple(_value(part) for part in value)
        case _:
            return value
