"""Cases as any language reads them, for messages and for vectors.

The form is that of ``conformance/schemas/case-1.json``. A case has a ``kind``:

- ``loop``: ``lower`` and ``upper``, of one integer dtype; ``carry``, a list of leaves; ``body``.
  A body is ``{"registers": [[op, dst, a, b, k], …]}`` (`foricheck.programs.program`), whose carry
  is one leaf int32[4, 8], with ``"nested": true`` if each iteration runs the whole program in a
  loop from 0 to its index; or ``{"permute": [2, 0, 1]}``, where leaf j becomes what leaf
  ``permute[j]`` was.
- ``recurrence``: ``seed`` and ``T``, int64[]; ``x``, float32[hidden]; ``hidden``, a number.

All values are exact (`foricheck.cases.arrays`). The result of a loop is the list of its leaves;
that of a recurrence, a list of one leaf.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foricheck.cases.arrays import encode
from foricheck.cases.batch import Array, Batch
from foricheck.cases.loop import LoopBatch, PermutedBatch
from foricheck.cases.recurrence import Call, RecurrenceBatch
from foricheck.programs.program import OPS

__all__ = ["loop", "of_case", "of_loops", "of_permuted", "of_recurrences"]

Json = dict[str, Any]


def of_case(case: Batch, *, nested: bool = False) -> Json:
    """One case, of any type that has this form.

    Args:
        case: a batch of one lane, or a call whose numbers are integers and whose x is an array.
        nested: whether each iteration of a loop runs its program in a loop from 0 to its index.

    Raises:
        TypeError: the case is Python text, which other languages cannot read.
    """
    match case:
        case LoopBatch():
            return _loop(case, nested=nested)
        case PermutedBatch():
            return of_permuted(case)
        case RecurrenceBatch():
            return _recurrence(case)
        case Call():
            seed, x, hidden, T = case.values()
            return _recurrence(RecurrenceBatch(hidden, np.array([seed]), x[None], np.array([T])))
        case _:
            raise TypeError(f"a {type(case).__name__} cannot be sent over the wire")


def of_loops(cases: LoopBatch, *, nested: bool = False) -> list[Json]:
    """Each case of a batch."""
    return [_loop(case, nested=nested) for case in cases.chunks(1)]


def of_permuted(case: PermutedBatch) -> Json:
    """The case."""
    body = {"permute": list(case.permutation)}
    return loop(body, case.leaves, lower=case.lower, upper=case.upper, dtype=case.dtype)


def of_recurrences(cases: RecurrenceBatch) -> list[Json]:
    """Each case of a batch."""
    return [_recurrence(case) for case in cases.chunks(1)]


def loop(
    body: Json, carry: Sequence[Array], *, lower: int = 0, upper: int = 0, dtype: str = "int32"
) -> Json:
    """A case of a loop, from its parts."""
    bound = np.dtype(dtype).type
    return {
        "kind": "loop",
        "lower": encode(bound(lower)),
        "upper": encode(bound(upper)),
        "body": body,
        "carry": [encode(leaf) for leaf in carry],
    }


def _loop(case: LoopBatch, *, nested: bool) -> Json:
    body: Json = {"registers": [_instruction(*map(int, row)) for row in case.code[0] if row[0]]}
    body |= {"nested": True} if nested else {}
    lower, upper = int(case.lower[0]), int(case.upper[0])
    return loop(body, [case.carry[0]], lower=lower, upper=upper, dtype=case.dtype)


def _instruction(op: int, *operands: int) -> list[str | int]:
    return [OPS[op], *operands]


def _recurrence(case: RecurrenceBatch) -> Json:
    return {
        "kind": "recurrence",
        "seed": encode(np.int64(case.seed[0])),
        "x": encode(case.x[0]),
        "hidden": case.hidden,
        "T": encode(np.int64(case.T[0])),
    }
