"""Shrinking one case that breaks a rule: by its choices, or by the program that it is.

`shrink` lowers choices. The lanes of a bulk batch come from one wide number, which Hypothesis
cannot shrink to one lane, so the choices of the failing lane are lowered instead, greedily. If a
call takes many cases, all candidates of a round are lanes of one call, which is already compiled;
if it takes one case, candidates are tried one after the other, up to a limit.

`simplified` does not use choices. If each case is a program to be compiled, it tries the simpler
programs that a case names, one after the other, up to a limit.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from foricheck.cases.batch import Array, Batch
from foricheck.comparison.violations import Violation

__all__ = ["lowered", "shrink", "simplified"]

Attempt = Callable[[Array], Violation | None]
"""Judge the cases that choices ``(N, width)`` decode to."""

_ROUNDS = 100
_CALLS = 40
_PROGRAMS = 120


def shrink(
    choices: Array, attempt: Attempt, *, together: bool = True
) -> tuple[Array, Violation | None]:
    """The smallest choices found that still break the rule, and their violation.

    Args:
        choices: uint8 of shape ``(width,)``, of a case that breaks the rule.
        attempt: judges candidates.
        together: whether a call takes many cases.

    Returns:
        The choices and their violation; None for the violation if the case does not break the
        rule when it is judged alone.
    """
    violation = attempt(choices[None])
    if violation is None:
        return choices, None
    search = _together if together else _one_by_one
    return search(choices, attempt, violation)


def simplified(
    violation: Violation,
    attempt: Callable[[Batch], Violation | None],
    simpler: Callable[[Batch], Iterable[Batch]],
    *,
    most: int = _PROGRAMS,
) -> Violation:
    """The violation of the simplest case found that is of the same sort.

    Each attempt costs a compilation.

    Args:
        violation: of the case to start from.
        attempt: judges one case.
        simpler: from a case to simpler ones, the boldest first.
        most: how many cases are tried at most.
    """
    tried: set[bytes] = set()
    while len(tried) < most:
        fresh = (case for case in simpler(violation.case) if case.digest() not in tried)
        for candidate in itertools.islice(fresh, most - len(tried)):
            tried.add(candidate.digest())
            found = attempt(candidate)
            if found and found.difference.why == violation.difference.why:
                violation = found
                break
        else:
            break
    return violation


def lowered(choices: Array) -> Iterator[Array]:
    """Every row with some bytes lowered: runs to 0, and each byte by a half, a quarter, … one."""
    for run in _runs(len(choices)):
        if choices[run].any():
            yield _with(choices, run, 0)
    for place in np.flatnonzero(choices):
        byte = int(choices[place])
        for halvings in range(1, byte.bit_length()):
            yield _with(choices, slice(place, place + 1), byte - (byte >> halvings))


def _together(
    choices: Array, attempt: Attempt, violation: Violation
) -> tuple[Array, Violation | None]:
    for _ in range(_ROUNDS):
        candidates = list(lowered(choices))
        found = attempt(np.stack(candidates)) if candidates else None
        if found is None:
            break
        choices = min((candidates[lane] for lane in found.lanes), key=_simplicity)
        violation = attempt(choices[None]) or violation
    return choices, violation


def _one_by_one(
    choices: Array, attempt: Attempt, violation: Violation
) -> tuple[Array, Violation | None]:
    """Set runs to zero, long ones first, then halve each remaining byte."""
    halvings = [slice(place, place + 1) for place in range(len(choices)) for _ in range(2)]
    moves = [(run, 0) for run in _runs(len(choices))] + [(place, 2) for place in halvings]
    calls = 0
    for where, divisor in moves:
        lower = choices[where] // divisor if divisor else choices[where] * 0
        if calls == _CALLS or (lower == choices[where]).all():
            continue
        calls += 1
        candidate = choices.copy()
        candidate[where] = lower
        if found := attempt(candidate[None]):
            choices, violation = candidate, found
    return choices, violation


def _runs(width: int) -> Iterator[slice]:
    """All of a row, then its runs of 2**k bytes for every k, long ones first."""
    for size in (width, *(1 << power for power in range(width.bit_length() - 1, -1, -1))):
        for start in range(0, width, size):
            yield slice(start, start + size)


def _with(choices: Array, where: slice, value: int) -> Array:
    row = choices.copy()
    row[where] = value
    return row


def _simplicity(row: Array) -> tuple[int, int, bytes]:
    return int(np.count_nonzero(row)), int(row.sum()), row.tobytes()
