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

from foricheck.exact import decode, encode

__all__ = ["Array", "Batch", "Call", "Expression", "LoopBatch", "PermutedBatch", "RecurrenceBatch"]
__all__ += ["Snippet", "StructuredBatch", "batch_from_json"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Batch:
    """Cases side by side: each array field has one row a case, each other field is shared."""

    sort: ClassVar[str]
    sorts: ClassVar[dict[str, type[Batch]]] = {}

    def __init_subclass__(cls) -> None:
        cls.sorts[cls.sort] = cls

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
        return {"sort": self.sort} | {name: _to_json(value) for name, value in values.items()}

    def digest(self) -> bytes:
        """A fingerprint of the cases, to tell whether two runs drew the same."""
        return hashlib.sha256(json.dumps(self.to_json()).encode()).digest()

    def _columns(self) -> dict[str, Array]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


@dataclass(frozen=True)
class LoopBatch(Batch):
    """Cases of ``fori_loop``: bounds, and a body program over a file of registers.

    Attributes:
        dtype: the dtype of both bounds, such as ``int8``.
        lower: int64 or uint64 of shape ``(N,)``.
        upper: likewise.
        code: the body programs, int32 of shape ``(N, P, 5)`` (`foricheck.programs.program`).
        carry: the registers at the start, int32 of shape ``(N, R, W)``.
    """

    sort: ClassVar[str] = "loop"

    dtype: str
    lower: Array
    upper: Array
    code: Array
    carry: Array

    def starting_from(self, carry: Array) -> LoopBatch:
        """The same loops with other registers at the start."""
        return replace(self, carry=carry)


@dataclass(frozen=True)
class PermutedBatch(Batch):
    """One loop whose body only moves leaves: leaf ``j`` becomes what leaf ``permutation[j]`` was.

    Attributes:
        dtype: the dtype of both bounds.
        lower: a bound.
        upper: likewise.
        permutation: each place of a leaf once; leaves that change places have one type.
        leaves: the carry at the start.
    """

    sort: ClassVar[str] = "permuted"

    dtype: str
    lower: int
    upper: int
    permutation: tuple[int, ...]
    leaves: tuple[Array, ...]


@dataclass(frozen=True)
class Snippet(Batch):
    """One loop as Python text over an array namespace ``xp`` (`foricheck.programs.snippets`).

    Attributes:
        lower: an expression.
        upper: an expression.
        body: the definition of a function ``body``.
        init: an expression.
    """

    sort: ClassVar[str] = "snippet"

    lower: str
    upper: str
    body: str
    init: str


@dataclass(frozen=True)
class StructuredBatch(Batch):
    """Loops whose bodies are compiled, each by itself (`foricheck.programs.structured`).

    Attributes:
        dtype: the dtype of both bounds.
        unroll: the keyword ``unroll`` of the call; None leaves it out.
        lower: int64 of shape ``(N,)``.
        upper: likewise.
        code: the body programs, int32 of shape ``(N, P, 5)``.
        count: how many leaves a carry has, int32 of shape ``(N,)``.
        leaves: dtype, shape, factor and start of each leaf, int32 of shape ``(N, L, 4)``.
    """

    sort: ClassVar[str] = "structured"

    dtype: str
    unroll: int | None
    lower: Array
    upper: Array
    code: Array
    count: Array
    leaves: Array


@dataclass(frozen=True, kw_only=True)
class Expression(Batch):
    """A Python expression with calls of ``fori_loop`` (`foricheck.programs.expressions`).

    It is at once the case, what runs and what a person pastes.

    Attributes:
        call: the expression that the target is judged on.
        expected: what it must equal: an expression over NumPy with the oracle's loop.
        given: lines that both need, such as the definition of ``body``.
        bounds: assignments, a line each; static or traced, as the way of calling says.
        values: assignments of arrays, a line each; arguments of a compiled call.
        setup: lines that only the target's expression needs.
    """

    sort: ClassVar[str] = "expression"

    call: str
    expected: str = ""
    given: str = ""
    bounds: str = ""
    values: str = ""
    setup: str = ""


@dataclass(frozen=True)
class Call(Batch):
    """One call of ``fori_loop_recurrence``, its arguments as Python expressions."""

    sort: ClassVar[str] = "call"

    seed: str
    x: str
    hidden: str
    T: str

    def values(self) -> tuple[Any, Any, Any, Any]:
        """The arguments themselves."""
        seed, x, hidden, T = (
            eval(text, {"np": np})  # our own lines: the strategies write them
            for text in (self.seed, self.x, self.hidden, self.T)
        )
        return seed, x, hidden, T

    def truncated(self) -> Call:
        """The same call with the numbers cut to Python integers."""
        seed, _, hidden, T = self.values()
        return Call(str(int(seed)), self.x, str(int(hidden)), str(int(T)))


@dataclass(frozen=True)
class RecurrenceBatch(Batch):
    """Cases of ``fori_loop_recurrence``.

    Attributes:
        hidden: the width of the state, the same for all.
        seed: int64 of shape ``(N,)``.
        x: float32 of shape ``(N, hidden)``, or float64 for a target that computes in it.
        T: int64 of shape ``(N,)``.
    """

    sort: ClassVar[str] = "recurrence"

    hidden: int
    seed: Array
    x: Array
    T: Array

    def one_more(self) -> RecurrenceBatch:
        """The same cases, one trip longer."""
        return replace(self, T=self.T + 1)

    def negated(self) -> RecurrenceBatch:
        """The same cases with the sign of x turned."""
        return replace(self, x=-self.x)

    def with_other_seeds(self) -> RecurrenceBatch:
        """The same cases, each with another seed and one more trip."""
        return replace(self, seed=self.seed ^ 1, T=self.T + 1)


def batch_from_json(value: dict[str, Any]) -> Batch:
    """The batch that ``Batch.to_json`` wrote.

    Raises:
        ValueError: the value is not such a batch.
    """
    rest = dict(value)
    sort = rest.pop("sort", None)
    if sort not in Batch.sorts:
        raise ValueError(f"not a batch of cases: sort is {sort!r}")
    return Batch.sorts[sort](**{name: _from_json(field) for name, field in rest.items()})


def _to_json(value: Any) -> Any:
    match value:
        case np.ndarray():
            return encode(value)
        case tuple():
            return [_to_json(part) for part in value]
        case _:
            return value


def _from_json(value: Any) -> Any:
    match value:
        case {"hex": _}:
            return decode(value)
        case list():
            return tuple(_from_json(part) for part in value)
        case _:
            return value
