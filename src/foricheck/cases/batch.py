"""Cases: the inputs that a target is judged on, as data.

A batch is a structure of arrays, so that many cases go through one compiled call; a case is a
batch of one lane. Batches have an exact JSON form, in which an array is its dtype, its shape and
its bytes: NaN, signed zeros and 64-bit integers survive it.
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
    """Cases side by side: each array field has one row a case, each other field is shared."""

    type: ClassVar[str]

    def __len__(self) -> int:
        columns = self._columns()
        return len(next(iter(columns.values()))) if columns else 1

    def lane(self, n: int) -> Self:
        """Case ``n`` alone."""
        return self.lanes(slice(n, n + 1))

    def lanes(self, which: slice | Array) -> Self:
        """The cases that an index selects."""
        return replace(self, **{name: value[which] for name, value in self._columns().items()})

    def chunks(self, size: int) -> list[Self]:
        """The cases in batches of at most ``size``; a case without columns is its own chunk."""
        return [self.lanes(slice(start, start + size)) for start in range(0, len(self), size)]

    def to_json(self) -> dict[str, Any]:
        """An exact JSON value; `batch_from_json` reads it back."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"sort": self.type} | {name: _to_json(value) for name, value in values.items()}

    def digest(self) -> bytes:
        """A fingerprint of the cases, to tell whether two runs drew the same."""
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
