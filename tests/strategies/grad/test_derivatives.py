"""Expressions that differentiate: their coverage, and exactness in float32."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import Phase, given, settings

from foricheck.cases.loop import Expression
from foricheck.cases.variants import TRACED, Bounds, Variant
from foricheck.comparison.trees import difference
from foricheck.oracle.derivatives import unsigned_zeros
from foricheck.programs import expressions
from foricheck.rules.draws import Enumerated
from foricheck.rules.registry import all_rules
from foricheck.strategies.grad import polynomials
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import reference

EXACT = 2**24
WAYS: dict[Bounds, Variant] = {"static": Variant("static", "with_jit"), "traced": TRACED}
BOTH = pytest.mark.parametrize("bounds", WAYS)


def loop(bounds: Bounds) -> JaxLoop:
    return JaxLoop(reference(), WAYS[bounds])


def enumerated() -> Iterator[Any]:
    """The enumerated cases of the chapter that expect a value."""
    for rule in all_rules():
        if rule.chapter == "GRAD" and isinstance(rule.draw, Enumerated):
            for variant in {variant.bounds: variant for variant in rule.variants}.values():
                cases = rule.draw.batches(JaxLoop(reference(), variant))
                for n, case in enumerate(cases):
                    if isinstance(case, Expression) and case.expected:
                        yield pytest.param(case, id=f"{rule.id}-{variant.bounds}-{n}")


@cache
def drawn(strategy: Callable[[JaxLoop], Any], bounds: Bounds, count: int = 100) -> list[Expression]:
    found: list[Expression] = []

    @settings(max_examples=count, phases=[Phase.generate])
    @given(case=strategy(loop(bounds)))
    def draw(case: Expression) -> None:
        found.append(case)

    draw()
    return found


def magnitude(tree: Any) -> float:
    return max(float(np.abs(leaf).max()) for leaf in jax.tree.leaves(tree))


def majorant(case: Expression) -> Expression:
    """The case without minus signs at the largest index, which bounds all intermediates."""
    plain = replace(case, given=case.given.replace(" - ", " + "))
    largest = re.sub(r"\bi \*", "4 *", plain.given).replace("+ i", "+ 4").replace("i +", "4 +")
    return replace(plain, given=largest, values=case.values.replace("-", ""))


def max_hidden(text: str) -> str:
    return re.sub(r"b?float(16|32)", "float64", text).replace("complex64", "complex128")


@pytest.mark.parametrize("case", list(enumerated()))
def test_every_expectation_is_exact_in_its_dtype(case: Expression) -> None:
    wide = [max_hidden(text) for text in (case.given, case.values, case.expected)]
    widened = replace(case, given=wide[0], values=wide[1], expected=wide[2])
    one, other = (expressions.expected(each) for each in (case, widened))
    for narrow, exact in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        assert np.asarray(narrow).tolist() == np.asarray(exact).tolist()


class TestPolynomials:
    @BOTH
    def test_no_intermediate_is_rounded(self, bounds: Bounds) -> None:
        found = drawn(polynomials.polynomials, bounds)
        assert max(magnitude(expressions.expected(majorant(case))) for case in found) < EXACT

    def test_the_largest_body_is_not_rounded(self) -> None:
        largest = Expression(
            given="""\
def f(c, a):
    def body(i, c):
        x, y = c
        return x * y + i * x, x * x + i * y
    return fori_loop(lower, upper, body, c)
""",
            bounds="lower = 2\nupper = 5",
            values="a = c = t = s = xp.full(2, 2, xp.float32)\nc = t = (c, c)",
            call="",
            expected="[jvp(f, (c, a), (t, s)), vjp(f, c, a)[1](t)]",
        )
        assert magnitude(expressions.expected(majorant(largest))) < EXACT

    @BOTH
    def test_bodies_use_everything(self, bounds: Bounds) -> None:
        bodies = [case.given for case in drawn(polynomials.polynomials, bounds)]
        assert all(any(term in body for body in bodies) for term in polynomials._TERMS)

    @BOTH
    def test_there_are_one_to_three_trips(self, bounds: Bounds) -> None:
        ranges = [
            expressions.assigned(case.bounds, np) for case in drawn(polynomials.polynomials, bounds)
        ]
        assert {each["upper"] - each["lower"] for each in ranges} == {1, 2, 3}
        assert {each["lower"] for each in ranges} == {-1, 0, 1, 2}

    @pytest.mark.parametrize(("bounds", "modes"), [("static", 2), ("traced", 1)])
    def test_reverse_mode_takes_static_bounds(self, bounds: Bounds, modes: int) -> None:
        case = drawn(polynomials.polynomials, bounds, count=1)[0]
        assert len(expressions.expected(case)) == modes


class TestQuadratics:
    def in_numpy(self, case: Expression) -> tuple[Any, Any]:
        """The oracle's derivative, and the differences."""
        call = case.call.replace("jax.", "").replace("jacfwd", "grad")
        derivative, differences = expressions.expected(replace(case, expected=call))
        return derivative, differences

    @BOTH
    def test_central_differences_are_exact(self, bounds: Bounds) -> None:
        for case in drawn(polynomials.quadratics, bounds):
            derivative, differences = self.in_numpy(case)
            assert difference(unsigned_zeros(differences), unsigned_zeros(derivative)) is None

    @BOTH
    def test_no_intermediate_is_rounded(self, bounds: Bounds) -> None:
        for case in drawn(polynomials.quadratics, bounds):
            largest = majorant(case)
            value = replace(largest, expected="f(c + 1)", call="")
            assert magnitude([*self.in_numpy(largest), expressions.expected(value)]) < EXACT

    @BOTH
    def test_bodies_use_everything(self, bounds: Bounds) -> None:
        bodies = [case.given for case in drawn(polynomials.quadratics, bounds)]
        terms = (*polynomials._AFFINE, *polynomials._QUADRATIC)
        assert all(any(term in body for body in bodies) for term in terms)
