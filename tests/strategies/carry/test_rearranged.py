"""Rearranged carries: every order, and pairs of different carries."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest

from foricheck.cases.variants import STATIC
from foricheck.programs.expressions import assigned
from foricheck.strategies.carry import rearranged
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import of_callable

from ..draws import jax_loop


def carries_seen(case: Any) -> list[Any]:
    """The initial carries of the loops in a case."""
    seen = []

    def watching(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
        seen.append(init_val)
        return init_val

    JaxLoop(of_callable(watching, array_namespace="jax"), STATIC).call_expression(case)
    return seen


def structure(carry: Any) -> Any:
    """The containers of a carry."""
    return jax.tree.structure(carry)


class TestOrders:
    @pytest.mark.parametrize("container", [tuple, dict])
    def test_every_leaf_stands_in_every_place(self, container: type) -> None:
        carries = [
            carry
            for case in rearranged.in_other_orders(jax_loop())
            for carry in carries_seen(case)
            if type(carry) is container
        ]
        orders = [[str(leaf.aval) for leaf in jax.tree.leaves(carry)] for carry in carries]
        assert [set(place) for place in zip(*orders, strict=True)] == [set(orders[0])] * 3

    def test_the_given_order_comes_first(self) -> None:
        for case in rearranged.in_other_orders(jax_loop()):
            leaves = assigned(case.values, np)["leaves"]
            first = jax.tree.leaves(carries_seen(case)[0])
            assert [leaf.dtype for leaf in leaves] == [leaf.dtype for leaf in first]


class TestPairs:
    def test_each_runs_together_and_apart(self) -> None:
        for case in rearranged.together_and_apart(jax_loop()):
            together, *apart = carries_seen(case)
            assert structure(together) == structure(tuple(apart))

    def test_integers_that_float32_cannot_hold_stand_beside_floats(self) -> None:
        case = next(rearranged.together_and_apart(jax_loop()))
        values = assigned(case.values, np)
        assert values["q"].dtype == np.float32
        assert (values["p"].astype(np.float32) != values["p"]).any()
