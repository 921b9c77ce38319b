"""How fast the engine is, against the property test that one would write first.

Both judge the bundled reference in one process and one run, so that only their ratio counts.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from foricheck.cases.variants import TRACED
from foricheck.judging.compilations import Counter
from foricheck.judging.judge import judge
from foricheck.judging.subjects import Subjects
from foricheck.judging.task import Task
from foricheck.oracle import loop as oracle_loop
from foricheck.oracle import recurrence as oracle_recurrence
from foricheck.reference import fori_loop_recurrence
from foricheck.rules.budget import Budget
from foricheck.rules.registry import all_rules
from foricheck.targets.loading import reference

__all__ = ["Growth", "Rate", "growth", "rates"]

_NAIVE_EXAMPLES = 60
_ENGINE_BATCHES = 40
_RULES = {"REC": "REC-01", "ITER": "ITER-01"}


@dataclass(frozen=True)
class Growth:
    """How much memory a long run takes.

    Attributes:
        cases: how many were judged after a warm-up.
        mebibytes: by how much the resident set grew, at its peak.
    """

    cases: int
    mebibytes: float


@dataclass(frozen=True)
class Rate:
    """What one way of testing achieves, once warm.

    Attributes:
        chapter: ``REC`` or ``ITER``.
        name: ``naive`` or ``engine``.
        cases: how many were judged.
        seconds: in how long.
        compilations: how many programs XLA compiled meanwhile.
    """

    chapter: str
    name: str
    cases: int
    seconds: float
    compilations: int

    @property
    def per_second(self) -> float:
        """Cases a second."""
        return self.cases / self.seconds


def rates() -> Iterator[Rate]:
    """Measure both ways of testing on both chapters, after a warm-up of each."""
    counter = Counter()
    for chapter, naive in (("REC", _naive_recurrence), ("ITER", _naive_loop)):
        yield _timed(chapter, "naive", naive, counter)
        yield _timed(chapter, "engine", _engine(chapter), counter)


def growth(cases: int = 100_000) -> Growth:
    """Judge many value cases, half of each kind, and see how the resident set grows."""
    runs = [_engine(chapter) for chapter in _RULES]
    judged = sum(run() for run in runs)  # the warm-up, which compiles
    before, judged = _peak(), 0
    while judged < cases:
        judged += sum(run() for run in runs)
    return Growth(judged, (_peak() - before) / 2**10)


def _peak() -> int:
    """The peak of the resident set, in KiB (as Linux counts it)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _timed(chapter: str, name: str, run: Callable[[], int], counter: Counter) -> Rate:
    run()
    compiled, started = counter.count, time.perf_counter()
    cases = run()
    seconds = time.perf_counter() - started
    return Rate(chapter, name, cases, seconds, counter.count - compiled)


def _engine(chapter: str) -> Callable[[], int]:
    (rule,) = (rule for rule in all_rules() if rule.id == _RULES[chapter])
    subject = Subjects(reference()).one(rule.kind, TRACED)
    budget = Budget(batched=_ENGINE_BATCHES)
    task = Task(rule=rule, subject=subject, budget=budget, seed=0)
    return lambda: judge(task).cases


_naively = settings(
    max_examples=_NAIVE_EXAMPLES,
    phases=[Phase.generate],
    database=None,
    deadline=None,  # every call compiles
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),  # slowness is what is measured
)


def _naive_recurrence() -> int:
    """One eager call a case, compared with a loop in NumPy."""
    cases = 0

    @_naively
    @given(st.data(), st.integers(0, 2**32 - 1), st.sampled_from((1, 2, 3, 8)), st.integers(0, 8))
    def test(data: st.DataObject, seed: int, hidden: int, T: int) -> None:
        nonlocal cases
        cases += 1
        x = data.draw(arrays.arrays(np.float32, hidden, elements=st.floats(-1, 1, width=32)))
        expected = oracle_recurrence.recurrence(oracle_recurrence.weights(seed, hidden), x, T)
        got = fori_loop_recurrence(seed, x, hidden, T)
        np.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-3)

    test()
    return cases


def _naive_loop() -> int:
    """One eager call a case, of a body that records the indices."""
    cases = 0

    @_naively
    @given(st.integers(-100, 100), st.integers(-2, 64))
    def test(lower: int, trips: int) -> None:
        nonlocal cases
        cases += 1
        init = jnp.zeros(64, jnp.int32)
        record = lambda i, c: jnp.roll(c, 1).at[0].set(i)  # noqa: E731  # fresh, as one writes it
        got = jax.lax.fori_loop(lower, lower + trips, record, init)
        expected = oracle_loop.indices(lower, lower + trips)[::-1]
        np.testing.assert_array_equal(got[: len(expected)], expected)

    test()
    return cases
