"""Permuted carries: every dtype, with values that a bad copy loses."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

import numpy as np
import pytest

from foricheck.cases.arrays import DTYPES
from foricheck.cases.from_json import batch_from_json
from foricheck.cases.loop import PermutedBatch
from foricheck.cases.variants import PLAIN
from foricheck.conformance.zoo.right.numpy_loops import numpy_loop
from foricheck.evidence.script import describe, script
from foricheck.judging.checking import check
from foricheck.oracle.permutations import after
from foricheck.rules.selection import select
from foricheck.strategies.carry.permuted import cycles, leaves_of, permuted, simpler
from foricheck.targets.loading import of_callable
from foricheck.targets.numpy.loop import NumpyLoop
from foricheck.targets.wire.cases import of_permuted

LOOP = NumpyLoop(of_callable(numpy_loop, array_namespace="numpy"), PLAIN)
CASES = list(permuted(LOOP))
(RULE,) = select("CARRY-20", frozenset({"loop"}))
EVERY_DTYPE = pytest.mark.parametrize("dtype", DTYPES)


def bits(leaves: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [(leaf.dtype, leaf.shape, leaf.tobytes()) for leaf in leaves]


class TestCases:
    def test_there_are_few_since_each_is_compiled(self) -> None:
        assert len(CASES) <= 12

    def test_every_dtype_is_there(self) -> None:
        assert {leaf.dtype.name for leaf in CASES[-1].leaves} == set(DTYPES)

    def test_so_are_scalars_and_empty_leaves(self) -> None:
        assert {(), (0, 2)} <= {leaf.shape for leaf in CASES[-1].leaves}

    def test_leaves_that_change_places_have_one_type(self) -> None:
        for case in CASES:
            moved = [case.leaves[place] for place in case.permutation]
            types = [[(leaf.dtype, leaf.shape) for leaf in each] for each in (moved, case.leaves)]
            assert types[0] == types[1]

    def test_leaves_rest_swap_and_turn(self) -> None:
        assert {len(cycle) for cycle in cycles(CASES[-1].permutation)} == {1, 2, 3}

    def test_trip_counts_tell_powers_apart(self) -> None:
        assert {case.upper - case.lower for case in CASES} >= {0, 1, 2, 3, 7}

    def test_no_trip_count_is_a_multiple_of_an_order_and_of_a_length(self) -> None:
        assert all(
            after(case.lower, case.upper, case.permutation, range(len(case.leaves)))
            != tuple(range(len(case.leaves)))
            for case in CASES
            if case.upper > case.lower
        )

    def test_bounds_are_negative_and_large_too(self) -> None:
        assert min(case.lower for case in CASES) < 0
        assert {case.upper for case in CASES} >= {2**31 - 1, 2**40 + 3}

    @EVERY_DTYPE
    def test_no_two_leaves_of_a_dtype_agree(self, dtype: str) -> None:
        assert len({leaf.tobytes() for leaf in leaves_of(dtype)}) == 3

    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
    def test_floats_hold_what_gets_lost(self, dtype: str) -> None:
        leaf, about = leaves_of(dtype)[0], np.finfo(dtype)
        assert np.isnan(leaf).any()
        assert (np.signbit(leaf) & (leaf == 0)).any()
        assert {np.inf, -np.inf, about.max, about.min, about.smallest_subnormal} <= set(leaf)

    @pytest.mark.parametrize("dtype", ["int8", "uint32", "int64", "uint64"])
    def test_integers_hold_their_extremes(self, dtype: str) -> None:
        about = np.iinfo(dtype)
        assert {about.min, about.max} <= set(leaves_of(dtype)[0].tolist())


class TestTheCaseAsData:
    @pytest.mark.parametrize("case", CASES)
    def test_it_comes_back_from_json_bit_for_bit(self, case: PermutedBatch) -> None:
        back = batch_from_json(json.loads(json.dumps(case.to_json())))
        assert isinstance(back, PermutedBatch)
        assert bits(back.leaves) == bits(case.leaves)
        assert (back.dtype, back.lower, back.upper) == (case.dtype, case.lower, case.upper)
        assert back.permutation == case.permutation

    def test_it_is_one_case(self) -> None:
        assert len(CASES[0]) == len(CASES[0].lane(0)) == 1

    def test_over_the_wire_it_is_a_loop_that_permutes(self) -> None:
        case = of_permuted(CASES[1])
        assert (case["kind"], case["body"]) == ("loop", {"permute": [1, 0, 2]})
        assert case["upper"] == {"dtype": "int32", "shape": [], "hex": "03000000"}

    def test_the_description_has_the_permutation_and_the_leaves(self) -> None:
        lines = describe(CASES[0]).splitlines()
        assert lines[0] == "lower = 0, upper = 1 (int32), body: c ← (c[1], c[0])"
        assert lines[1].startswith("c[0] = np.array([np.nan, -0.0, np.inf, -np.inf, 0.1000")

    def test_one_leaf_is_a_tuple_too(self) -> None:
        case = PermutedBatch("int32", 0, 1, (0,), (np.array(1, np.int32),))
        assert describe(case).splitlines()[0].endswith("c ← (c[0],)")

    @pytest.mark.parametrize("case", CASES)
    def test_its_script_makes_the_very_call(self, case: PermutedBatch) -> None:
        got: list[Any] = []

        def fori_loop(lower: Any, upper: Any, body: Any, init: Any) -> Any:
            got.append((lower, upper, bits(init)))
            return numpy_loop(lower, upper, body, init)

        lines = script(LOOP.target, RULE, PLAIN, case)
        exec(lines, {"fori_loop": fori_loop, "print": got.append})  # trusted: written by the suite
        assert got[0] == (case.lower, case.upper, bits(case.leaves))
        expected = after(case.lower, case.upper, case.permutation, case.leaves)
        assert bits(got[1]) == bits(expected)


class TestSimplerCases:
    def test_they_are_made_of_whole_cycles(self) -> None:
        for case in simpler(CASES[-1]):
            found = cycles(case.permutation)
            assert sorted(chain.from_iterable(found)) == list(range(len(case.leaves)))

    def test_a_case_of_one_cycle_has_none(self) -> None:
        assert list(simpler(CASES[0])) == []

    def test_a_right_loop_passes_them_all(self) -> None:
        assert not any(check(RULE, LOOP, case).violation for case in simpler(CASES[3]))
