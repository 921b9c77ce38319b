"""Cases of ``fori_loop``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from foricheck.cases.batch import Array, Batch

__all__ = ["Expression", "LoopBatch", "PermutedBatch", "Snippet", "StructuredBatch"]


@dataclass(frozen=True)
class LoopBatch(Batch):
    """Cases of ``fori_loop``: bounds, and a body program over registers.

    Attributes:
        dtype: the dtype of both bounds, such as ``int8``.
        lower: int64 or uint64 of shape ``(N,)``.
        upper: likewise.
        code: the body programs, int32 of shape ``(N, P, 5)`` (`foricheck.programs.program`).
        carry: the initial registers, int32 of shape ``(N, R, W)``.
    """

    type: ClassVar[str] = "loop"

    dtype: str
    lower: Array
    upper: Array
    code: Array
    carry: Array

    def starting_from(self, carry: Array) -> LoopBatch:
        """The same loops with other initial registers."""
        return replace(self, carry=carry)


@dataclass(frozen=True)
class PermutedBatch(Batch):
    """One loop whose body only permutes leaves: new leaf ``j`` is old leaf ``permutation[j]``.

    Attributes:
        dtype: the dtype of both bounds.
        lower: the lower bound.
        upper: the upper bound.
        permutation: a permutation of the leaf indices; leaves on one cycle have one type.
        leaves: the initial carry.
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
    """Loops whose bodies are compiled one by one (`foricheck.programs.structured`).

    Attributes:
        dtype: the dtype of both bounds.
        unroll: the keyword argument ``unroll``; None omits it.
        lower: int64 of shape ``(N,)``.
        upper: likewise.
        code: the body programs, int32 of shape ``(N, P, 5)``.
        count: the number of leaves of each carry, int32 of shape ``(N,)``.
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
    """A Python expression that calls ``fori_loop`` (`foricheck.programs.expressions`).

    The same text is the case, the code that runs and the code in the pasted script.

    Attributes:
        call: the expression under test.
        expected: an expression for the expected value, over NumPy with the oracle's loop.
        given: lines that both expressions need, such as the definition of ``body``.
        bounds: assignments, one per line; static or traced, depending on the variant.
        values: assignments of arrays, one per line; arguments of a compiled call.
        setup: lines that only ``call`` needs.
    """

    type: ClassVar[str] = "expression"

    call: str
    expected: str = ""
    given: str = ""
    bounds: str = ""
    values: str = ""
    setup: str = ""
