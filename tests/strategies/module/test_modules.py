"""Modules: exact numbers, independent gradients, bodies that change their module."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from foricheck.cases.loop import Expression
from foricheck.cases.variants import STATIC, Variant
from foricheck.comparison.trees import difference
from foricheck.programs.expressions import assigned, expected
from foricheck.strategies.module import modules, state
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import of_callable

from ..draws import jax_loop

Strategy = Callable[[Any], Iterator[Expression]]

WITH_EXPECTED = (
    modules.calls,
    modules.composed,
    modules.differentiated,
    modules.functional,
    modules.trained,
    state.updated,
)
REFUSED = (state.assignments, state.advances)


def to_bfloat16(leaf: jax.Array) -> jax.Array:
    """A float32 rounded to the precision of bfloat16, which is less than that of TF32."""
    return jax.lax.reduce_precision(leaf, exponent_bits=8, mantissa_bits=7)


def rounding_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """A loop that rounds the carry before each iteration, and the cotangents."""
    rounded = lambda i, carry: body_fun(i, jax.tree.map(to_bfloat16, carry))  # noqa: E731
    return jax.lax.fori_loop(lower, upper, rounded, init_val)


def python_loop(lower: Any, upper: Any, body_fun: Any, init_val: Any) -> Any:
    """The documented loop in Python, which does not trace its body."""
    for i in range(lower, upper):
        init_val = body_fun(i, init_val)
    return init_val


def called_with(function: Callable[..., Any], case: Expression, variant: Variant = STATIC) -> Any:
    return JaxLoop(of_callable(function, array_namespace="jax"), variant).call_expression(case)


def cases_of(*strategies: Strategy) -> list[Any]:
    return [
        pytest.param(case, id=f"{strategy.__name__}-{place}")
        for strategy in strategies
        for place, case in enumerate(strategy(jax_loop()))
    ]


def trips(case: Expression) -> list[int]:
    return list(assigned(case.bounds, jnp).values())


class TestNumbers:
    @pytest.mark.parametrize("case", cases_of(*WITH_EXPECTED))
    def test_rounding_to_bfloat16_changes_nothing(self, case: Expression) -> None:
        got = called_with(rounding_loop, case, Variant("static", "with_jit"))
        assert difference(expected(case), got) is None

    def test_those_of_tied_layers_neither(self) -> None:
        (case,) = modules.tied(jax_loop())
        exact, rounded = (called_with(f, case) for f in (jax.lax.fori_loop, rounding_loop))
        assert difference(exact, rounded) is None

    def test_lengths_are_many_one_none_and_negative(self) -> None:
        lengths = [length for case in modules.calls(jax_loop()) for length in trips(case)]
        assert {0, 1} <= set(lengths)
        assert min(lengths) < 0
        assert max(lengths) > 3


class TestGradients:
    @pytest.mark.parametrize("case", cases_of(modules.differentiated))
    def test_the_expected_one_is_that_of_the_complex_step(self, case: Expression) -> None:
        # Squire and Trapp, Using complex variables to estimate derivatives, SIAM Review 40, 1998
        names = {"xp": np, "fori_loop": python_loop, **assigned(case.values, np)}
        names |= assigned(case.bounds, np)
        _, gradient = expected(case)
        for place in np.ndindex(2, 2):
            step = np.zeros((2, 2), np.complex128)
            step[place] = 1e-20j
            value, _ = eval(case.expected, names | {"W": names["W"] + step})
            assert value.imag / 1e-20 == pytest.approx(gradient[place])

    def test_zero_trips_are_among_them(self) -> None:
        assert any(trips(case) == [0] for case in modules.differentiated(jax_loop()))


class TestRefused:
    @pytest.mark.parametrize("case", cases_of(*REFUSED))
    def test_nothing_but_a_trace_makes_the_body_fail(self, case: Expression) -> None:
        called_with(python_loop, case)

    @pytest.mark.parametrize("case", cases_of(state.assignments_refused))
    def test_without_a_trace_the_assignment_is_seen(self, case: Expression) -> None:
        assert difference(expected(case), called_with(python_loop, case)) is not None

    def test_an_empty_range_is_among_them(self) -> None:
        assert any(trips(case) == [0] for case in state.assignments(jax_loop()))

    def test_the_error_is_that_of_flax(self) -> None:
        assert [error.__name__ for error in state.trace_errors()] == ["TraceContextError"]


class TestText:
    @pytest.mark.parametrize("case", cases_of(*WITH_EXPECTED, *REFUSED))
    def test_no_value_is_read_by_a_deprecated_name(self, case: Expression) -> None:
        assert not re.search(r"\.value\b", case.setup)
