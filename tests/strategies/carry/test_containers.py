"""Carries: every container, every dtype and every change that must be refused."""

from __future__ import annotations

from collections import Counter
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import Phase, given, settings

from foricheck.cases.loop import Snippet
from foricheck.oracle.loop import CarryError
from foricheck.programs.containers import Pair, Point
from foricheck.programs.snippets import expected, parts
from foricheck.strategies.bound import bounds
from foricheck.strategies.carry import containers as carries

from ..draws import jax_loop

CONTAINERS = (tuple, list, dict, Pair, Point, type(None))


def drawn(count: int) -> list[Snippet]:
    """The first cases of nested carries."""
    found: list[Snippet] = []

    @settings(max_examples=count, phases=[Phase.generate])
    @given(case=carries.structures(jax_loop()))
    def draw(case: Snippet) -> None:
        found.append(case)

    draw()
    return found


def containers(tree: Any, depth: int = 1) -> list[tuple[type, int]]:
    """The type and depth of each container."""
    match tree:
        case None:
            return [(type(None), depth)]
        case dict():
            inside = list(tree.values())
        case Point():
            inside = [tree.x, tree.y]
        case tuple() | list():
            inside = list(tree)
        case _:
            return []
    below = [found for part in inside for found in containers(part, depth + 1)]
    return [(type(tree), depth), *below]


@pytest.fixture(scope="module")
def found() -> list[list[tuple[type, int]]]:
    """The containers of many nested carries."""
    return [containers(parts(case, np).init) for case in drawn(200)]


class TestNested:
    @pytest.mark.parametrize("container", CONTAINERS)
    def test_every_container_is_drawn(self, found: Any, container: type) -> None:
        assert Counter(kind for case in found for kind, _ in set(case))[container] >= 10

    @pytest.mark.parametrize("container", CONTAINERS)
    def test_every_container_is_drawn_inside_another(self, found: Any, container: type) -> None:
        inside = [any(kind is container and depth > 1 for kind, depth in case) for case in found]
        assert sum(inside) >= 3

    def test_some_are_three_deep(self, found: Any) -> None:
        assert sum(max(depth for _, depth in case) >= 3 for case in found) >= 10

    def test_every_carry_is_a_container(self, found: Any) -> None:
        assert all(found)

    def test_loops_with_trips_and_without_are_drawn(self) -> None:
        counts = Counter(int(case.upper) > int(case.lower) for case in drawn(60))
        assert min(counts[True], counts[False]) >= 5

    @settings(max_examples=40)
    @given(text=carries.nested())
    def test_every_expression_can_be_read(self, text: str) -> None:
        eval(text, {"Pair": Pair, "Point": Point, "xp": np})

    @settings(max_examples=30)
    @given(case=carries.structures(jax_loop()))
    def test_jax_has_the_same_leaves(self, case: Snippet) -> None:
        here, there = parts(case, np).init, parts(case, jnp).init
        assert len(jax.tree.leaves(here)) == len(jax.tree.leaves(there))


class TestLeaves:
    def test_every_dtype_without_64_bits_is_a_leaf(self) -> None:
        case = next(carries.every_dtype(jax_loop()))
        dtypes = {leaf.dtype.name for leaf in parts(case, np).init}
        signed, unsigned = ({f"{kind}{bits}" for bits in (8, 16, 32)} for kind in ("int", "uint"))
        assert {"bool", "float16", "float32", "complex64"} | signed | unsigned <= dtypes

    def test_scalars_and_empty_arrays_are_leaves(self) -> None:
        shapes = {leaf.shape for leaf in parts(next(carries.every_shape(jax_loop())), np).init}
        assert {(), (0,), (2, 0), (1,)} <= shapes

    @pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
    def test_special_numbers_are_passed_on(self, special: float) -> None:
        kept, _ = parts(next(carries.untouched(jax_loop())), np).init
        wide, half, *_ = kept
        for leaf in (wide, half):
            assert np.isin(special, leaf) or np.isnan(leaf).any()

    @pytest.mark.parametrize("sign", [False, True])
    def test_both_zeros_are_passed_on(self, sign: bool) -> None:
        kept, _ = parts(next(carries.untouched(jax_loop())), np).init
        for leaf in kept[:2]:
            assert ((leaf == 0) & (np.signbit(leaf) == sign)).any()

    def test_no_number_passed_on_is_subnormal(self) -> None:
        kept, _ = parts(next(carries.untouched(jax_loop())), np).init
        for leaf in kept[:2]:
            size = np.abs(leaf)
            assert not ((size > 0) & (size < np.finfo(leaf.dtype).smallest_normal)).any()


class TestChanges:
    @pytest.mark.parametrize(
        "name", ["dtype_changes", "shape_changes", "structure_changes", "without_trips"]
    )
    def test_the_oracle_refuses_every_one(self, name: str) -> None:
        for case in getattr(carries, name)(jax_loop()):
            with pytest.raises(CarryError):
                expected(case)

    @pytest.mark.parametrize("name", ["dtype_changes", "shape_changes", "structure_changes"])
    def test_they_are_made_in_a_loop_that_runs(self, name: str) -> None:
        for case in getattr(carries, name)(jax_loop()):
            assert int(case.upper) > int(case.lower)

    def test_those_without_trips_have_none(self) -> None:
        for case in carries.without_trips(jax_loop()):
            assert int(case.upper) <= int(case.lower)

    def test_some_would_be_forgiven_by_broadcasting(self) -> None:
        def broadcasts(case: Snippet) -> bool:
            made = parts(case, np)
            after = made.body(0, made.init)
            return np.broadcast_shapes(after.shape, made.init.shape) == made.init.shape

        cases = [case for case in carries.shape_changes(jax_loop()) if "(3,)" in case.init]
        assert any(broadcasts(case) for case in cases if "c[:2]" not in case.body
                   and "concatenate" not in case.body)  # fmt: skip

    def test_permutations_move_something(self) -> None:
        for case in carries.permutations(jax_loop()):
            made = parts(case, np)
            one, other = (jax.tree.leaves(each) for each in (made.init, made.body(0, made.init)))
            assert any((a != b).any() for a, b in zip(one, other, strict=True))


class TestBounds:
    def test_a_bound_is_written_in_every_way(self) -> None:
        cases = list(bounds.of_every_type(jax_loop()))
        kinds = {type(parts(case, np).lower) for case in cases}
        assert {int, np.int32, np.ndarray} == kinds

    def test_mismatches_are_of_two_dtypes(self) -> None:
        for case in bounds.mismatches(jax_loop()):
            made = parts(case, np)
            assert made.lower.dtype != made.upper.dtype
            assert bounds.dtypes_of(case) == (made.lower.dtype.name, made.upper.dtype.name)

    def test_vectors_are_no_scalars(self) -> None:
        for case in bounds.vectors(jax_loop()):
            made = parts(case, np)
            assert np.ndim(made.lower) + np.ndim(made.upper) > 0

    def test_the_index_is_added_to_a_carry_of_each_dtype(self) -> None:
        cases = [parts(case, np) for case in bounds.index_dtypes(jax_loop())]
        assert {case.init.dtype.name for case in cases} == set(jax_loop().dtypes)
        assert all(case.lower.dtype == case.init.dtype for case in cases)
