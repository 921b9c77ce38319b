"""The oracle's answers to loops in the form of the protocol, exact to the last bit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from foricheck.cases.arrays import encode
from foricheck.cases.batch import Array
from foricheck.cases.loop import LoopBatch, PermutedBatch
from foricheck.oracle import permutations, programs
from foricheck.programs.program import recorder

__all__ = ["of_loop", "of_permuted", "value"]

Json = dict[str, Any]


def of_loop(case: LoopBatch, *, nested: bool) -> Json:
    """The final registers; those of the index recorder in closed form."""
    recorded = not nested and (case.code == recorder()).all() and not case.carry.any()
    run = programs.run_nested if nested else programs.recorded if recorded else programs.run
    return value(run(case)[:1])


def of_permuted(case: PermutedBatch) -> Json:
    """The final leaves."""
    return value(permutations.after(case.lower, case.upper, case.permutation, case.leaves))


def value(leaves: Iterable[Array]) -> Json:
    """A result with a value."""
    return {"value": [encode(leaf) for leaf in leaves]}
