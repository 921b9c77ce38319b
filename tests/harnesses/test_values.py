"""What the reference harnesses compute is what the oracle computes."""

from __future__ import annotations

import numpy as np
import pytest

from foricheck.cases.arrays import decode
from foricheck.cases.batch import Array
from foricheck.cases.loop import PermutedBatch
from foricheck.oracle import permutations
from foricheck.oracle import programs as oracle
from foricheck.oracle.bounds import step_bound, trajectory_bound
from foricheck.oracle.recurrence import weights
from foricheck.strategies.carry.permuted import leaves_of
from foricheck.strategies.iter import loops, ranges
from foricheck.strategies.rec import recurrences
from foricheck.strategies.rec.recurrences import State
from foricheck.targets.wire.cases import of_permuted

from .driver import Harness

DTYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
HIDDEN = (1, 2, 3, 8, 65)


def choices(count: int, each: int) -> Array:
    return np.random.default_rng(count).integers(0, 256, (count, each), np.uint8)


@pytest.mark.parametrize("dtype", DTYPES)
def test_programs_of_every_instruction(harness: Harness, dtype: str) -> None:
    cases = loops.programs(dtype, choices(500, loops.PROGRAM))
    np.testing.assert_array_equal(harness.loops(cases), oracle.run(cases))


@pytest.mark.parametrize("dtype", DTYPES)
def test_ranges_at_the_ends_of_a_dtype(harness: Harness, dtype: str) -> None:
    lower, upper = map(list, zip(*ranges.at_the_extremes(dtype), strict=True))
    cases = loops.recording(dtype, lower, upper)
    np.testing.assert_array_equal(harness.loops(cases), oracle.recorded(cases))


def test_a_long_loop(harness: Harness) -> None:
    cases = loops.recording("int32", [-3], [2**16])
    np.testing.assert_array_equal(harness.loops(cases), oracle.recorded(cases))


def test_nested_programs(harness: Harness) -> None:
    cases = loops.triangles("int64", choices(200, loops.PROGRAM))
    np.testing.assert_array_equal(harness.loops(cases, nested=True), oracle.run_nested(cases))


@pytest.mark.parametrize("dtype", ["bool", "int64", "float16", "float32", "complex128"])
def test_permuted_leaves_keep_their_bits(harness: Harness, dtype: str) -> None:
    case = PermutedBatch("uint8", 250, 255, (1, 2, 0), leaves_of(dtype))
    expected = permutations.after(case.lower, case.upper, case.permutation, case.leaves)
    got = [decode(leaf) for leaf in harness.result(of_permuted(case))["value"]]
    assert [leaf.tobytes() for leaf in got] == [leaf.tobytes() for leaf in expected]


def test_a_carry_without_leaves(harness: Harness) -> None:
    assert harness.result(of_permuted(PermutedBatch("int32", 0, 3, (), ()))) == {"value": []}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_recurrences_are_within_the_derived_bound(harness: Harness, hidden: int) -> None:
    cases = recurrences.short(State(hidden), choices(40, recurrences.CASE))
    bound = trajectory_bound(weights(cases.seed, hidden), cases.x, cases.T)
    assert bound.worst(harness.recurrences(cases)) <= 1


@pytest.mark.parametrize("seed", recurrences.SEEDS)
def test_weights_are_those_of_the_seed(harness: Harness, seed: int) -> None:
    """Read back by one step from each unit vector."""
    cases = recurrences.short(State(8), choices(8, recurrences.CASE))
    x, ones = np.eye(8, dtype=np.float32), np.ones(8, np.int64)
    cases = type(cases)(8, ones * seed, x, ones)
    bound = step_bound(x, weights(int(seed), 8), x)
    assert bound.worst(harness.recurrences(cases)) <= 1


def test_no_trips_keep_the_bits_of_x(harness: Harness) -> None:
    cases = recurrences.negative(State(3), choices(20, recurrences.CASE))
    assert harness.recurrences(cases).tobytes() == cases.x.tobytes()
