"""Cases as any language reads them: what goes over the wire, and what the vectors are made of.

The form is that of ``conformance/schemas/case-1.json``. A case has a ``kind``:

- ``loop``: ``lower`` and ``upper``, of one integer dtype; ``carry``, a list of leaves; ``body``.
  A body is ``{"registers": [[op, dst, a, b, k], …]}`` (`foricheck.programs.program`), whose carry
  is one leaf int32[4, 8], with ``"nested": true`` if each iteration runs the whole program in a
  loop from 0 to its index; or ``{"permute": [2, 0, 1]}``, where leaf j becomes what leaf
  ``permute[j]`` was.
- ``recurrence``: ``seed`` and ``T``, int64[]; ``x``, float32[hidden]; ``hidden``, a number.

All values are exact (`foricheck.exact`). The result of a loop is the list of its leaves; that of a
recurrence, a list of one leaf.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from foricheck.cases import LoopBatch, PermutedBatch, RecurrenceBatch
from foricheck.exact import encode
from foricheck.programs.program import OPS

__all__ = ["of_loops", "of_permuted", "of_recurrences"]

Json = dict[str, Any]


def of_loops(cases: LoopBatch, *, nested: bool = False) -> list[Json]:
    """Each case of a batch."""
    return [_loop(case, nested=nested) for case in cases.chunks(1)]


def of_permuted(case: PermutedBatch) -> Json:
    """The case."""
    bound = np.dtype(case.dtype).type
    return {
        "kind": "loop",
        "lower": encode(bound(case.lower)),
        "upper": encode(bound(case.upper)),
        "body": {"permute": list(case.permutation)},
        "carry": [encode(leaf) for leaf in case.leaves],
    }


def of_recurrences(cases: RecurrenceBatch) -> list[Json]:
    """Each case of a batch."""
    return [_recurrence(case) for case in cases.chunks(1)]


def _loop(case: LoopBatch, *, nested: bool) -> Json:
    body: Json = {"registers": [_instruction(*map(int, row)) for row in case.code[0] if row[0]]}
    return {
        "kind": "loop",
        "lower": encode(case.lower[0].astype(case.dtype)),
        "upper": encode(case.upper[0].astype(case.dtype)),
        "body": body | {"nested": True} if nested else body,
        "carry": [encode(case.carry[0])],
    }


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
