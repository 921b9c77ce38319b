"""Batches of cases.

A batch is a structure of arrays, so one compiled call runs many cases; a single case is a batch of
one lane. The JSON form of a batch is exact (`foricheck.cases.arrays`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from foricheck.cases.arrays import encode

__all__ = ["Array", "Batch"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Batch:
    """A batch of cases: array fields have one row per case, the other fields are shared.

    Attributes:
        type: the name of the class in JSON, where the member is called ``sort``.
    """

    type: ClassVar[str]

    def __len__(self) -> int:
        columns = self._columns()
        return len(next(iter(columns.values()))) if columns else 1

    def lane(self, n: int) -> Self:
        """Case ``n`` as a batch of one."""
        return self.lanes(slice(n, n + 1))

    def lanes(self, which: slice | Array) -> Self:
        """The cases that ``which`` selects."""
        return replace(self, **{name: value[which] for name, value in self._columns().items()})

    def chunks(self, size: int) -> list[Self]:
        """The cases in batches of at most ``size``; a case without array fields is one chunk."""
        return [self.lanes(slice(start, start + size)) for start in range(0, len(self), size)]

    def to_json(self) -> dict[str, Any]:
        """An exact JSON value, which `batch_from_json` reads back."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"sort": self.type} | {name: _to_json(value) for name, value in values.items()}

    def digest(self) -> bytes:
        """The SHA-256 of the JSON form, equal when two runs drew the same cases."""
        return hashlib.sha256(json.dumps(self.to_json()).encode()).digest()

    def _columns(self) -> dict[str, Array]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def _to_json(value: Any) -> Any:
    match value:
        case np.ndarray():
            return encode(value)
        case tuple():
            return [_to_json(part) for part in value]
        case _:
            return value
