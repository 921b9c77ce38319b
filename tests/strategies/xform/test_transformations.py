"""Expressions of the chapter XFORM: expected values depend on the loop; scripts are complete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from foricheck.cases.loop import Expression
from foricheck.cases.variants import STATIC, TRACED, Variant
from foricheck.comparison.trees import difference
from foricheck.evidence.script import script
from foricheck.programs import expressions
from foricheck.rules.draws import Enumerated
from foricheck.rules.selection import select
from foricheck.targets.jax.loop import JaxLoop
from foricheck.targets.loading import reference

RULES = {rule.id: rule for rule in select("XFORM", frozenset({"loop"}))}


def enumerated() -> Iterator[Any]:
    """Every enumerated expression of the chapter, in each variant for which it differs."""
    for rule in RULES.values():
        if isinstance(rule.draw, Enumerated):
            for variant in {variant.bounds: variant for variant in rule.variants}.values():
                for n, case in enumerate(rule.draw.batches(JaxLoop(reference(), variant))):
                    yield pytest.param(case, id=f"{rule.id}-{variant.bounds}-{n}")


def over_idle_loop(case: Expression) -> Any:
    """The expected value of a case if loops run no iteration."""
    names = expressions.scope(np) | {"fori_loop": lambda lower, upper, body, init: init}
    exec(f"{case.bounds}\n{case.values}\n{case.given}", names)
    return eval(case.expected.strip(), names)


def of_values(case: Expression) -> bool:
    """Whether a case is compared with the oracle's value instead of a shape or a Python loop."""
    return bool(case.expected) and "eval_shape" not in case.call


class TestExpectations:
    @pytest.mark.parametrize("case", [each for each in enumerated() if of_values(each.values[0])])
    def test_a_loop_that_runs_nothing_is_seen_unless_the_range_is_empty(
        self, case: Expression
    ) -> None:
        bounds = expressions.assigned(case.bounds, np)
        runs = np.any(bounds.get("lower", 0) < bounds.get("upper", 1))
        assert (difference(expressions.expected(case), over_idle_loop(case)) is not None) == runs

    def test_only_random_numbers_are_compared_with_something_else(self) -> None:
        without = {param.id[:8] for param in enumerated() if not param.values[0].expected}
        assert without == {"XFORM-12"}


class TestScripts:
    @pytest.mark.parametrize("id", RULES)
    def test_is_python(self, id: str) -> None:
        rule = RULES[id]
        variant: Variant = rule.variants[0]
        if isinstance(rule.draw, Enumerated):
            cases = list(rule.draw.batches(JaxLoop(reference(), variant)))
            for case in cases:
                compile(script(reference(), rule, variant, case), "<script>", "exec")

    @pytest.mark.parametrize(("id", "variant", "several"), [
        ("XFORM-08", STATIC, True), ("XFORM-03", TRACED, False),
    ])  # fmt: skip
    def test_has_several_devices_where_it_needs_them(
        self, id: str, variant: Variant, several: bool
    ) -> None:
        case = Expression(call="fori_loop(0, 1, body, c)")
        text = script(reference(), RULES[id], variant, case)
        assert ("device_count=2" in text) == several
