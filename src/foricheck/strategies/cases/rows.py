"""The rows that are judged: neutral ones, pairs without and with transformations, and triples."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import combinations, product

from foricheck.cases.loop_case import LoopCase
from foricheck.oracle.cases.outputs import expected, is_exact
from foricheck.strategies.cases.building import case_of
from foricheck.strategies.cases.constraints import MODEL
from foricheck.strategies.cases.walks import walks
from foricheck.strategies.coverage import Coverage, Row, base_choice, coverage
from foricheck.strategies.coverage.greedy import all_pairs

__all__ = ["cases", "covered", "over_exact_trips", "pairs", "triples"]

_DERIVATIVES = frozenset({"jvp", "linearize", "vjp"})
_STACK = ("transformed", "outside", "inside")
_TOGETHER = ("transformed", "given", "dtypes", "values", "sharing")
"""The dimensions of which triples are covered."""


@lru_cache(maxsize=4)
def pairs(seed: int) -> tuple[Row, ...]:
    """Rows with every value, and with every two values that go together.

    First rows that are neutral but for one value; then pairs of a plain loop, whose faults
    transformations would hide; then the pairs that are left.
    """
    neutral = MODEL.neutral
    plain = MODEL.restricted({name: (neutral[name],) for name in _STACK})
    single = base_choice(MODEL)
    loops = all_pairs(plain, seed=seed, given=single)
    rest = all_pairs(MODEL, seed=seed, given=[*single, *loops])
    return (*single, *loops, *rest)


def triples(seed: int) -> Iterator[Row]:
    """Rows with three values of the dimensions where faults lie together, all else neutral."""
    draws = random.Random(seed)
    wanted = [
        dict(zip(names, values, strict=True))
        for names in combinations(_TOGETHER, 3)
        for values in product(*(MODEL.dimensions[name][1:] for name in names))
    ]
    draws.shuffle(wanted)
    seen: set[frozenset[tuple[str, object]]] = set()
    for part in wanted:
        if frozenset(part.items()) in seen:
            continue
        if row := MODEL.completed(part):
            chosen = [(name, row[name]) for name in _TOGETHER]
            seen |= {frozenset(three) for three in combinations(chosen, 3)}
            yield row


def covered(seed: int) -> Coverage:
    """How many of the possible pairs the rows contain."""
    return coverage(MODEL, pairs(seed))


def cases(seed: int, strength: int) -> Iterator[LoopCase]:
    """The cases of single values, walks, pairs, and of triples where the strength is three."""
    rows = pairs(seed)
    single = len(base_choice(MODEL))
    yield from map(case_of, rows[:single])
    yield from walks()
    yield from map(case_of, rows[single:])
    if strength > 2:
        yield from map(case_of, triples(seed))


def over_exact_trips(case: LoopCase) -> LoopCase:
    """The case, over fewer trips where a derivative, or a complex sum, would need to be rounded."""
    if _sums_complex(case) and case.bounds.trips[0] > 3:
        case = replace(case, bounds=replace(case.bounds, trips=(3,)))
    if not _DERIVATIVES & set(case.names()):
        return case
    for trips in (case.bounds.trips, (3,), (2,), (1,)):
        shorter = replace(case, bounds=replace(case.bounds, trips=trips))
        if trips[0] <= case.bounds.trips[0] and is_exact(expected(shorter, trips[0])):
            return shorter
    return case


def _sums_complex(case: LoopCase) -> bool:
    """Whether leaves of complex numbers are added to each other, so that they soon double."""
    mixes = any(step.op == "mix" for step in case.body.steps)
    return mixes and any(leaf.dtype == "complex64" for leaf in case.carry.leaves)
