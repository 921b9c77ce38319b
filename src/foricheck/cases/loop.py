"""Cases of ``fori_loop``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from foricheck.cases.batch import Array, Batch

__all__ = ["Expression", "LoopBatch", "PermutedBatch", "Snippet", "StructuredBatch"]


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

    type: ClassVar[str] = "loop"

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

    type: ClassVar[str] = "permuted"

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

    type: ClassVar[str] = "snippet"

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

    type: ClassVar[str] = "structured"

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
        bounds: assignments, a line each; static or traced, as the variant says.
        values: assignments of arrays, a line each; arguments of a compiled call.
        setup: lines that only the target's expression needs.
    """

    type: ClassVar[str] = "expression"

    call: str
    expected: str = ""
    given: str = ""
    bounds: str = ""
    values: str = ""
    setup: str = ""
